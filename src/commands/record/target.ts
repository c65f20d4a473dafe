import { existsSync } from "node:fs";
import type { Context } from "../../base/context.ts";
import type { Finding } from "../../base/finding.ts";
import type { Consult } from "../../check/consumer/consult.ts";
import type { Target } from "../../config/project.ts";
import { judge } from "../../contract/judge.ts";
import { deepenContract, recordContract } from "../../contract/record.ts";
import {
  contractFile,
  formatContract,
  readContract,
  requestLine,
  type StoredContract,
  writeContract,
} from "../../contract/store.ts";
import { asConsumersJudge } from "../contracts/consumers.ts";
import { otherRequest } from "../contracts/findings.ts";
import type { Seen } from "../contracts/live.ts";

/** What became of one target's contract. */
export interface Recorded {
  target: Target;
  file: string;
  state:
    | "recorded"
    | "replaced"
    | "deepened"
    | "unchanged"
    | "drifted"
    | "other-request"
    | "other-source"
    | "failed";
  /** Answers that the contract rests on; those seen now where it was kept. */
  samples: number;
  findings: readonly Finding[];
}

interface Wishes {
  force: boolean | undefined;
  deepen: boolean | undefined;
  dryRun: boolean | undefined;
}

/** Records one target, or says why its contract stays as it is. */
export async function recordTarget(
  seen: Seen,
  wishes: Wishes,
  { signal, consumers }: Pick<Context, "signal"> & { consumers: Consult },
): Promise<Recorded> {
  const { target, samples } = seen;
  const file = contractFile(target);
  if (samples.length === 0) return { target, file, state: "failed", samples: 0, findings: seen.findings };
  // A contract that cannot be read is no obstacle to starting over.
  const before = wishes.force ? undefined : await readContract(file);
  const decided = before === undefined ? start(seen, file) : goOn(before, seen, wishes);
  if (decided.contract !== undefined && !wishes.dryRun) {
    signal.throwIfAborted();
    await writeContract(file, decided.contract);
  }
  const findings = await asConsumersJudge(decided.findings, seen, consumers);
  const rests = decided.contract?.samples ?? samples.length;
  return {
    target,
    file,
    state: decided.state,
    samples: rests,
    findings: [...seen.findings, ...findings],
  };
}

/** To learn what was unknown is no drift, and neither is what cannot be judged. */
const isDrift = ({ rule, severity }: Finding): boolean =>
  severity !== "inconclusive" && rule !== "contract/type-learned";

interface Decision {
  state: Recorded["state"];
  /** What is to be written; nothing where it is undefined. */
  contract?: StoredContract;
  findings: readonly Finding[];
}

function start({ target, samples }: Seen, file: string): Decision {
  const request = requestLine(target);
  return {
    state: existsSync(file) ? "replaced" : "recorded",
    contract: recordContract(samples, {
      request,
      title: `${target.integration.name} ${target.endpoint.name}`,
    }),
    findings: [],
  };
}

function goOn(before: StoredContract, seen: Seen, { deepen }: Wishes): Decision {
  const { target, samples } = seen;
  if (before.request !== requestLine(target))
    return { state: "other-request", findings: [otherRequest(before, target)] };
  const findings = judge({ contract: before, samples, target, rules: target.project.config.rules });
  const drift = findings.filter(isDrift);
  if (drift.length > 0) return { state: "drifted", findings };
  if (!deepen) return { state: "unchanged", findings };
  const contract = deepenContract(before, samples);
  const changed = formatContract(contract) !== formatContract(before);
  return changed ? { state: "deepened", contract, findings } : { state: "unchanged", findings };
}
