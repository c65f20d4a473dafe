import type { Quota, QuotaReading } from "../quota/quota.ts";

/** Why a request may not be sent now. */
export interface Refusal {
  reason: "reserve" | "retry-after";
  /** Epoch milliseconds from which it may be; undefined where the provider does not say. */
  until?: number;
  /** As it was read last. */
  quota?: Quota;
  /** Requests that have drawn on it since. */
  sent?: number;
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

const untilOf = ({ resetAt }: Quota) => (resetAt === undefined ? undefined : Date.parse(resetAt) + MARGIN_MS);

/** What is left of a quota beyond what must stay untouched; undefined where it limits nothing now. */
function headroomOf(quota: Quota, sent: number, reserve: number, now: number): number | undefined {
  const { limit, remaining, unit } = quota;
  if (limit === undefined || remaining === undefined || unit === "concurrent-requests") return undefined;
  const until = untilOf(quota);
  if (until !== undefined && until <= now) return undefined;
  return (countsRequests(quota) ? remaining - sent - 1 : remaining) - limit * reserve;
}

function refusalBy(quota: Quota, { sent }: KnownQuota): Refusal {
  const until = untilOf(quota);
  const drawn = countsRequests(quota) && sent > 0 ? { sent } : {};
  return { reason: "reserve", quota, ...drawn, ...(until === undefined ? {} : { until }) };
}

/**
 * How many more requests of a credential can go before one touches what must stay untouched; below zero: not even one.
 * Undefined where nothing limits them.
 * @param reserve share of each limit, 0 to 1
 */
export function headroom({ quotas, sent }: KnownQuota, reserve: number, now: number): number | undefined {
  const rooms = quotas.flatMap((quota) => headroomOf(quota, sent, reserve, now) ?? []);
  return rooms.length === 0 ? undefined : Math.min(...rooms);
}

/** Why one more request may not be sent, by what is known of a credential's quotas. */
export function refusalOf(known: KnownQuota, reserve: number, now: number): Refusal | undefined {
  if (known.retryAt > now) return { reason: "retry-after", until: known.retryAt };
  const short = known.quotas.find((quota) => (headroomOf(quota, known.sent, reserve, now) ?? 0) < 0);
  return short && refusalBy(short, known);
}

/** Two readings of one window: servers round, and some say seconds from now. */
const SAME_WINDOW_MS = 2000;

function isSameWindow(one: Quota, other: Quota | undefined): boolean {
  if (one.resetAt === undefined || other?.resetAt === undefined) return false;
  return Math.abs(Date.parse(one.resetAt) - Date.parse(other.resetAt)) <= SAME_WINDOW_MS;
}

/**
 * Quotas as a later reading has them. Answers overtake each other, and within one window nothing comes back: there the
 * lower figure is the true one.
 */
export function laterQuotas(before: readonly Quota[], next: readonly Quota[]): readonly Quota[] {
  return next.map((quota) => {
    const known = before.find(({ name }) => name === quota.name);
    if (known?.remaining === undefined || quota.remaining === undefined || !isSameWindow(quota, known))
      return quota;
    return { ...quota, remaining: Math.min(quota.remaining, known.remaining) };
  });
}

/** Requests that are left at most, by what was read and what was sent since. */
function leftOf({ quotas, sent }: KnownQuota): number {
  const counted = quotas.filter(countsRequests);
  return Math.min(Number.POSITIVE_INFINITY, ...counted.flatMap(({ remaining }) => remaining ?? [])) - sent;
}

/** Whether what another process knows is later, or in the same window stricter. */
function isNews(known: KnownQuota, mine: KnownQuota | undefined): boolean {
  if (!mine) return true;
  const same = known.quotas.every((quota) =>
    isSameWindow(
      quota,
      mine.quotas.find(({ name }) => name === quota.name),
    ),
  );
  return same ? leftOf(known) < leftOf(mine) : mine.at < known.at;
}

/** Whether the provider refused a request, or is down and says when to come back (RFC 9110 §10.2.3); at once is no time to wait for. */
export function wantsPause(
  { blocked, retryAfterSeconds }: QuotaReading,
  status: number | undefined,
): boolean {
  return blocked || (status === 503 && (retryAfterSeconds ?? 0) > 0);
}

/** What one of several runs may use of a quota until its reset: its part of what it saw first. */
interface Allowance {
  resetMs: number;
  seen: number;
  used: number;
}

/** What is known of the quotas of each credential; asked before every request. Pure state, no clock of its own. */
export class QuotaLedger {
  readonly #parts: number;
  readonly #known = new Map<string, KnownQuota>();
  /** Requests under way, of which no reading knows yet. */
  readonly #pending = new Map<string, number>();
  /** By key and quota; only where the quotas are divided. */
  readonly #allowances = new Map<string, Map<string, Allowance>>();

