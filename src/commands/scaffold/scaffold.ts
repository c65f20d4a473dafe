import { relative } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result, Style } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { loadProject } from "../../config/load.ts";
import { dependsOn } from "../../config/package-name.ts";
import type { Project } from "../../config/project.ts";
import type { Answers } from "../../scaffold/answers.ts";
import { actionOf, type FileChange, unifiedDiff } from "../../scaffold/changes.ts";
import { BASE_DIRECTORY } from "../../scaffold/lock.ts";
import { checkName } from "../../scaffold/names.ts";
import { planScaffold } from "../../scaffold/plan.ts";
import { findPreset, requirePreset } from "../../scaffold/preset.ts";
import { resolveSpec } from "../../scaffold/resolve.ts";
import type { ModuleSpec } from "../../scaffold/spec.ts";
import { VERSION } from "../../version.ts";
import { applyChanges, projectReader } from "./disk.ts";

export interface ScaffoldOptions {
  name: string;
  preset: string | undefined;
  baseUrl: string | undefined;
  set: string[];
  endpoint: string[];
  auth: string | undefined;
  envVar: string | undefined;
  with: string[];
  purpose: string | undefined;
  owner: string | undefined;
  dryRun: boolean | undefined;
}

/** Projects whose compiler takes `.ts` in imports, as Node's own type stripping needs it; others write `.js`. */
function importExtension(read: (path: string) => string | undefined): Answers["importExtension"] {
  const compiler = read("tsconfig.json") ?? "";
  const wantsTs = /"(allowImportingTsExtensions|rewriteRelativeImportExtensions)"\s*:\s*true/.test(compiler);
  return wantsTs ? ".ts" : ".js";
}

function parseSettings(texts: readonly string[]): Record<string, string> {
  const entries = texts.map((text): [string, string] => {
    const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new UsageError(`--set '${text}': expected NAME=VALUE`, { code: "scaffold/set" });
  });
  return Object.fromEntries(entries);
}

function answersOf(options: ScaffoldOptions, preset: string | undefined, extension: ".js" | ".ts"): Answers {
  const { baseUrl, auth, envVar, purpose, owner } = options;
  return {
    ...(preset === undefined ? {} : { preset }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(options.set.length === 0 ? {} : { set: parseSettings(options.set) }),
    endpoints: options.endpoint,
    ...(auth === undefined ? {} : { auth }),
    ...(envVar === undefined ? {} : { variable: envVar }),
    ...(purpose === undefined ? {} : { purpose }),
    owner: owner ?? "Engineering",
    with: options.with.includes("webhook") ? ["webhook"] : [],
    importExtension: extension,
  };
}

const WORDS = { create: "created", update: "updated", remove: "removed", keep: "left as it is" } as const;

function summary(changes: readonly FileChange[], dryRun: boolean, style: Style): string {
  const open = changes.filter((change) => actionOf(change) !== "keep");
  if (open.length === 0) return "everything is there already; nothing to do";
  // Pristine copies are ours; a person reviews the rest.
  const shown = open.filter(({ path }) => !path.startsWith(`${BASE_DIRECTORY}/`));
  if (dryRun) return shown.map((change) => coloured(unifiedDiff(change), style)).join("\n");
  const lines = shown.map(
    (change) => `${style.green(WORDS[actionOf(change)].padEnd(8))} ${neutralize(change.path)}`,
  );
  const copies = open.length - shown.length;
  if (copies > 0) {
    const what = `${plural(copies, "pristine copy", "pristine copies")} in ${BASE_DIRECTORY}/`;
    lines.push(`${style.green("created ")} ${what}`);
  }
  return lines.join("\n");
}

function coloured(diff: string, style: Style): string {
  return neutralize(diff, { multiline: true })
    .split("\n")
    .map((line) =>
      /^(---|\+\+\+) /.test(line)
        ? style.bold(line)
        : line.startsWith("+")
          ? style.green(line)
          : line.startsWith("-")
            ? style.red(line)
            : line,
    )
    .join("\n");
}

/** The packages that a module imports and the project does not have yet. */
async function missingPackages(root: string): Promise<string | undefined> {
  const missing = async (names: readonly string[]) => {
    const there = await Promise.all(names.map((name) => dependsOn(root, name)));
    return names.filter((_, index) => !there[index]);
  };
  const needed = await missing(["integ", "zod"]);
  const tools = await missing(["msw", "vitest"]);
  const commands = [
    ...(needed.length > 0 ? [`npm install ${needed.join(" ")}`] : []),
    ...(tools.length > 0 ? [`npm install --save-dev ${tools.join(" ")}`] : []),
  ];
  return commands.length > 0 ? `next: ${commands.join(" && ")}` : undefined;
}

async function nextSteps(project: Project, spec: ModuleSpec): Promise<string[]> {
  const environment = project.config.defaultEnvironment;
  const [secret] = spec.secrets;
  const install = await missingPackages(project.root);
  return [
    ...(install === undefined ? [] : [install]),
    ...(secret ? [`next: integ secrets set ${spec.name}/${secret.name} --env ${environment}`] : []),
    `next: integ record ${spec.name}   stores what the API returns now as the contract`,
  ];
}

/** `integ scaffold`: plans a module, shows or writes it. */
export async function run(options: ScaffoldOptions, ctx: Context): Promise<Result> {
  checkName(options.name);
  const preset = options.preset === undefined ? findPreset(options.name) : requirePreset(options.preset);
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const { root, config } = project;
  const read = projectReader(root);
  const directory = config.integrations.replace(/^\.\/|\/+$/g, "");
  const answers = answersOf(options, preset?.name, importExtension(read));
  const surroundings = { name: options.name, version: "v1", environments: config.environments };
  const spec = resolveSpec(answers, preset, surroundings);
  const changes = planScaffold({
    spec,
    answers,
    directory,
    existing: project.integrations.map(({ name }) => name),
    integ: VERSION,
    today: new Date(ctx.clock.now()).toISOString().slice(0, 10),
    read,
  });
  const dryRun = options.dryRun === true;
  ctx.signal.throwIfAborted();
  if (!dryRun) await applyChanges(root, changes);
  return {
    data: {
      integration: spec.name,
      version: spec.version,
      root,
      dryRun,
      files: changes.map((change) => ({ path: change.path, action: actionOf(change) })),
    },
    text: ({ style }) => {
      const at = relative(ctx.cwd, root);
      const where = at === "" ? "" : `in ${neutralize(at)}:\n`;
      return where + summary(changes, dryRun, style);
    },
    next: dryRun ? ["nothing was written (--dry-run)"] : await nextSteps(project, spec),
  };
}
