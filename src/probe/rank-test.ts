import { median, sorted } from "./statistics.ts";

/** Standard normal distribution's upper tail (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.min(1, Math.max(0, (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly));
}

/**
 * Two-sided Mann-Whitney U test with tie correction and continuity correction: the probability of a difference as large as
 * this, or larger, if both sets came from the same distribution. Makes no assumption about its form.
 * @returns 1 where either set is empty
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return 1;
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))];
  all.sort((x, y) => x.value - y.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end++;
    const size = end - start;
    ties += size ** 3 - size;
    const rank = (start + 1 + end) / 2;
    for (let at = start; at < end; at++) if (all[at]?.first) rankSum += rank;
    start = end;
  }
  const total = n + m;
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  const z = (Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * normalTail(Math.max(0, z)));
}

/** Differences of more pairs than this say nothing more about their median. */
const MOST = 400;

function thinned(values: readonly number[]): ReturnType<typeof sorted> {
  const ascending = sorted(values);
  if (ascending.length <= MOST) return ascending;
  return Float64Array.from(
    { length: MOST },
    (_, index) => ascending[Math.floor(((index + 0.5) / MOST) * ascending.length)] ?? 0,
  );
}

/** Hodges-Lehmann estimate of how far `b` is shifted from `a`: the median of all pairwise differences. */
export function hodgesLehmann(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [thinned(a), thinned(b)];
  const differences: number[] = [];
  for (const right of y) for (const left of x) differences.push(right - left);
  return median(differences) ?? 0;
}
