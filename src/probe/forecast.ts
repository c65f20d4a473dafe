import type { Quota } from "../quota/quota.ts";

/** When a quota will be gone at the pace so far. */
export interface Forecast {
  /** Units a second. */
  pace: number;
  /** Seconds that the pace was seen over. */
  seenSeconds: number;
  /** ISO 8601; absent where it outlasts its window. */
  exhaustedAt?: string;
}

/** So much of the window must have passed before its pace says something. */
const LEAST_SHARE = 0.1;

/** A reading of one quota, and when it was taken, epoch milliseconds. */
export interface QuotaAt {
  quota: Quota;
  at: number;
}

/** Two readings closer than this tell how fast the probe itself is, not how fast the quota goes. */
const LEAST_SECONDS = 60;

/** Servers round their resets. */
const SAME_RESET_MS = 5000;

type Pace = Omit<Forecast, "exhaustedAt">;

function paceOfWindow(
  { limit, remaining, used, resetAt, windowSeconds }: Quota,
  now: number,
): Pace | undefined {
  if (windowSeconds === undefined || resetAt === undefined) return undefined;
  const spent = used ?? (limit !== undefined && remaining !== undefined ? limit - remaining : undefined);
  const elapsed = windowSeconds - (Date.parse(resetAt) - now) / 1000;
  if (spent === undefined || elapsed < windowSeconds * LEAST_SHARE) return undefined;
  return { pace: spent / elapsed, seenSeconds: elapsed };
}

/** Whether nothing was given back between two readings: same window, and no more remaining than before. */
function sameWindow(earlier: Quota, later: Quota): boolean {
  if (earlier.remaining === undefined || later.remaining === undefined) return false;
  if (earlier.remaining < later.remaining || earlier.limit !== later.limit) return false;
  if (earlier.resetAt === undefined || later.resetAt === undefined) return true;
  return Math.abs(Date.parse(earlier.resetAt) - Date.parse(later.resetAt)) <= SAME_RESET_MS;
}

/** The pace since the oldest reading of the same window. A reset that moves with each answer is of no window. */
function paceSince(quota: Quota, now: number, earlier: readonly QuotaAt[]): Pace | undefined {
  let oldest: QuotaAt = { quota, at: now };
  for (const reading of [...earlier].sort((a, b) => b.at - a.at)) {
    if (!sameWindow(reading.quota, oldest.quota)) break;
    oldest = reading;
  }
  const seenSeconds = (now - oldest.at) / 1000;
  if (seenSeconds < LEAST_SECONDS || oldest.quota.remaining === undefined || quota.remaining === undefined)
    return undefined;
  return { pace: (oldest.quota.remaining - quota.remaining) / seenSeconds, seenSeconds };
}

/**
 * Forecasts from the pace since earlier readings of the same window, or since the window began where the headers tell its
 * length.
 * @param now epoch milliseconds @param earlier readings of the same quota, in any order
 * @returns undefined where nothing tells the pace
 */
export function forecast(quota: Quota, now: number, earlier: readonly QuotaAt[] = []): Forecast | undefined {
  if (quota.remaining === undefined || quota.unit === "concurrent-requests") return undefined;
  const seen = paceSince(quota, now, earlier) ?? paceOfWindow(quota, now);
  if (seen === undefined) return undefined;
  const end = seen.pace > 0 ? now + (quota.remaining / seen.pace) * 1000 : Number.POSITIVE_INFINITY;
  const reset = quota.resetAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(quota.resetAt);
  const known = end < reset && end < 8.64e15;
  return { ...seen, ...(known ? { exhaustedAt: new Date(end).toISOString() } : {}) };
}
