import { relative } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../base/result.ts";
import { suggest } from "../../base/suggest.ts";
import { listOf, neutralize } from "../../base/text.ts";
import { loadProject } from "../../config/load.ts";
import { dependsOn } from "../../config/package-name.ts";
import type { Project } from "../../config/project.ts";
import { howToSet } from "../../config/secret-advice.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { formatContract, type StoredContract } from "../../contract/store.ts";
import type { TestRunner } from "../../scaffold/emit/assertions.ts";
import { WEBHOOK_SCHEMES } from "../../scaffold/emit/webhook.ts";
import { checkName } from "../../scaffold/names.ts";
import { observedAgain } from "../../scaffold/observed/again.ts";
import type { ApiSource } from "../../scaffold/openapi/source.ts";
import { planScaffold } from "../../scaffold/plan.ts";
import { findPreset, type Preset, requirePreset } from "../../scaffold/preset.ts";
import { resolveSpec } from "../../scaffold/resolve.ts";
import type { ModuleSpec } from "../../scaffold/spec.ts";
import { presetNames } from "../../scaffold/templates.ts";
import { VERSION } from "../../version.ts";
import { findTemplate } from "../templates/source.ts";
import { run as addVersion } from "../versions/add.ts";
import { answersOf, importExtension, type ScaffoldOptions } from "./answers.ts";
import { chooseOperations } from "./api.ts";
import { applyChanges, projectReader } from "./disk.ts";
import { type Observed, observe } from "./observe.ts";
import { changesData, NOTHING_WRITTEN, showChanges } from "./show.ts";

/** The packages that a module imports and the project does not have yet. */
async function missingPackages(root: string, runner: TestRunner): Promise<string | undefined> {
  const missing = async (names: readonly string[]) => {
    const there = await Promise.all(names.map((name) => dependsOn(root, name)));
    return names.filter((_, index) => !there[index]);
  };
  const needed = await missing(["integ", "zod"]);
  const tools = await missing(["msw", ...(runner === "vitest" ? ["vitest"] : [])]);
  const commands = [
    ...(needed.length > 0 ? [`npm install ${needed.join(" ")}`] : []),
    ...(tools.length > 0 ? [`npm install --save-dev ${tools.join(" ")}`] : []),
  ];
  return commands.length > 0 ? `next: ${commands.join(" && ")}` : undefined;
}

async function nextSteps(project: Project, spec: ModuleSpec, hasContracts: boolean): Promise<string[]> {
  const environment = resolveEnvironment(project);
  const [secret] = spec.secrets;
  const install = await missingPackages(project.root, spec.testRunner);
  return [
    ...(install === undefined ? [] : [install]),
    ...(secret ? [`next: ${howToSet(`${spec.name}/${secret.name}`, secret.env, environment)}`] : []),
    hasContracts
      ? `next: integ record ${spec.name} --deepen   rests the contracts on live answers`
      : `next: integ record ${spec.name}   stores what the API returns now as the contract`,
  ];
}

/** The flag that says what the API is. */
function sourceFlag({ from, fromHar, fromUrl = [] }: ScaffoldOptions): string | undefined {
  const given = [
    ...(from === undefined ? [] : ["--from"]),
    ...(fromHar === undefined ? [] : ["--from-har"]),
    ...(fromUrl.length === 0 ? [] : ["--from-url"]),
  ];
  if (given.length < 2) return given[0];
  throw new UsageError(`${listOf(given, "and")} exclude each other`, { code: "usage/exclusive" });
}

/** The preset that was named; without one that of the name, unless a document says what the API is. */
function presetFor(options: ScaffoldOptions): Preset | undefined {
  const { name, preset, baseUrl } = options;
  const source = sourceFlag(options);
  if (preset === undefined) {
    const found = source === undefined ? findPreset(name) : undefined;
    // Without an address the name can only be meant as a preset's: perhaps it is one letter off.
    const meant =
      found || source !== undefined || baseUrl !== undefined ? undefined : suggest(name, presetNames());
    if (meant === undefined) return found;
    throw new UsageError(`There is no preset for '${name}'`, {
      code: "scaffold/unknown-preset",
      hint: `did you mean \`${meant}\`?  any other API needs --base-url and --endpoint`,
    });
  }
  if (source === undefined) return requirePreset(preset);
  throw new UsageError(`--preset and ${source} exclude each other`, { code: "usage/exclusive" });
}

/** Path below the module → the contract that traffic gave, or the document promises. */
function contractTexts(
  { name }: ScaffoldOptions,
  {
    observed,
    api,
    exists,
  }: {
    observed: Observed | undefined;
    api: ApiSource | undefined;
    exists: (path: string) => boolean;
  },
): Map<string, string> {
  // What was recorded since is worth more than what was promised.
  const open = (endpoint: string) => observed !== undefined || !exists(`v1/contract/${endpoint}.json`);
  const promised = [...(api?.contracts ?? [])].map(([endpoint, one]): [string, StoredContract] => [
    endpoint,
    { ...one, title: `${name} ${endpoint}` },
  ]);
  const contracts = [...promised, ...(observed?.api.contracts ?? [])].filter(([endpoint]) => open(endpoint));
  return new Map(contracts.map(([name, one]) => [`v1/contract/${name}.json`, formatContract(one)]));
}

/** What a person has to know of the module before it works. */
function notesOf({ displayName, version, webhook }: ModuleSpec, preset: Preset | undefined): string {
  const unknown = webhook && "env" in webhook && !(webhook.scheme in WEBHOOK_SCHEMES);
  const notes = [
    ...(preset?.note === undefined ? [] : [preset.note]),
    ...(unknown
      ? [
          `integ does not know how ${displayName} signs its webhooks: say it in ${version}/webhook.ts, until then every delivery is refused.`,
        ]
      : []),
  ];
  return notes.map((note) => `\nnote: ${note}`).join("");
}

/** `integ scaffold`: plans a module, shows or writes it. */
export async function run(options: ScaffoldOptions, ctx: Context): Promise<Result> {
  checkName(options.name);
  if (options.version !== undefined && options.version !== "v1") {
    return addVersion(options.version, options, ctx);
  }
  const preset = presetFor(options);
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const { root, config } = project;
  const read = projectReader(root);
  const directory = config.integrations.replace(/^\.\/|\/+$/g, "");
  const document = await chooseOperations(options, root, ctx);
  const observed = await observe(options, ctx);
  const found =
    options.template === undefined
      ? undefined
      : await findTemplate(options.template, { root, cwd: ctx.cwd }, ctx);
  const sources = { preset, document, observed, found };
  const answers = answersOf(options, sources, importExtension(read));
  const surroundings = { name: options.name, version: "v1", environments: config.environments };
  const api = document?.api ?? (observed && observedAgain(answers, observed.api.schemas));
  const spec = resolveSpec(answers, { preset, api }, surroundings);
  const changes = planScaffold({
    spec,
    answers,
    directory,
    existing: project.integrations.map(({ name }) => name),
    environments: project.config.environments.map(({ name }) => name),
    integ: VERSION,
    today: new Date(ctx.clock.now()).toISOString().slice(0, 10),
    contracts: contractTexts(options, {
      observed,
      api,
      exists: (path) => read(`${directory}/${options.name}/${path}`) !== undefined,
    }),
    ...(found ? { templates: found.template.set } : {}),
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
      return where + showChanges(changes, dryRun, style) + (dryRun ? "" : notesOf(spec, preset));
    },
    next: dryRun
      ? [NOTHING_WRITTEN]
      : await nextSteps(project, spec, ((observed?.api ?? api)?.contracts.size ?? 0) > 0),
  };
}
