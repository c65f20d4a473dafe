import type { QuotaReading } from "../../quota/quota.ts";
import { readQuota } from "../../quota/read.ts";
import type { LimitReading } from "./limiter.ts";

/** `retry-after-ms` (Azure, OpenAI) is finer than `Retry-After` and goes first. */
function preciseHint(headers: Headers): number | undefined {
  const text = headers.get("retry-after-ms");
  const ms = text === null ? Number.NaN : Number(text);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Milliseconds until a spent quota is full again, where the provider says that and nothing plainer. */
function untilReset({ quotas, resetSeconds }: QuotaReading, now: number): number | undefined {
  const resets = quotas
    .filter(({ remaining }) => remaining === 0)
    .map(({ resetAt }) => Date.parse(resetAt ?? "") - now)
    .filter((ms) => ms > 0);
  if (resets.length > 0) return Math.max(...resets);
  return resetSeconds === undefined ? undefined : Math.max(0, resetSeconds * 1000);
}

/** What a response's status and headers say of the provider's limits. */
export function readLimits(response: Response, now: number): LimitReading {
  const { status, headers } = response;
  const reading = readQuota(Object.fromEntries(headers), { now, status });
  if (status < 400) return { quotas: reading.quotas, limited: false };
  const limited = status === 429 || (status < 500 && reading.blocked);
  const asked = reading.retryAfterSeconds;
  const waitMs =
    preciseHint(headers) ??
    (asked === undefined ? undefined : asked * 1000) ??
    (limited ? untilReset(reading, now) : undefined);
  return { quotas: reading.quotas, limited, waitMs };
}
