import type { Context } from "../../base/context.ts";
import { EXIT } from "../../base/exit.ts";
import { compareFindings, type Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { plural } from "../../base/text.ts";
import type { Consult } from "../../check/consumer/consult.ts";
import { askedOf } from "../../check/contract/asked.ts";
import { contractFor } from "../../check/contract/contract-for.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import type { Target } from "../../config/project.ts";
import { adopt, isAcceptable } from "../../contract/adopt.ts";
import { judge, type Sample } from "../../contract/judge.ts";
import { contractFile, type StoredContract, writeContract } from "../../contract/store.ts";
import { renderFindings } from "../../report/terminal.ts";
import { asConsumersJudge, withConsumers } from "../contracts/consumers.ts";
import { openTargets, type Seen, see } from "../contracts/live.ts";
import { shown } from "../contracts/text.ts";
import { sourcesOf } from "../reporting/sources.ts";
import { choose } from "./choose.ts";

export interface AcceptOptions {
  targets: readonly string[];
  env: string | undefined;
  samples: number;
  rule: readonly string[];
  path: readonly string[];
  fingerprint: readonly string[];
  all: boolean | undefined;
  dryRun: boolean | undefined;
  timeout: number | undefined;
}

/** A target whose live answers contradict its contract in something that can be accepted. */
interface Drifted {
  target: Target;
  contract: StoredContract;
  samples: readonly Sample[];
  findings: readonly Finding[];
}

/** `integ accept`: takes drift that the live answers show into the contracts, as much of it as is chosen. */
export async function run(options: AcceptOptions, ctx: Context): Promise<Result> {
  const { project, targets } = await openTargets(options.targets, options, ctx);
  const seen = await see(project, targets, options, ctx);
  const met = seen.flatMap(({ findings }) => findings);
  const drifted = await withConsumers(ctx, (consumers) => driftOf(seen, met, { consumers, cwd: ctx.cwd }));
  const troubles = applyRuleSeverities(met, project.config.rules);
  const offered = drifted.flatMap(({ findings }) => findings);
  const chosen = await choose(offered, options, ctx);
  const files = await write(drifted, chosen, options, ctx);
  return {
    findings: troubles,
    data: {
      dryRun: options.dryRun === true,
      files: files.map((file) => shown(file, ctx.cwd)),
      accepted: chosen,
      left: offered.filter((one) => !chosen.includes(one)),
    },
    text: ({ style, columns }) => {
      if (offered.length === 0 && troubles.length === 0) return style.green("no drift to accept");
      const done = options.dryRun ? "Would accept" : "Accepted";
      const lines = chosen.map(({ rule, message }) => `  ${message}  ${style.dim(rule)}`);
      const head =
        offered.length === 0
          ? "Nothing could be accepted"
          : `${done} ${plural(chosen.length, "change")} into ${plural(files.length, "contract")}`;
      const rest =
        troubles.length === 0
          ? ""
          : renderFindings(troubles, { style, columns, sources: sourcesOf(troubles, ctx.cwd) });
      return [head, ...lines, rest].filter((line) => line !== "").join("\n");
    },
    next:
      files.length > 0 && !options.dryRun
        ? ["next: review the contracts with git diff, and commit them"]
        : [],
    ...(seen.some(({ secretTrouble }) => secretTrouble) ? { exitCode: EXIT.secret } : {}),
  };
}

const isAlarm = ({ severity }: Finding): boolean => severity === "error" || severity === "warning";

/**
 * What can be accepted, as bad as our code finds it. Why an endpoint's contract is none to judge by, and drift that no contract can
 * hold, is added to `troubles`.
 */
async function driftOf(
  seen: readonly Seen[],
  troubles: Finding[],
  { consumers, cwd }: { consumers: Consult; cwd: string },
): Promise<Drifted[]> {
  const drifted: Drifted[] = [];
  for (const { target, samples } of seen) {
    if (samples.length === 0) continue;
    const found = await contractFor(askedOf(target, cwd));
    if (found.contract === undefined) {
      troubles.push(found.finding);
      continue;
    }
    const { contract } = found;
    const judged = judge({ contract, samples, target });
    const acceptable = judged.filter(isAcceptable);
    troubles.push(...judged.filter((one) => !isAcceptable(one) && isAlarm(one)));
    const findings = await asConsumersJudge(acceptable, { target, samples }, consumers);
    if (findings.length > 0)
      drifted.push({ target, contract, samples, findings: findings.sort(compareFindings) });
  }
  return drifted;
}

async function write(
  drifted: readonly Drifted[],
  chosen: readonly Finding[],
  { dryRun }: AcceptOptions,
  ctx: Context,
): Promise<string[]> {
  const files: string[] = [];
  for (const { target, contract, samples, findings } of drifted) {
    const own = findings.filter((one) => chosen.includes(one));
    if (own.length === 0) continue;
    const file = contractFile(target);
    files.push(file);
    ctx.signal.throwIfAborted();
    if (!dryRun) await writeContract(file, adopt(contract, samples, own));
  }
  return files;
}
