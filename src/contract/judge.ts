import { type Finding, finding, type Severity } from "../base/finding.ts";
import { neutralize, shellWord } from "../base/text.ts";
import type { Target } from "../config/project.ts";
import { assess } from "./judge/assess.ts";
import { type Book, ROOT } from "./judge/place.ts";
import { ResponseWatch, type Sample } from "./judge/response.ts";
import { discoveryThreshold } from "./judge/statistics.ts";
import type { Suspicion } from "./judge/suspicion.ts";
import { createWatch, type Watch, watch } from "./judge/watch.ts";
import { ruleOf } from "./rules/table.ts";
import type { StoredContract } from "./store.ts";

export { redirectOf } from "./judge/redirect.ts";
export type { Sample, WholeSample } from "./judge/response.ts";
export { sampleOf } from "./judge/sample.ts";

/** Whose answers they are; a target is one. */
export type Named = {
  readonly [part in "integration" | "version" | "environment" | "endpoint"]: Pick<Target[part], "name">;
};

interface JudgeContext {
  /** Whose answers they are; absent for a bare URL or a file. */
  target?: Named | undefined;
  /** Severities that the configuration sets. */
  rules?: Readonly<Record<string, Severity | "off">>;
}

export interface JudgeInput extends JudgeContext {
  contract: StoredContract;
  /** Live answers, in any order. */
  samples: readonly Sample[];
}

/** The share of false alarms among all drifts that are told by rates of presence. */
const FALSE_DISCOVERIES = 0.01;

/**
 * Judges live answers against a stored contract, by evidence: what a difference rests on (n recorded, k of them had it, m live,
 * x of them have it, probability p without drift) is in each finding. Certain drift has its rule's severity; what rests on
 * few samples is at most a warning, what may be chance an info. Pure; the same input gives the same findings.
 */
export function judge({ contract, samples, ...context }: JudgeInput): Finding[] {
  const judging = new Judging(contract);
  for (const sample of samples) judging.add(sample);
  return judging.findings(context);
}

/** `judge` for answers that come one after the other: none of them is kept. */
export class Judging {
  readonly #responses: ResponseWatch;
  readonly #root: Watch;
  #values = 0;

  constructor(contract: StoredContract) {
    this.#responses = new ResponseWatch(contract);
    this.#root = createWatch(contract.shape);
  }

  add(sample: Sample): void {
    const body = this.#responses.add(sample);
    if (body !== undefined) watch(this.#root, body.value, this.#values++);
  }

  findings({ target, rules = {} }: JudgeContext): Finding[] {
    const book: Book = { suspicions: [], tests: 0 };
    assess(this.#root, ROOT, book);
    const all = [...this.#responses.suspicions(), ...corrected(book)];
    return all.flatMap((one) => toFinding(one, target, rules));
  }
}

/** Rates are compared at many places at once: what is left of them when their number is taken into account. */
function corrected({ suspicions, tests }: Book): Suspicion[] {
  const ps = suspicions.flatMap(({ rate, evidence }) => (rate ? [evidence.p ?? 1] : []));
  const threshold = discoveryThreshold(ps, tests, FALSE_DISCOVERIES);
  return suspicions.map((one) =>
    one.rate && one.level !== "hint" && (one.evidence.p ?? 1) > threshold ? { ...one, level: "hint" } : one,
  );
}

function toFinding(
  { rule, level, message, discriminator, path, before, after, evidence }: Suspicion,
  target: Named | undefined,
  rules: Readonly<Record<string, Severity | "off">>,
): Finding[] {
  const set = rules[rule] ?? ruleOf(rule)?.severity.response ?? "warning";
  if (set === "off") return [];
  const severity = capped(set, level);
  return [
    finding(
      {
        rule,
        severity,
        message: neutralize(message),
        ...(target ? subjectOf(target) : {}),
        path,
        ...(before === undefined ? {} : { before: neutralize(before) }),
        ...(after === undefined ? {} : { after: neutralize(after) }),
        evidence: { ...evidence },
        ...helpFor(rule, path, severity, target),
      },
      discriminator,
    ),
  ];
}

function capped(severity: Severity, level: Suspicion["level"]): Severity {
  if (severity === "inconclusive" || level === "certain") return severity;
  if (level === "hint") return "info";
  return severity === "error" ? "warning" : severity;
}

/** The fields of a finding that say whose answer it is about. */
export function subjectOf({ integration, version, environment, endpoint }: Named) {
  return {
    integration: integration.name,
    version: version.name,
    environment: environment.name,
    endpoint: endpoint.name,
  };
}

function helpFor(
  rule: string,
  path: string,
  severity: Severity,
  target: Named | undefined,
): { help?: string } {
  if (severity === "inconclusive") {
    const todo = ruleOf(rule)?.todo;
    return todo === undefined ? {} : { help: todo };
  }
  if (target === undefined) return {};
  const label = `${target.integration.name}@${target.version.name}/${target.endpoint.name}`;
  return { help: `integ accept ${label} --rule ${rule} --path ${shellWord(path)}` };
}
