import type { Context } from "../../base/context.ts";
import { ConfigError, UsageError } from "../../base/errors.ts";
import { EXIT } from "../../base/exit.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { listOf, neutralize, plural } from "../../base/text.ts";
import { formatContract } from "../../contract/store.ts";
import { renderFindings } from "../../report/terminal.ts";
import type { Answers } from "../../scaffold/answers.ts";
import type { FileChange } from "../../scaffold/changes.ts";
import { generateVersion, specOf } from "../../scaffold/generate.ts";
import { LOCK_FILE } from "../../scaffold/lock.ts";
import { type Made, planNewVersion } from "../../scaffold/new-version.ts";
import { requirePreset } from "../../scaffold/preset.ts";
import { moduleLock } from "../../scaffold/versions.ts";
import { documentAnswers, type ScaffoldOptions } from "../scaffold/answers.ts";
import { type ChosenOperations, chooseOperations, sourcesOf } from "../scaffold/api.ts";
import { findTemplate } from "../templates/source.ts";
import { changesBetween } from "./changes-between.ts";
import { filesBelow } from "./usage.ts";
import { catalogChange, finish, onTrial, openWorkspace, type Workspace } from "./workspace.ts";

/** @throws UsageError where it is no version's name */
export function checkVersion(version: string): string {
  if (/^v[1-9]\d{0,5}$/.test(version)) return version;
  throw new UsageError(`--version '${version}' is not a version such as v2`, { code: "usage/invalid-value" });
}

/** Flags that say what a module is, and so have been answered by its first version. */
const ANSWERED = {
  fromHar: "--from-har",
  fromUrl: "--from-url",
  baseUrl: "--base-url",
  set: "--set",
  endpoint: "--endpoint",
  auth: "--auth",
  envVar: "--env-var",
  with: "--with",
  testRunner: "--test-runner",
  purpose: "--purpose",
  owner: "--owner",
} as const satisfies Partial<Record<keyof ScaffoldOptions, string>>;

function refuseAnswered(options: ScaffoldOptions): void {
  const given = Object.entries(ANSWERED).flatMap(([name, flag]) => {
    const value: unknown = Reflect.get(options, name);
    return value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [flag];
  });
  if (given.length === 0) return;
  throw new UsageError(`${listOf(given, "and")} cannot be said of a later version`, {
    code: "usage/exclusive",
    hint: "the new version begins with what the active one has: edit it, and its manifest, afterwards",
  });
}

/** What the version that the new one begins with was made from. */
function answersOf({ place, read }: Workspace, version: string): Answers {
  const answers = moduleLock(read, place.name).versions[version];
  if (answers) return answers;
  throw new ConfigError(`${LOCK_FILE} does not know ${place.name}@${version}`, { code: "scaffold/lock" });
}

/** The version as a newer document, or the preset of today, makes it; nothing where its code is copied. */
async function make(
  workspace: Workspace,
  { from, to, preset, template }: { from: string; to: string } & Pick<ScaffoldOptions, "preset" | "template">,
  document: ChosenOperations | undefined,
  ctx: Context,
): Promise<Made | undefined> {
  if (preset === undefined && template === undefined && document === undefined) return undefined;
  const { place, read, project } = workspace;
  const lock = moduleLock(read, place.name);
  const { seen: _, ...before } = answersOf(workspace, from);
  const found =
    template === undefined
      ? undefined
      : await findTemplate(template, { root: project.root, cwd: ctx.cwd }, ctx);
  const wanted = {
    ...before,
    ...(found ? { template: found.pin } : {}),
    ...(preset === undefined ? {} : { preset: requirePreset(preset).name }),
    ...(document ? documentAnswers(document) : {}),
  };
  const next = { ...lock, versions: { [to]: wanted } };
  const where = { root: project.root, home: `${place.directory}/${place.name}`, read };
  const sources = await sourcesOf(next, where, ctx);
  const { pin } = sources.get(to) ?? {};
  return {
    spec: specOf(place, next, to, sources),
    answers: { ...wanted, ...(pin ? { template: pin } : {}) },
    files: generateVersion(place, next, to, sources),
  };
}

