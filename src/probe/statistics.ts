/** The fewest samples from which a percentile says something: below, the figure would be the maximum under another name. */
export const LEAST_SAMPLES = { p50: 1, p95: 20, p99: 100 } as const;

/** Figures of one set of latencies, milliseconds. `null`: too few samples for this percentile. */
export interface LatencySummary {
  n: number;
  min: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

/** Sorted copy, as every function below wants it; one value is sorted as it is. */
export function sorted(values: readonly number[]): readonly number[] | Float64Array {
  return values.length < 2 ? values : new Float64Array(values).sort();
}

/**
 * Exact percentile of raw samples by the nearest-rank rule: the smallest sample that at least `share` of all do not exceed.
 * @param ascending not empty
 */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * ascending.length - 1e-9));
  return ascending[Math.min(rank, ascending.length) - 1] ?? Number.NaN;
}

/** Median; the mean of the two middle values where their number is even. */
export function median(values: readonly number[]): number | undefined {
  if (values.length < 2) return values[0];
  const ascending = sorted(values);
  const middle = ascending.length >> 1;
  const upper = ascending[middle] ?? Number.NaN;
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Percentiles of latencies, those refused for which there are too few. @param ascending sorted samples */
export function summarizeLatency(ascending: ArrayLike<number>): LatencySummary {
  const n = ascending.length;
  const at = (share: number, least: number) => (n >= least ? percentile(ascending, share) : null);
  return {
    n,
    min: n > 0 ? (ascending[0] ?? null) : null,
    p50: at(0.5, LEAST_SAMPLES.p50),
    p95: at(0.95, LEAST_SAMPLES.p95),
    p99: at(0.99, LEAST_SAMPLES.p99),
    max: n > 0 ? (ascending[n - 1] ?? null) : null,
  };
}
