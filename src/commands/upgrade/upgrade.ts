import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result, Style } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { MANIFEST_FILE } from "../../config/find.ts";
import { loadProject } from "../../config/load.ts";
import type { Integration, Project } from "../../config/project.ts";
import { actionOf, type FileChange } from "../../scaffold/changes.ts";
import { generateModule, requestFacts, routerStateOf, type Sources } from "../../scaffold/generate.ts";
import {
  basePath,
  formatLock,
  LOCK_FILE,
  type Lock,
  type ModuleLock,
  parseLock,
  pristineOf,
  sha256,
} from "../../scaffold/lock.ts";
import { notesSince } from "../../scaffold/own/template.ts";
import { filesAfter, planUpgrade, type UpgradedFile, type UpgradeState } from "../../scaffold/upgrade.ts";
import { VERSION } from "../../version.ts";
import { sourcesOf } from "../scaffold/api.ts";
import { applyChanges, projectReader } from "../scaffold/disk.ts";
import { NOTHING_WRITTEN, showChanges } from "../scaffold/show.ts";
import { findIntegration } from "../versions/workspace.ts";
import { uncommitted } from "./git.ts";

export interface UpgradeOptions {
  integrations: string[];
  dryRun: boolean | undefined;
  force: boolean | undefined;
}

const MEANING: Readonly<Record<UpgradeState, string>> = {
  unchanged: "unchanged",
  replaced: "updated",
  merged: "merged with your edits",
  conflict: "CONFLICT: both sides stand in the file",
  unresolved: "CONFLICT: both sides still stand in the file, since an earlier upgrade",
  created: "created",
  removed: "removed: no longer generated",
  "kept-yours": "left as you have it",
  "stays-deleted": "stays deleted",
  "base-missing": "left as it is: its pristine copy in .integ-base is missing",
};

const isConflict = (state: UpgradeState) => state === "conflict" || state === "unresolved";

/** What a template's makers say to whoever comes from an older one. */
interface Note {
  integration: string;
  template: string;
  version: string;
  note: string;
}

interface Plan {
  files: UpgradedFile[];
  changes: FileChange[];
  notes: Note[];
}

/** The lock with templates as they were found now, and what their makers say about the way there. */
function repinned(name: string, lock: ModuleLock, sources: Sources): { lock: ModuleLock; notes: Note[] } {
  const notes = new Map<string, Note>();
  const versions = Object.entries(lock.versions).map(([version, answers]) => {
    const { own, pin } = sources.get(version) ?? {};
    if (!own || !pin || !answers.template) return [version, answers];
    for (const one of notesSince(own, answers.template.version)) {
      notes.set(one.version, { integration: name, template: own.name, ...one });
    }
    return [version, { ...answers, template: pin }];
  });
  return { lock: { ...lock, versions: Object.fromEntries(versions) }, notes: [...notes.values()] };
}

const notesText = (notes: readonly Note[]): string[] =>
  notes.map(
    ({ template, version, note }) =>
      `\n${neutralize(`${template} ${version}`)}\n${neutralize(note, { multiline: true })}`,
  );

async function planAll(
  project: Project,
  integrations: readonly Integration[],
  read: (path: string) => string | undefined,
  ctx: Context,
): Promise<Plan> {
  const lock: Lock = parseLock(read(LOCK_FILE));
  const directory = project.config.integrations.replace(/^\.\/|\/+$/g, "");
  const plan: Plan = { files: [], changes: [], notes: [] };
  for (const integration of integrations) {
    const known = lock.modules[integration.name];
    if (!known) continue;
    const home = `${directory}/${integration.name}`;
    const place = {
      name: integration.name,
      directory,
      environments: project.config.environments,
      facts: requestFacts(integration, pristineOf(known, `${home}/${MANIFEST_FILE}`, read)),
    };
    const where = { root: project.root, home, read };
    const sources = await sourcesOf(known, where, ctx);
    const generated = generateModule(place, known, routerStateOf(integration), sources);
    const next = repinned(integration.name, known, sources);
    plan.notes.push(...next.notes);
    const files = planUpgrade(known, generated, read);
    plan.files.push(...files);
    const bases = [...generated.values()].map((text): FileChange => {
      const path = basePath(sha256(text));
      return { path, before: read(path), after: text };
    });
    plan.changes.push(...files, ...bases);
    lock.modules[integration.name] = { ...next.lock, integ: VERSION, files: filesAfter(files) };
  }
  plan.changes.push({ path: LOCK_FILE, before: read(LOCK_FILE), after: formatLock(lock) });
  return plan;
}

function overview(files: readonly UpgradedFile[], style: Style): string {
  const told = files.filter(({ state }) => state !== "unchanged");
  if (told.length === 0) return "everything is up to date";
  return told
    .map(({ path, state }) => {
      const text = `${neutralize(path)}  ${MEANING[state]}`;
      return isConflict(state) ? style.red(text) : text;
    })
    .join("\n");
}

async function refuseDirty(root: string, ctx: Context): Promise<void> {
  const dirty = await uncommitted(root, ctx.signal);
  if (dirty.length === 0) return;
  const shown = dirty.slice(0, 3).join(", ");
  throw new UsageError(
    `${plural(dirty.length, "file")} with changes that are not committed (${shown}${dirty.length > 3 ? ", …" : ""}); nothing was written`,
    { code: "upgrade/dirty", hint: "commit or stash them, so that the upgrade can be undone; or --force" },
  );
}

/** `integ upgrade`. */
export async function run(options: UpgradeOptions, ctx: Context): Promise<Result> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const chosen =
    options.integrations.length === 0
      ? project.integrations
      : options.integrations.map((name) => findIntegration(project, name));
  const dryRun = options.dryRun === true;
  const { files, changes, notes } = await planAll(project, chosen, projectReader(project.root), ctx);
  const open = files.some((file) => actionOf(file) !== "keep");
  if (!dryRun && open && !options.force) await refuseDirty(project.root, ctx);
  ctx.signal.throwIfAborted();
  if (!dryRun) await applyChanges(project.root, changes);
  const conflicts = files.filter(({ state }) => isConflict(state)).length;
  return {
    data: {
      dryRun,
      conflicts,
      files: files.map(({ path, state }) => ({ path, state })),
      notes,
    },
    text: ({ style }) =>
      [
        overview(files, style),
        ...(dryRun && open ? [showChanges(changes, true, style)] : []),
        ...notesText(notes),
      ].join("\n"),
    ...(conflicts > 0 ? { exitCode: 1 } : {}),
    next: dryRun
      ? [NOTHING_WRITTEN]
      : conflicts > 0
        ? [`next: resolve ${plural(conflicts, "file")} with conflict markers, then run your tests`]
        : [],
  };
}
