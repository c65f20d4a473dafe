/** log n!, exact to 1e-8 by Stirling's series from 10 on. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  );
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/**
 * Fisher's exact test, one-sided: how likely it is that of `m` live values at most `x` have a property that `k` of `n` recorded
 * ones had, if nothing changed (the hypergeometric tail, given how many had it in all). Counts are rounded.
 */
export function fisher(given: { n: number; k: number; m: number; x: number }): number {
  const n = Math.round(given.n);
  const m = Math.round(given.m);
  const k = Math.min(n, Math.round(given.k));
  const x = Math.min(m, Math.round(given.x));
  if (n <= 0 || m <= 0) return 1;
  const total = logChoose(n + m, k + x);
  let p = 0;
  for (let i = Math.max(0, k + x - n); i <= x; i++) {
    p += Math.exp(logChoose(m, i) + logChoose(n, k + x - i) - total);
  }
  return Math.min(1, p);
}

/**
 * Benjamini and Hochberg's procedure: the largest p that still counts as a discovery among `tests` tests when at most the share
 * `q` of all discoveries may be false. 0 when none does.
 */
export function discoveryThreshold(ps: readonly number[], tests: number, q: number): number {
  const sorted = [...ps].sort((a, b) => a - b);
  let threshold = 0;
  for (const [index, p] of sorted.entries()) {
    if (p <= ((index + 1) / Math.max(tests, sorted.length)) * q) threshold = p;
  }
  return threshold;
}
