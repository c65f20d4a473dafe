import type { Context } from "../../base/context.ts";
import { EXIT } from "../../base/exit.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import type { Consult } from "../../check/consumer/consult.ts";
import { askedOf } from "../../check/contract/asked.ts";
import { contractFor } from "../../check/contract/contract-for.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import type { Target } from "../../config/project.ts";
import { judge, subjectOf } from "../../contract/judge.ts";
import { renderFindings } from "../../report/terminal.ts";
import { bodiesOf, withConsumers } from "../contracts/consumers.ts";
import { openTargets, type Seen, see } from "../contracts/live.ts";
import { acceptHint } from "../contracts/text.ts";
import { sourcesOf } from "../reporting/sources.ts";
import type { DiffOptions } from "./run.ts";

/** What the live answers of targets say against their contracts. */
export async function diffTargets(options: DiffOptions, ctx: Context): Promise<Result> {
  const { project, targets } = await openTargets(options.targets, options, ctx);
  const seen = await see(project, targets, options, ctx);
  const judged = await judgeAll(seen, ctx);
  const found = judged.flatMap(({ findings }, index) => [...(seen[index]?.findings ?? []), ...findings]);
  const findings = applyRuleSeverities(unique(found), project.config.rules);
  const drifted = judged.filter((one) => one.drifted).map(({ target }) => target);
  return {
    findings,
    data: {
      endpoints: seen.map(({ target, samples }) => ({ ...subjectOf(target), samples: samples.length })),
    },
    text: ({ style, columns }) => {
      const head = style.dim(`Compared ${plural(seen.length, "endpoint")} with their contracts`);
      return `${head}\n\n${renderFindings(findings, { style, columns, sources: sourcesOf(findings, ctx.cwd) })}`;
    },
    next: drifted.length > 0 ? [`next: ${acceptHint(drifted)}`] : [],
    ...(seen.some(({ secretTrouble }) => secretTrouble) ? { exitCode: EXIT.secret } : {}),
  };
}

/** What several endpoints came to, such as one module that cannot be loaded, counts once. */
const unique = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((one) => [one.fingerprint, one])).values(),
];

interface Judged {
  target: Target;
  findings: readonly Finding[];
  drifted: boolean;
}

/** Judges as `integ check` does: by evidence, and then by the schemas that our code reads the answers with. */
async function judgeAll(seen: readonly Seen[], ctx: Context): Promise<Judged[]> {
  return withConsumers(ctx, (consumers) =>
    Promise.all(seen.map((one) => judgeSeen(one, consumers, ctx.cwd))),
  );
}

async function judgeSeen({ target, samples }: Seen, consumers: Consult, cwd: string): Promise<Judged> {
  const found = await contractFor(askedOf(target, cwd));
  if (found.contract === undefined) return { target, findings: [found.finding], drifted: false };
  const { contract } = found;
  if (samples.length === 0) return { target, findings: [], drifted: false };
  const drift = judge({ contract, samples, target });
  const findings = await consumers.impact(target, drift, await bodiesOf(samples));
  return { target, findings, drifted: drift.some(({ severity }) => severity !== "inconclusive") };
}
