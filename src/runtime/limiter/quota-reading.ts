import type { QuotaReading } from "../../quota/quota.ts";
import { readQuota } from "../../quota/read.ts";
import { mayTellOfQuota } from "../../quota/relevance.ts";
import type { ResponseHead } from "../exchange/transport.ts";
import type { Clock } from "../time/clock.ts";
import type { LimitReading } from "./permit.ts";

type Head = Pick<ResponseHead, "status" | "headers">;

/** `retry-after-ms` (Azure, OpenAI) is finer than `Retry-After` and goes first. */
function preciseHint(headers: Head["headers"]): number | undefined {
  const text = headers["retry-after-ms"];
  const ms = text === undefined ? Number.NaN : Number(text);
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

const NOTHING: LimitReading = { quotas: [], limited: false };

function saysNothing({ status, headers }: Head): boolean {
  if (status >= 400) return false;
  for (const name in headers) if (mayTellOfQuota(name)) return false;
  return true;
}

/** What a response's status and headers say of the provider's limits. */
export function readLimits(head: Head, clock: Clock): LimitReading {
  if (saysNothing(head)) return NOTHING;
  const { status, headers } = head;
  const now = clock.now();
  const reading = readQuota(headers, { now, status });
  if (status < 400) return { quotas: reading.quotas, limited: false };
  const limited = status === 429 || (status < 500 && reading.blocked);
  const asked = reading.retryAfterSeconds;
  const waitMs =
    preciseHint(headers) ??
    (asked === undefined ? undefined : asked * 1000) ??
    (limited ? untilReset(reading, now) : undefined);
  return { quotas: reading.quotas, limited, waitMs };
}
