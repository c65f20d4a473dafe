import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { EXIT } from "../../base/exit.ts";
import type { Result } from "../../base/result.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import { renderFindings, renderTable } from "../../report/terminal.ts";
import { withConsumers } from "../contracts/consumers.ts";
import { openTargets } from "../contracts/live.ts";
import { acceptHint, shown } from "../contracts/text.ts";
import { sourcesOf } from "../reporting/sources.ts";
import { recordDeclared } from "./declared.ts";
import { recordFile } from "./file.ts";
import { source } from "./source.ts";
import { type Recorded, recordTarget } from "./target.ts";

export interface RecordOptions {
  targets: readonly string[];
  env: string | undefined;
  samples: number;
  force: boolean | undefined;
  deepen: boolean | undefined;
  /** Files with answers, in place of the network. */
  from?: readonly string[] | undefined;
  fromHar?: string | undefined;
  /** File or URL of a document whose promises are written down. */
  fromOpenapi?: string | undefined;
  allowRemoteRefs?: boolean | undefined;
  allowOutsideRefs?: boolean | undefined;
  /** Where the contract of `from` goes, with no project. */
  out?: string | undefined;
  dryRun: boolean | undefined;
  timeout: number | undefined;
}

const WORDS: Readonly<Record<Recorded["state"], string>> = {
  recorded: "recorded",
  replaced: "recorded anew",
  deepened: "more evidence",
  unchanged: "unchanged",
  drifted: "drifted, kept",
  "other-request": "kept: it is about another request",
  "other-source": "kept: the document says something else",
  failed: "not recorded",
};

/** `integ record`. Writes contracts; a contract that the live answers contradict stays as it is unless `--force` is given. */
export async function run(options: RecordOptions, ctx: Context): Promise<Result> {
  refuseSeveralSources(options);
  if (options.out !== undefined) return recordFile(options.out, options, ctx);
  const { project, targets } = await openTargets(options.targets, options, ctx);
  if (options.fromOpenapi !== undefined) {
    return resultOf(await recordDeclared(options.fromOpenapi, targets, options, ctx), options, ctx);
  }
  const seen = await source(project, targets, options, ctx);
  const recorded = await withConsumers(ctx, async (consumers) => {
    const all: Recorded[] = [];
    for (const one of seen) all.push(await recordTarget(one, options, { ...ctx, consumers }));
    return all;
  });
  return {
    ...resultOf(recorded, options, ctx),
    ...exitCode(seen.some(({ secretTrouble }) => secretTrouble)),
  };
}

/** Two sources would have to be mixed, and nobody could tell what the contract rests on. */
function refuseSeveralSources({ from = [], fromHar, fromOpenapi, out, deepen }: RecordOptions): void {
  const given = [
    ...(from.length > 0 ? ["--from"] : []),
    ...(fromHar === undefined ? [] : ["--from-har"]),
    ...(fromOpenapi === undefined ? [] : ["--from-openapi"]),
  ];
  const refuse = (first: string, second: string) => {
    throw new UsageError(`${first} and ${second} do not go together`, { code: "usage/sources" });
  };
  const [first, second] = given;
  if (first !== undefined && second !== undefined) refuse(first, second);
  if (out !== undefined && first !== undefined && first !== "--from") refuse(first, "--out");
  // A document is no evidence.
  if (deepen && first === "--from-openapi") refuse(first, "--deepen");
}

function resultOf(recorded: readonly Recorded[], options: RecordOptions, ctx: Context): Result {
  // Of several targets all are of one project.
  const rules = recorded[0]?.target.project.config.rules ?? {};
  const findings = applyRuleSeverities(
    recorded.flatMap((one) => one.findings),
    rules,
  );
  const drifted = recorded.filter(({ state }) => state === "drifted").map(({ target }) => target);
  return {
    findings,
    data: { dryRun: options.dryRun === true, contracts: recorded.map((one) => toJson(one, ctx.cwd)) },
    text: ({ style, columns }) => {
      const rows = recorded.map((one) => [
        one.target.label,
        WORDS[one.state],
        String(one.samples),
        shown(one.file, ctx.cwd),
      ]);
      const table = renderTable(["endpoint", "contract", "samples", "file"], rows, { style, columns });
      return findings.length === 0
        ? table
        : `${table}\n\n${renderFindings(findings, { style, columns, sources: sourcesOf(findings, ctx.cwd) })}`;
    },
    next: nextSteps(recorded, drifted.length > 0 ? acceptHint(drifted) : undefined),
  };
}

const exitCode = (secretTrouble: boolean): Pick<Result, "exitCode"> =>
  secretTrouble ? { exitCode: EXIT.secret } : {};

function toJson({ target, state, file, samples }: Recorded, cwd: string): Record<string, unknown> {
  const { integration, version, endpoint, environment } = target;
  return {
    integration: integration.name,
    version: version.name,
    environment: environment.name,
    endpoint: endpoint.name,
    state,
    samples,
    file: shown(file, cwd),
  };
}

function nextSteps(recorded: readonly Recorded[], accept: string | undefined): string[] {
  if (accept !== undefined) return [`next: ${accept}, or integ record --force to start over`];
  if (recorded.some(({ state }) => state === "other-source"))
    return ["next: integ diff judges the kept contracts by live answers; --force replaces them"];
  const wrote = recorded.some(({ state }) => state === "recorded" || state === "replaced");
  return wrote ? ["next: review and commit the contracts, then integ check"] : [];
}
