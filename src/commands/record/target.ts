import { existsSync } from "node:fs";
import type { Context } from "../../base/context.ts";
import type { Finding } from "../../base/finding.ts";
import type { Consult } from "../../check/consumer/consult.ts";
import type { Target } from "../../config/project.ts";
import { Judging, type Sample } from "../../contract/judge.ts";
import { Deepening, Recorder } from "../../contract/record.ts";
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

/** What there is of a target to record: `Seen`, with answers that need not all be in memory. They may be read more than once. */
export interface Answers extends Omit<Seen, "samples"> {
  samples: Iterable<Sample> | AsyncIterable<Sample>;
}

/** Records one target, or says why its contract stays as it is. */
export async function recordTarget(
  answers: Answers,
  wishes: Wishes,
  { signal, consumers }: Pick<Context, "signal"> & { consumers: Consult },
): Promise<Recorded> {
  const { target, findings: troubles } = answers;
  const file = contractFile(target);
  // A contract that cannot be read is no obstacle to starting over.
  const before = wishes.force ? undefined : await readContract(file);
  const decided = await (before === undefined ? start(answers, file) : goOn(before, answers, wishes));
  if (decided === undefined) return { target, file, state: "failed", samples: 0, findings: troubles };
  const { contract, state, samples } = decided;
  if (contract !== undefined && !wishes.dryRun) {
    signal.throwIfAborted();
    await writeContract(file, contract);
  }
  const findings = await asConsumersJudge(decided.findings, answers, consumers);
  return { target, file, state, samples, findings: [...troubles, ...findings] };
}

/** To learn what was unknown is no drift, and neither is what cannot be judged. */
const isDrift = ({ rule, severity }: Finding): boolean =>
  severity !== "inconclusive" && rule !== "contract/type-learned";

interface Decision {
  state: Recorded["state"];
  /** What is to be written; nothing where it is undefined. */
  contract?: StoredContract;
  /** Answers that the contract rests on; those seen now where it is kept. */
  samples: number;
  findings: readonly Finding[];
}

/** @returns undefined without an answer */
async function start({ target, samples }: Answers, file: string): Promise<Decision | undefined> {
  const recorder = new Recorder();
  for await (const sample of samples) recorder.add(sample);
  if (recorder.samples === 0) return undefined;
  const title = `${target.integration.name} ${target.endpoint.name}`;
  return {
    state: existsSync(file) ? "replaced" : "recorded",
    contract: recorder.contract({ request: requestLine(target), title }),
    samples: recorder.samples,
    findings: [],
  };
}

/** @returns undefined without an answer */
async function goOn(
  before: StoredContract,
  { target, samples: answers }: Answers,
  { deepen }: Wishes,
): Promise<Decision | undefined> {
  const judging = new Judging(before);
  const deepening = deepen ? new Deepening(before) : undefined;
  let samples = 0;
  for await (const sample of answers) {
    samples++;
    judging.add(sample);
    deepening?.add(sample);
  }
  if (samples === 0) return undefined;
  if (before.request !== requestLine(target))
    return { state: "other-request", samples, findings: [otherRequest(before, target)] };
  const findings = judging.findings({ target, rules: target.project.config.rules });
  if (findings.some(isDrift)) return { state: "drifted", samples, findings };
  const contract = deepening?.contract();
  if (contract === undefined || formatContract(contract) === formatContract(before))
    return { state: "unchanged", samples, findings };
  return { state: "deepened", contract, samples: contract.samples, findings };
}
