import { relative } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { suggest } from "../../base/suggest.ts";
import { neutralize } from "../../base/text.ts";
import { loadProject } from "../../config/load.ts";
import { dependsOn } from "../../config/package-name.ts";
import type { Project } from "../../config/project.ts";
import type { Answers } from "../../scaffold/answers.ts";
import { checkName } from "../../scaffold/names.ts";
import { planScaffold } from "../../scaffold/plan.ts";
import { findPreset, requirePreset } from "../../scaffold/preset.ts";
import { resolveSpec } from "../../scaffold/resolve.ts";
import type { ModuleSpec } from "../../scaffold/spec.ts";
import { presetNames } from "../../scaffold/templates.ts";
import { VERSION } from "../../version.ts";
import { run as addVersion } from "../versions/add.ts";
import { chooseOperations } from "./api.ts";
import { applyChanges, projectReader } from "./disk.ts";
import { changesData, NOTHING_WRITTEN, showChanges } from "./show.ts";

export interface ScaffoldOptions {
  name: string;
  preset: string | undefined;
  baseUrl: string | undefined;
  from?: string | undefined;
  operations?: string[] | undefined;
  set: string[];
  endpoint: string[];
  auth: string | undefined;
  envVar: string | undefined;
  with: string[];
  purpose: string | undefined;
  owner: string | undefined;
  /** A version beside those that are there. */
  version?: string | undefined;
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

function answersOf(
  options: ScaffoldOptions,
  preset: string | undefined,
  document: { from: string; names: readonly string[] } | undefined,
  extension: ".js" | ".ts",
): Answers {
  const { baseUrl, auth, envVar, purpose, owner } = options;
  return {
    ...(preset === undefined ? {} : { preset }),
    ...(document ? { from: document.from, operations: [...document.names] } : {}),
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

/** The preset that was named; without one that of the name, unless a document says what the API is. */
function presetFor({ name, preset, from, baseUrl }: ScaffoldOptions) {
  if (preset === undefined) {
    const found = from === undefined ? findPreset(name) : undefined;
    // Without an address the name can only be meant as a preset's: perhaps it is one letter off.
    const meant =
      found || from !== undefined || baseUrl !== undefined ? undefined : suggest(name, presetNames());
    if (meant === undefined) return found;
    throw new UsageError(`There is no preset for '${name}'`, {
      code: "scaffold/unknown-preset",
      hint: `did you mean \`${meant}\`?  any other API needs --base-url and --endpoint`,
    });
  }
  if (from === undefined) return requirePreset(preset);
  throw new UsageError("--preset and --from exclude each other", { code: "usage/exclusive" });
}

/** `integ scaffold`: plans a module, shows or writes it. */
export async function run(options: ScaffoldOptions, ctx: Context): Promise<Result> {
  checkName(options.name);
  if (options.version !== undefined && options.version !== "v1") {
    return addVersion({ integration: options.name, version: options.version, dryRun: options.dryRun }, ctx);
  }
  const preset = presetFor(options);
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const { root, config } = project;
  const read = projectReader(root);
  const directory = config.integrations.replace(/^\.\/|\/+$/g, "");
  const chosen = await chooseOperations(options, root, ctx);
  const answers = answersOf(options, preset?.name, chosen, importExtension(read));
  const surroundings = { name: options.name, version: "v1", environments: config.environments };
  const spec = resolveSpec(answers, { preset, api: chosen?.api }, surroundings);
  const changes = planScaffold({
    spec,
    answers,
    directory,
    existing: project.integrations.map(({ name }) => name),
    environments: project.config.environments.map(({ name }) => name),
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
      ...changesData(changes, dryRun),
    },
    text: ({ style }) => {
      const at = relative(ctx.cwd, root);
      const where = at === "" ? "" : `in ${neutralize(at)}:\n`;
      const note = preset?.note === undefined ? "" : `\nnote: ${preset.note}`;
      return where + showChanges(changes, dryRun, style) + (dryRun ? "" : note);
    },
    next: dryRun ? [NOTHING_WRITTEN] : await nextSteps(project, spec),
  };
}
