import { percentile } from "./statistics.ts";

/** Where the true percentile lies, with a confidence of 95 %; `null`: on that side the samples set no bound. */
export interface Interval {
  low: number | null;
  high: number | null;
}

const TAIL = 0.025;

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x + 1), Lanczos' approximation. */
function logFactorial(x: number): number {
  const t = x + 7.5;
  const sum = LANCZOS.reduce(
    (total, coefficient, index) => (index === 0 ? coefficient : total + coefficient / (x + index)),
    0,
  );
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}

function logBinomial(n: number, k: number, share: number): number {
  return (
    logFactorial(n) -
    logFactorial(k) -
    logFactorial(n - k) +
    k * Math.log(share) +
    (n - k) * Math.log1p(-share)
  );
}

/** The largest k for which P(X < k) does not exceed `tail`, X binomial. */
function lowerRank(n: number, share: number, tail: number): number {
  let below = 0;
  for (let k = 0; k <= n; k++) {
    below += Math.exp(logBinomial(n, k, share));
    if (below > tail) return k;
  }
  return n;
}

/** Ranks of small sets: a check of many endpoints asks for the same few of them again and again. */
const ranks = new Map<number, Map<number, number>>();
const MOST_SETS = 250;

function knownLowerRank(n: number, share: number): number {
  const ofSet = ranks.get(n) ?? new Map<number, number>();
  if (ranks.size < MOST_SETS) ranks.set(n, ofSet);
  const rank = ofSet.get(share) ?? lowerRank(n, share, TAIL);
  ofSet.set(share, rank);
  return rank;
}

/**
 * Interval of a percentile by order statistics: how many samples lie below it is binomial, whatever the distribution. With
 * 20 samples it has no upper bound for p95: even the largest may lie below it.
 * @param ascending sorted samples
 */
export function percentileInterval(ascending: ArrayLike<number>, share: number): Interval {
  const n = ascending.length;
  if (n === 0) return { low: null, high: null };
  // The rank from above is the rank from below of the mirrored percentile.
  const low = knownLowerRank(n, share);
  const high = n + 1 - knownLowerRank(n, 1 - share);
  return {
    low: low >= 1 ? (ascending[low - 1] ?? null) : null,
    high: high <= n ? (ascending[high - 1] ?? null) : null,
  };
}

/** Samples beyond Q3 + 3 IQR: shown, never dropped. */
export function outliersOf(ascending: ArrayLike<number>): { beyond: number; values: number[] } {
  if (ascending.length < 4) return { beyond: Number.POSITIVE_INFINITY, values: [] };
  const [q1, q3] = [percentile(ascending, 0.25), percentile(ascending, 0.75)];
  const beyond = q3 + 3 * (q3 - q1);
  return { beyond, values: Array.from(ascending).filter((value) => value > beyond) };
}
