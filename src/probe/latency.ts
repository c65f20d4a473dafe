import type { Phases } from "../http/exchange.ts";
import { outliersOf, percentileInterval } from "./intervals.ts";
import type { Latency, ProbeResult, Sample } from "./result.ts";
import { median, sorted, summarizeLatency } from "./statistics.ts";

const CONNECTION_PHASES = ["dns", "connect", "tls"] as const;
const ANSWER_PHASES = ["ttfb", "download"] as const;

/** Whether a sample brought what was expected; others say nothing about latency. */
export function succeeded({ status, failure }: Sample, expected: readonly number[]): boolean {
  if (failure || status === undefined) return false;
  return expected.length > 0 ? expected.includes(status) : status >= 200 && status < 300;
}

function medianPhases(samples: readonly Sample[], names: readonly (keyof Phases)[]): Phases {
  const medians: Phases = {};
  for (const name of names) {
    const values: number[] = [];
    for (const { phases } of samples) {
      const ms = phases[name];
      if (ms !== undefined) values.push(ms);
    }
    const middle = median(values);
    if (middle !== undefined) medians[name] = middle;
  }
  return medians;
}

/** Samples that count for latency: the successful ones, or every answer where none was. */
export function measured({ samples, subject }: ProbeResult): Sample[] {
  const good = samples.filter((sample) => succeeded(sample, subject.expectStatus));
  return good.length > 0 ? good : samples.filter(({ failure }) => failure === undefined);
}

const totalsOf = (samples: readonly Sample[]) => sorted(samples.map(({ totalMs }) => totalMs));

/** Latency of a probe, cold and warm connections apart. */
export function latencyOf(result: ProbeResult): Latency {
  const samples = measured(result);
  const cold = samples.filter((sample) => sample.cold);
  const warm = samples.filter((sample) => !sample.cold);
  const of = warm.length > 0 ? "warm" : "cold";
  const totals = { cold: totalsOf(cold), warm: totalsOf(warm) };
  const summaries = { cold: summarizeLatency(totals.cold), warm: summarizeLatency(totals.warm) };
  const counting = totals[of];
  return {
    of,
    intervals: { p50: percentileInterval(counting, 0.5), p95: percentileInterval(counting, 0.95) },
    outliers: outliersOf(counting),
    summary: summaries[of],
    ...summaries,
    phases: {
      ...medianPhases(cold, CONNECTION_PHASES),
      ...medianPhases(of === "warm" ? warm : cold, ANSWER_PHASES),
    },
  };
}
