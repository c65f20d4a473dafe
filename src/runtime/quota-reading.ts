import type { LimitReading } from "./limiter.ts";

/** `Retry-After`: seconds, or an HTTP date. */
function retryAfterMs(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** `retry-after-ms` (Azure, OpenAI) is finer than `Retry-After` and goes first. */
function hintOf(headers: Headers, now: number): number | undefined {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  return Number.isFinite(ms) && ms >= 0 ? ms : retryAfterMs(headers.get("retry-after"), now);
}

/** What a response's status and headers say of the provider's limits. */
export function readLimits(response: Response, now: number): LimitReading {
  const waitMs = response.status >= 400 ? hintOf(response.headers, now) : undefined;
  return { quotas: [], limited: response.status === 429, waitMs };
}
