import { existsSync } from "node:fs";
import type { Context } from "../../base/context.ts";
import type { Finding } from "../../base/finding.ts";
import type { Consult } from "../../check/consumer/consult.ts";
import { askedOf } from "../../check/contract/asked.ts";
import { contractFor } from "../../check/contract/contract-for.ts";
import type { Target } from "../../config/project.ts";
import { Judging, type Sample } from "../../contract/judge.ts";
import { Deepening, Recorder } from "../../contract/record.ts";
import {
  contractFile,
  formatContract,
  requestLine,
  type StoredContract,
  writeContract,
} from "../../contract/store.ts";
import { asConsumersJudge } from "../contracts/consumers.ts";
import type { Seen } from "../contracts/live.ts";
import { type AnswerFiles, learn } from "./samples.ts";

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
export interface Answers extends Omit<Seen, "samples">, Partial<Pick<AnswerFiles, "texts">> {
  samples: Iterable<Sample> | AsyncIterable<Sample>;
}

/** Records one target, or says why its contract stays as it is. */
export async function recordTarget(
  answers: Answers,
  wishes: Wishes,
  { signal, cwd, consumers }: Pick<Context, "signal" | "cwd"> & { consumers: Consult },
): Promise<Recorded> {
  const { target, findings: troubles } = answers;
  const file = contractFile(target);
  const decided = await decide(answers, wishes, { file, cwd });
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
async function decide(
  answers: Answers,
  wishes: Wishes,
  { file, cwd }: { file: string; cwd: string },
): Promise<Decision | undefined> {
  // Whatever a contract says, or does not, is no obstacle to starting over.
  if (wishes.force) return start(answers, file);
  const found = await contractFor(askedOf(answers.target, cwd));
  if (found.contract !== undefined) return goOn(found.contract, answers, wishes);
  if (found.why === "not-recorded") return start(answers, file);
  const samples = await countOf(answers.samples);
  const state = found.why === "unreadable" ? "failed" : found.why;
  // Of another request nothing is said where there is nothing to record anyway; a broken file is to be mended in any case.
  return samples === 0 && found.why === "other-request"
    ? undefined
    : { state, samples, findings: [found.finding] };
}

async function countOf(samples: Answers["samples"]): Promise<number> {
  let count = 0;
  for await (const _ of samples) count++;
  return count;
}

/** @returns undefined without an answer */
async function start({ target, samples, texts }: Answers, file: string): Promise<Decision | undefined> {
  const recorder = new Recorder({ status: target.endpoint.expect.status[0] });
  // What is not judged need not be made into values.
  if (texts === undefined) for await (const sample of samples) recorder.add(sample);
  else await learn(texts(), recorder);
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
  const findings = judging.findings({ target, rules: target.project.config.rules });
  if (findings.some(isDrift)) return { state: "drifted", samples, findings };
  const contract = deepening?.contract();
  if (contract === undefined || formatContract(contract) === formatContract(before))
    return { state: "unchanged", samples, findings };
  return { state: "deepened", contract, samples: contract.samples, findings };
}
