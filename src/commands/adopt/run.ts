import { join } from "node:path";
import type { Context } from "../../base/context.ts";
import { EXIT } from "../../base/exit.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result, Style } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { type SchemaLocator, schemaLocator } from "../../check/consumer/source/locate.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import { resolveTargets } from "../../config/targets.ts";
import { formatContract } from "../../contract/store.ts";
import { renderFindings } from "../../report/terminal.ts";
import type { FileChange } from "../../scaffold/changes.ts";
import { planNewVersion } from "../../scaffold/new-version.ts";
import { nextVersion } from "../../scaffold/versions.ts";
import { applyChanges } from "../scaffold/disk.ts";
import { changesData, NOTHING_WRITTEN, showChanges } from "../scaffold/show.ts";
import { checkVersion } from "../versions/add.ts";
import { filesBelow } from "../versions/usage.ts";
import { catalogChange, onTrial, openWorkspace, type Workspace } from "../versions/workspace.ts";
import { type Adopted, amend } from "./amend.ts";
import { type LookedAt, lookAt } from "./look.ts";

export interface AdoptOptions {
  integration: string;
  version: string | undefined;
  env: string | undefined;
  samples: number;
  dryRun: boolean | undefined;
  timeout: number | undefined;
}

/** The contracts of the new version. */
function contractChanges(looked: readonly LookedAt[], home: string, workspace: Workspace): FileChange[] {
  return looked.flatMap(({ target, contract }) => {
    if (!contract) return [];
    const path = `${home}/contract/${target.endpoint.name}.json`;
    return [{ path, before: workspace.read(path), after: formatContract(contract) }];
  });
}

interface Reader {
  file: string;
  line: number;
}

/** Lines of our code that read what has changed, as `check` found them. */
function readersOf({ evidence }: Finding): Reader[] {
  const places: unknown[] = Array.isArray(evidence?.readBy) ? evidence.readBy : [];
  return places.flatMap((place) => {
    if (typeof place !== "object" || place === null || !("file" in place) || !("line" in place)) return [];
    return [{ file: String(place.file), line: Number(place.line) }];
  });
}

/** What became of a drift: amended, a person's to look at, or of no concern to our schema. */
type Fate = "amended" | "look" | "contract";

function fateOf({ finding, said }: Adopted): Fate {
  if (said !== undefined) return "amended";
  return finding.severity === "info" ? "contract" : "look";
}

function outcome(adopted: Adopted): string {
  const { said, at } = adopted;
  const where = at ? `${at.file}:${at.line}  ` : "";
  switch (fateOf(adopted)) {
    case "amended":
      return `${where}${said}`;
    case "look":
      return `${where}look at it: nothing was amended for it`;
    case "contract":
      return at ? "in the contract; our schema takes it" : "in the contract; our schema does not need it";
  }
}

const FATES: readonly Fate[] = ["amended", "look", "contract"];

function overview(adopted: readonly Adopted[], style: Style): string {
  const rank = (one: Adopted) => FATES.indexOf(fateOf(one));
  return [...adopted]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((one) => [
      `${style.bold(neutralize(one.finding.message))}  ${style.dim(`${one.finding.endpoint}  ${one.finding.rule}`)}`,
      `  ${neutralize(outcome(one))}`,
      ...readersOf(one.finding).map(({ file, line }) => `  ${neutralize(file)}:${line}  reads it`),
    ])
    .join("\n");
}

/** The version after the active one that agrees with the API already: nobody wants the same one twice. */
async function alreadyIn(
  { project, integration: { name, active, versions } }: Workspace,
  options: AdoptOptions & { locator: SchemaLocator },
  ctx: Context,
): Promise<string | undefined> {
  const latest = versions.at(-1)?.name;
  if (options.version !== undefined || latest === undefined || latest === active) return undefined;
  const targets = resolveTargets(project, [`${name}@${latest}`], { env: options.env });
  const looked = await lookAt(project, targets, options, ctx);
  return looked.every(({ drift, troubles }) => drift.length + troubles.length === 0) ? latest : undefined;
}

