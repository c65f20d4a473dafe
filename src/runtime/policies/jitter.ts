/** Milliseconds: the first backoff's ceiling, doubled with every retry, never above `LONGEST_BACKOFF`. */
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 8000;

/**
 * How long to wait before a retry when the provider does not say: full jitter, that is anything between nothing and
 * `min(0.5 s * 2^n, 8 s)`. The ceiling is that of the Stainless SDKs (openai-node, src/client.ts); full jitter spreads
 * callers that failed together further than the quarter of jitter they use.
 * @param retry counts from 0
 * @param random 0 ≤ r < 1
 */
export function backoff(retry: number, random: () => number): number {
  return random() * Math.min(FIRST_BACKOFF * 2 ** retry, LONGEST_BACKOFF);
}
