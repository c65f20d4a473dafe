import type { Quota, QuotaReading } from "../quota/quota.ts";

/** Why a request may not be sent now. */
export interface Refusal {
  reason: "reserve" | "retry-after";
  /** Epoch milliseconds from which it may be; undefined where the provider does not say. */
  until?: number;
  quota?: Quota;
}

/** What is known of one credential's quotas. */
export interface KnownQuota {
  quotas: readonly Quota[];
  /** Epoch milliseconds at which they were read. */
  at: number;
  /** Requests sent since the quotas were read. */
  sent: number;
  /** Epoch milliseconds before which the provider does not want to be asked. */
  retryAt: number;
}

/** What octokit adds to every reset: servers round down. */
const MARGIN_MS = 1000;

const countsRequests = ({ unit }: Quota) => unit === undefined || unit === "requests";

function refusalOf(quota: Quota, sent: number, reserve: number, now: number): Refusal | undefined {
  const { limit, remaining, resetAt, unit } = quota;
  if (limit === undefined || remaining === undefined || unit === "concurrent-requests") return undefined;
  const until = resetAt === undefined ? undefined : Date.parse(resetAt) + MARGIN_MS;
  if (until !== undefined && until <= now) return undefined;
  const left = countsRequests(quota) ? remaining - sent - 1 : remaining;
  if (left >= limit * reserve) return undefined;
  return { reason: "reserve", quota, ...(until === undefined ? {} : { until }) };
}

/** What is known of the quotas of each credential; asked before every request. Pure state, no clock of its own. */
export class QuotaLedger {
  readonly #known = new Map<string, KnownQuota>();
  /** Requests under way, of which no reading knows yet. */
  readonly #pending = new Map<string, number>();

  /** Takes note of what a response said. */
  learn(key: string, reading: QuotaReading, now: number): void {
    const before = this.#known.get(key);
    const waits = reading.blocked && reading.retryAfterSeconds !== undefined;
    const retryAt = waits ? now + (reading.retryAfterSeconds ?? 0) * 1000 : (before?.retryAt ?? 0);
    const speaks = reading.quotas.length > 0;
    this.#known.set(key, {
      quotas: speaks ? reading.quotas : (before?.quotas ?? []),
      at: speaks || waits ? now : (before?.at ?? now),
      sent: speaks ? (this.#pending.get(key) ?? 0) : (before?.sent ?? 0),
      retryAt,
    });
  }

  /** Takes over what another process saw, unless this one saw something later. */
  adopt(key: string, known: KnownQuota): void {
    if ((this.#known.get(key)?.at ?? 0) < known.at) this.#known.set(key, { ...known });
  }

  entries(): [string, KnownQuota][] {
    return [...this.#known];
  }

  /** Takes note of a request under way; `settle` must follow. */
  spend(key: string): void {
    this.#pending.set(key, (this.#pending.get(key) ?? 0) + 1);
    const known = this.#known.get(key);
    if (known) known.sent++;
  }

  /** The request has been answered, or has failed. */
  settle(key: string): void {
    this.#pending.set(key, Math.max(0, (this.#pending.get(key) ?? 0) - 1));
  }

  /** Whether one more request would touch what must stay untouched. @param reserve share of each limit, 0 to 1 */
  refuses(key: string, reserve: number, now: number): Refusal | undefined {
    const known = this.#known.get(key);
    if (!known) return undefined;
    if (known.retryAt > now) return { reason: "retry-after", until: known.retryAt };
    for (const quota of known.quotas) {
      const refusal = refusalOf(quota, known.sent, reserve, now);
      if (refusal) return refusal;
    }
    return undefined;
  }
}
