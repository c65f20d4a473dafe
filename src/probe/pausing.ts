import type { QuotaReading } from "../quota/quota.ts";
import type { Stop } from "./result.ts";

/** Why no more is asked after an answer that wants a pause, and until when. @param now epoch milliseconds */
export function pausing({ blocked, retryAfterSeconds, quotas }: QuotaReading, now: number): Stop {
  const why = { reason: "retry-after", throttled: blocked } as const;
  if (retryAfterSeconds === 0) return { ...why, atOnce: true };
  const resets = quotas.flatMap(({ resetAt }) => (resetAt === undefined ? [] : [Date.parse(resetAt)]));
  const until =
    retryAfterSeconds === undefined ? resets.sort((a, b) => a - b)[0] : now + retryAfterSeconds * 1000;
  return { ...why, ...(until === undefined ? {} : { until }) };
}
