import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { didYouMean } from "../../base/suggest.ts";
import { CATALOG_FILE } from "../../config/catalog.ts";
import { MANIFEST_FILE } from "../../config/find.ts";
import { loadProject } from "../../config/load.ts";
import type { Integration, Project } from "../../config/project.ts";
import { updateCatalog } from "../../scaffold/catalog.ts";
import type { FileChange } from "../../scaffold/changes.ts";
import { requestFacts } from "../../scaffold/generate.ts";
import { LOCK_FILE, parseLock, pristineOf } from "../../scaffold/lock.ts";
import type { VersionsInput } from "../../scaffold/versions.ts";
import { linkedDirectory, rotationsToCome, rowOf } from "../catalog/rows.ts";
import { applyChanges, projectReader } from "../scaffold/disk.ts";
import { changesData, NOTHING_WRITTEN, showChanges } from "../scaffold/show.ts";

/** An integration of the project, and what planning its versions rests on. */
export interface Workspace extends VersionsInput {
  project: Project;
}

/** @throws UsageError with the closest name as its hint */
export function findIntegration(project: Project, name: string): Integration {
  const found = project.integrations.find((integration) => integration.name === name);
  if (found) return found;
  const names = project.integrations.map((integration) => integration.name);
  const hint = didYouMean(name, names, "integrations") ?? "integ scaffold makes the first one";
  throw new UsageError(`There is no integration '${name}'`, { code: "usage/unknown-integration", hint });
}

export async function openWorkspace(name: string, ctx: Context): Promise<Workspace> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const { root, config } = project;
  const integration = findIntegration(project, name);
  const directory = linkedDirectory(project);
  const read = projectReader(root);
  const known = parseLock(read(LOCK_FILE)).modules[name];
  const pristine = known && pristineOf(known, `${directory}/${name}/${MANIFEST_FILE}`, read);
  const facts = requestFacts(integration, pristine);
  return { project, integration, place: { name, directory, environments: config.environments, facts }, read };
}

/** @throws UsageError with the versions that there are */
export function mustHave({ name, versions }: Integration, version: string): void {
  const names = versions.map((one) => one.name);
  if (names.includes(version)) return;
  const hint = didYouMean(version, names, "versions");
  throw new UsageError(`There is no ${name}@${version}`, { code: "usage/unknown-version", hint });
}

/** The canary, to be kept as it is. */
export function onTrial({ canary }: Integration): Pick<Integration, "canary"> {
  return canary ? { canary } : {};
}

/** INTEGRATIONS.md with an integration's row as it will be. */
export async function catalogChange(
  { project, read, place, integration }: Workspace,
  after: Partial<Pick<Integration, "active" | "canary" | "versions">>,
  now: number,
): Promise<FileChange> {
  const { canary: _, ...steady } = integration;
  const row = rowOf({ ...steady, ...after }, project, await rotationsToCome(project, now));
  const before = read(CATALOG_FILE);
  const where = { directory: place.directory, today: new Date(now).toISOString().slice(0, 10) };
  return { path: CATALOG_FILE, before, after: updateCatalog(before, row, where) };
}

/** Writes a plan, or shows it. */
export async function finish(
  { project, integration }: Workspace,
  changes: readonly FileChange[],
  options: { dryRun: boolean | undefined; said: string; next: readonly string[] },
  ctx: Context,
): Promise<Result> {
  const dryRun = options.dryRun === true;
  ctx.signal.throwIfAborted();
  if (!dryRun) await applyChanges(project.root, changes);
  return {
    data: { integration: integration.name, ...changesData(changes, dryRun) },
    text: ({ style }) =>
      dryRun ? showChanges(changes, true, style) : `${options.said}\n${showChanges(changes, false, style)}`,
    next: dryRun ? [NOTHING_WRITTEN] : options.next,
  };
}
