import type { Context } from "../../base/context.ts";
import { EXIT } from "../../base/exit.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import { judge, subjectOf } from "../../contract/judge.ts";
import { contractFile, readContract, requestLine } from "../../contract/store.ts";
import { renderFindings } from "../../report/terminal.ts";
import { notRecorded, otherRequest } from "../contracts/findings.ts";
import { openTargets, type Seen, see } from "../contracts/live.ts";
import { acceptHint } from "../contracts/text.ts";
import type { DiffOptions } from "./run.ts";

/** What the live answers of targets say against their contracts. */
export async function diffTargets(options: DiffOptions, ctx: Context): Promise<Result> {
  const { project, targets } = await openTargets(options.targets, options, ctx);
  const seen = await see(project, targets, options, ctx);
  const judged = await Promise.all(seen.map(judgeSeen));
  const findings = seen.flatMap((one, index) => [...one.findings, ...(judged[index]?.findings ?? [])]);
  const drifted = judged.filter((one) => one.drifted).map(({ target }) => target);
  return {
    findings,
    data: {
      endpoints: seen.map(({ target, samples }) => ({ ...subjectOf(target), samples: samples.length })),
    },
    text: ({ style, columns }) => {
      const head = style.dim(`Compared ${plural(seen.length, "endpoint")} with their contracts`);
      return `${head}\n\n${renderFindings(findings, { style, columns, sources: new Map() })}`;
    },
    next: drifted.length > 0 ? [`next: ${acceptHint(drifted)}`] : [],
    ...(seen.some(({ secretTrouble }) => secretTrouble) ? { exitCode: EXIT.secret } : {}),
  };
}

async function judgeSeen({ target, samples }: Seen) {
  const contract = await readContract(contractFile(target));
  const none: Finding[] = [];
  if (contract === undefined) return { target, findings: [notRecorded(target)], drifted: false };
  if (contract.request !== requestLine(target)) {
    return { target, findings: [otherRequest(contract, target)], drifted: false };
  }
  if (samples.length === 0) return { target, findings: none, drifted: false };
  const findings = judge({ contract, samples, target, rules: target.project.config.rules });
  return { target, findings, drifted: findings.some(({ severity }) => severity !== "inconclusive") };
}
