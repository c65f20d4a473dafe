import type { Quota } from "../quota/quota.ts";

/** When a quota will be gone at the pace so far. */
export interface Forecast {
  /** Units a second. */
  pace: number;
  /** ISO 8601; absent where it outlasts its window. */
  exhaustedAt?: string;
}

/** So much of the window must have passed before its pace says something. */
const LEAST_SHARE = 0.1;

function paceOfWindow(
  { limit, remaining, used, resetAt, windowSeconds }: Quota,
  now: number,
): number | undefined {
  if (windowSeconds === undefined || resetAt === undefined) return undefined;
  const spent = used ?? (limit !== undefined && remaining !== undefined ? limit - remaining : undefined);
  const elapsed = windowSeconds - (Date.parse(resetAt) - now) / 1000;
  return spent === undefined || elapsed < windowSeconds * LEAST_SHARE ? undefined : spent / elapsed;
}

function paceSince(quota: Quota, earlier: { quota: Quota; at: number }, now: number): number | undefined {
  const seconds = (now - earlier.at) / 1000;
  const before = earlier.quota.remaining;
  // More remaining than before: a window ended in between.
  if (seconds <= 0 || before === undefined || quota.remaining === undefined || quota.remaining > before)
    return undefined;
  return (before - quota.remaining) / seconds;
}

/**
 * Forecasts from the pace since an earlier reading, or since the window began where the headers tell its length.
 * @param now epoch milliseconds @param earlier a reading of the same quota, and when it was taken
 * @returns undefined where nothing tells the pace
 */
export function forecast(
  quota: Quota,
  now: number,
  earlier?: { quota: Quota; at: number },
): Forecast | undefined {
  const pace = (earlier && paceSince(quota, earlier, now)) ?? paceOfWindow(quota, now);
  if (pace === undefined || quota.remaining === undefined || quota.unit === "concurrent-requests")
    return undefined;
  const end = pace > 0 ? now + (quota.remaining / pace) * 1000 : Number.POSITIVE_INFINITY;
  const reset = quota.resetAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(quota.resetAt);
  const known = end < reset && end < 8.64e15;
  return { pace, ...(known ? { exhaustedAt: new Date(end).toISOString() } : {}) };
}