  /** @param options.parts how many runs share the quotas and know nothing of each other; this one uses its part only */
  constructor({ parts = 1 }: { parts?: number } = {}) {
    this.#parts = parts;
  }

  /** Takes note of what a response said. @param status a 503 with a time to come back is obeyed as a 429 is */
  learn(key: string, reading: QuotaReading, now: number, status?: number): void {
    const before = this.#known.get(key);
    const waits = reading.retryAfterSeconds !== undefined && wantsPause(reading, status);
    const retryAt = waits ? now + (reading.retryAfterSeconds ?? 0) * 1000 : (before?.retryAt ?? 0);
    const speaks = reading.quotas.length > 0;
    this.#known.set(key, {
      quotas: speaks ? laterQuotas(before?.quotas ?? [], reading.quotas) : (before?.quotas ?? []),
      at: speaks || waits ? now : (before?.at ?? now),
      sent: speaks ? (this.#pending.get(key) ?? 0) : (before?.sent ?? 0),
      retryAt,
    });
    if (this.#parts > 1) this.#allow(key, reading.quotas);
  }

  /** Notes what a window has left when it is seen first. */
  #allow(key: string, quotas: readonly Quota[]): void {
    const allowances = this.#allowances.get(key) ?? new Map<string, Allowance>();
    for (const quota of quotas.filter(countsRequests)) {
      const resetMs = untilOf(quota) ?? 0;
      const before = allowances.get(quota.name);
      if (quota.remaining === undefined || (before && resetMs - before.resetMs <= SAME_WINDOW_MS)) continue;
      allowances.set(quota.name, {
        resetMs,
        seen: quota.remaining,
        used: this.#pending.get(key) ?? 0,
      });
    }
    this.#allowances.set(key, allowances);
  }

  /** Takes over what another process saw or sent, unless this one saw something later. */
  adopt(key: string, known: KnownQuota): void {
    const mine = this.#known.get(key);
    const retryAt = Math.max(known.retryAt, mine?.retryAt ?? 0);
    this.#known.set(key, { ...(mine && !isNews(known, mine) ? mine : known), retryAt });
  }

  /** What is known of one credential's quotas. */
  known(key: string): KnownQuota | undefined {
    return this.#known.get(key);
  }

  entries(): [string, KnownQuota][] {
    return [...this.#known];
  }

  /** Takes note of a request under way; `settle` must follow. */
  spend(key: string): void {
    this.#pending.set(key, (this.#pending.get(key) ?? 0) + 1);
    const known = this.#known.get(key);
    if (known) known.sent++;
    for (const allowance of this.#allowances.get(key)?.values() ?? []) allowance.used++;
  }

  /** The request has been answered, or has failed. */
  settle(key: string): void {
    this.#pending.set(key, Math.max(0, (this.#pending.get(key) ?? 0) - 1));
  }

  /** Whether one more request would touch what must stay untouched. @param reserve share of each limit, 0 to 1 */
  refuses(key: string, reserve: number, now: number): Refusal | undefined {
    const known = this.#known.get(key);
    if (!known) return undefined;
    return refusalOf(known, reserve, now) ?? this.#beyondPart(key, known, reserve, now);
  }

  #beyondPart(key: string, known: KnownQuota, reserve: number, now: number): Refusal | undefined {
    const allowances = this.#allowances.get(key);
    const spent = known.quotas.find((quota) => {
      const allowance = allowances?.get(quota.name);
      if (!allowance || quota.limit === undefined || allowance.resetMs <= now) return false;
      return allowance.used >= Math.floor((allowance.seen - quota.limit * reserve) / this.#parts);
    });
    return spent && refusalBy(spent, known);
  }
}
