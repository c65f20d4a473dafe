/** How alike items of one page are assumed to be: 0 means independent, 1 means that a page is one observation. */
export const CORRELATION = 0.1;

/**
 * How many independent observations `count` values from `responses` responses are worth: items of one page share their
 * account, filter and moment (design effect of cluster samples, Kish 1965).
 */
export function effective(count: number, responses: number): number {
  if (responses <= 0 || count <= responses) return count;
  const perResponse = count / responses;
  return Math.max(responses, count / (1 + (perResponse - 1) * CORRELATION));
}

/** Distinct values, times they came: what enum closure is decided on. */
export interface ValueCounts {
  distinct: number;
  once: number;
  twice: number;
}

export function valueCounts(values: ReadonlyMap<string, number>): ValueCounts {
  let once = 0;
  let twice = 0;
  for (const times of values.values()) {
    if (times === 1) once++;
    else if (times === 2) twice++;
  }
  return { distinct: values.size, once, twice };
}

/** Fewest independent observations on which a set of values is taken for complete. */
export const ENUM_MINIMUM = 30;

/**
 * Whether the values seen are all there are: few against the observations, unseen mass (Good-Turing, f1/n) at most 1 %, and
 * Chao1's estimate of how many there are within half of one of those seen.
 */
export function isClosed({ distinct, once, twice }: ValueCounts, n: number): boolean {
  if (n < ENUM_MINIMUM || distinct === 0 || distinct > Math.max(2, Math.sqrt(n))) return false;
  if (once / n > 0.01) return false;
  return (once * once) / (2 * Math.max(twice, 1)) < 0.5;
}