/** `integ scaffold NAME --version v2`: from the active version's code, edits included. */
export async function run(version: string, options: ScaffoldOptions, ctx: Context): Promise<Result> {
  checkVersion(version);
  refuseAnswered(options);
  const workspace = await openWorkspace(options.name, ctx);
  const { integration, project, place } = workspace;
  const { name, active: from } = integration;
  const directory = integration.versions.find((one) => one.name === from)?.directory ?? "";
  const home = `${place.directory}/${name}/${from}`;
  const sources = (await filesBelow(project.root, directory)).filter(
    (path) => !path.startsWith(`${home}/contract/`),
  );
  const operations = options.operations?.length ? options.operations : operationsBefore(workspace, options);
  const document = await chooseOperations({ ...options, operations }, project.root, ctx);
  const made = await make(workspace, { ...options, from, to: version }, document, ctx);
  const planned = planNewVersion(workspace, { from, to: version, sources, ...(made ? { made } : {}) });
  const differences = document
    ? await changesBetween(workspace, from, answersOf(workspace, from), document, ctx)
    : [];
  const versions = [...integration.versions, { name: version, headers: {}, directory }];
  const changes = [
    ...planned.changes,
    ...promisedContracts(workspace, version, document),
    await catalogChange(workspace, { ...onTrial(integration), versions }, ctx.clock.now()),
  ];
  const conflicts = planned.files.filter(({ state }) => state === "conflict");
  const said = made
    ? `${name}@${version} is made anew, with the edits of ${name}@${from}`
    : `${name}@${version} begins as ${name}@${from} is`;
  const next = [
    conflicts.length > 0
      ? `next: resolve ${plural(conflicts.length, "file")} with conflict markers, then run your tests`
      : `next: edit ${place.directory}/${name}/${version}/ and its headers in integration.yaml`,
    `next: integ record ${name}@${version}`,
    `next: integ versions canary ${name} ${version} 10%`,
  ];
  const result = await finish(workspace, changes, { dryRun: options.dryRun, said, next }, ctx);
  return {
    ...result,
    data: { ...result.data, ...(document ? { changes: differences } : {}), conflicts: conflicts.length },
    text: (print) =>
      [
        result.text?.(print) ?? "",
        ...conflicts.map(({ path }) => print.style.red(`CONFLICT: both sides stand in ${neutralize(path)}`)),
        ...(document ? [changesText(differences, `${name}@${from}`, print)] : []),
      ].join("\n"),
    ...(conflicts.length > 0 ? { exitCode: EXIT.findings } : {}),
  };
}

/** What the newer document promises, as the contracts of the version that is made from it. */
function promisedContracts(
  { place, read }: Workspace,
  version: string,
  document: ChosenOperations | undefined,
): FileChange[] {
  return [...(document?.api.contracts ?? [])].map(([endpoint, contract]) => {
    const path = `${place.directory}/${place.name}/${version}/contract/${endpoint}.json`;
    return {
      path,
      before: read(path),
      after: formatContract({ ...contract, title: `${place.name} ${endpoint}` }),
    };
  });
}

/** Those of the older version, where it was made from a document too. */
function operationsBefore(workspace: Workspace, { from }: ScaffoldOptions): string[] | undefined {
  if (from === undefined) return undefined;
  return answersOf(workspace, workspace.integration.active).operations;
}

function changesText(
  changes: readonly Finding[],
  before: string,
  { style, columns }: Parameters<NonNullable<Result["text"]>>[0],
): string {
  if (changes.length === 0) return `\nnothing changes for what ${before} asks`;
  const head = `\n${plural(changes.length, "change")} from ${before}:\n`;
  return `${head}\n${renderFindings(changes, { style, columns, sources: new Map() })}`;
}