/** `integ adopt`: drift becomes the next version of the module, beside the one that it broke. */
export async function run(options: AdoptOptions, ctx: Context): Promise<Result> {
  const workspace = await openWorkspace(options.integration, ctx);
  const { project, integration, place } = workspace;
  const { name, active } = integration;
  const to = checkVersion(options.version ?? nextVersion(integration));
  const targets = resolveTargets(project, [`${name}@${active}`], { env: options.env });
  const locator = schemaLocator();
  const looked = await lookAt(project, targets, { ...options, locator }, ctx);
  const troubles = applyRuleSeverities(
    looked.flatMap((one) => one.troubles),
    project.config.rules,
  );
  const secret = looked.some(({ secretTrouble }) => secretTrouble) ? { exitCode: EXIT.secret } : {};
  const dryRun = options.dryRun === true;
  const drifts = looked.some(({ drift }) => drift.length > 0);
  const same = drifts ? await alreadyIn(workspace, { ...options, locator }, ctx) : undefined;
  if (!drifts || same !== undefined) {
    const words = same === undefined ? "no drift to adopt" : `${name}@${same} is as the API is now`;
    return {
      findings: troubles,
      data: { integration: name, version: same, drift: [], ...changesData([], dryRun) },
      text: ({ style, columns }) =>
        troubles.length === 0
          ? style.green(words)
          : renderFindings(troubles, { style, columns, sources: new Map() }),
      next: same === undefined ? [] : [`next: integ versions canary ${name} ${same} 10%`],
      ...secret,
    };
  }
  const directory = integration.versions.find((one) => one.name === active)?.directory ?? "";
  const home = `${place.directory}/${name}`;
  const below = `${home}/${active}/`;
  const sources = (await filesBelow(project.root, directory)).filter(
    (path) => !path.startsWith(`${below}contract/`),
  );
  const { texts, adopted } = amend(
    looked,
    sources.filter((path) => /\.test\.ts$/.test(path)),
    {
      root: project.root,
      read: workspace.read,
      locator,
      renamed: (path) => (path.startsWith(below) ? `${home}/${to}/${path.slice(below.length)}` : undefined),
    },
  );
  const amended = { ...workspace, read: (path: string) => texts.get(path) ?? workspace.read(path) };
  const versions = [...integration.versions, { name: to, headers: {}, directory: join(directory, "..", to) }];
  const changes = [
    ...planNewVersion(amended, { from: active, to, sources }).changes,
    ...contractChanges(looked, `${home}/${to}`, workspace),
    await catalogChange(workspace, { ...onTrial(integration), versions }, ctx.clock.now()),
  ];
  ctx.signal.throwIfAborted();
  if (!dryRun) await applyChanges(project.root, changes);
  const drifted = looked.filter(({ drift }) => drift.length > 0).length;
  return {
    findings: troubles,
    data: {
      integration: name,
      version: to,
      drift: adopted.map((one) => ({
        ...one.finding,
        ...(one.at && one.said !== undefined ? { amended: { ...one.at, said: one.said } } : {}),
        ...(one.at && fateOf(one) === "look" ? { lookAt: one.at } : {}),
      })),
      ...changesData(changes, dryRun),
    },
    text: ({ style, columns }) =>
      [
        `${name}@${to} takes ${plural(adopted.length, "change")} of ${plural(drifted, "endpoint")} over`,
        showChanges(changes, dryRun, style),
        overview(adopted, style),
        ...(troubles.length > 0 ? [renderFindings(troubles, { style, columns, sources: new Map() })] : []),
      ].join("\n\n"),
    next: dryRun
      ? [NOTHING_WRITTEN]
      : [
          `next: run the tests of ${home}/${to}/, and integ check ${name}@${to}`,
          `next: integ versions canary ${name} ${to} 10%`,
        ],
    ...secret,
  };
}
