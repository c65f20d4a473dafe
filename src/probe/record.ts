import type { History, ProbeRecord } from "../history/history.ts";
import { type CompareOptions, type Comparison, compareRuns, type RunSamples } from "./compare.ts";
import { toReport } from "./json.ts";
import { latencyOf, measured, succeeded } from "./latency.ts";
import type { ProbeResult, Sample } from "./result.ts";
import type { Subject } from "./subject.ts";

const PHASES = ["dns", "connect", "tls", "ttfb", "download"] as const;

/** Earlier runs that a run is compared with. */
export const BASELINE_RUNS = 20;

/** What runs of one subject are filed under: warm and cold figures are never compared with each other. */
export function historyKey({ target, label }: Subject, of: "warm" | "cold"): string {
  return `${label}${target ? ` ${target.environment.name}` : ""} ${of}`;
}

/** The samples that a run is compared by: its connections' phases from cold samples, the rest from those that count. */
export function samplesOf(result: ProbeResult): RunSamples {
  const { of } = latencyOf(result);
  const all = measured(result);
  const counting = all.filter(({ cold }) => cold === (of === "cold"));
  const valuesOf = (phase: (typeof PHASES)[number]) => {
    const from: Sample[] =
      phase === "ttfb" || phase === "download" ? counting : all.filter(({ cold }) => cold);
    return from.flatMap(({ phases }) => phases[phase] ?? []);
  };
  return {
    totals: counting.map(({ totalMs }) => totalMs),
    phases: Object.fromEntries(PHASES.map((phase) => [phase, valuesOf(phase)])),
  };
}

function outcomeOf(result: ProbeResult, comparison: Comparison | undefined): string {
  if (result.stop?.throttled) return "throttled";
  if (result.samples.some((sample) => !succeeded(sample, result.subject.expectStatus))) return "failing";
  return comparison?.verdict === "slower" ? "slower" : "ok";
}

/** A probe as history keeps it. */
export function toRecord(result: ProbeResult, comparison?: Comparison): ProbeRecord {
  const { subject, samples, last } = result;
  const { totals, phases } = samplesOf(result);
  const report = toReport(result);
  return {
    subject: historyKey(subject, latencyOf(result).of),
    startedAt: samples[0]?.startedAt ?? 0,
    ...(report.integration ? { integration: report.integration } : {}),
    ...(report.version ? { version: report.version } : {}),
    ...(report.environment ? { environment: report.environment } : {}),
    endpoint: report.endpoint,
    ...(last ? { status: last.status } : {}),
    samples: samples.length,
    errors: report.errors,
    outcome: outcomeOf(result, comparison),
    totals,
    phases: Object.fromEntries(Object.entries(phases).map(([name, values]) => [name, values ?? []])),
    report,
  };
}

/** A comparison with what came before; `confirmed` where the run before was slower too. */
export interface Compared extends Comparison {
  confirmed: boolean;
}

/** Compares a run with the last 20 good ones of its subject. */
export async function compareWithHistory(
  result: ProbeResult,
  history: History,
  options?: CompareOptions,
): Promise<Compared> {
  const key = historyKey(result.subject, latencyOf(result).of);
  const [baseline, [before]] = await Promise.all([
    history.runs(key, { limit: BASELINE_RUNS, outcome: "ok" }),
    history.runs(key, { limit: 1 }),
  ]);
  return { ...compareRuns(samplesOf(result), baseline, options), confirmed: before?.outcome === "slower" };
}
