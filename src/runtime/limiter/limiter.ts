import type { Quota } from "../../quota/quota.ts";
import { type Clock, orAbort, type Sleep } from "../time/clock.ts";

export interface LimiterOptions {
  /** Share of every quota that is left to others, 0 to 1. Default 0. */
  reserve?: number;
}

/** What a response said about the provider's limits. */
export interface LimitReading {
  quotas: readonly Quota[];
  /** The provider refused because of its limit. */
  limited: boolean;
  /** Milliseconds that it asked to wait. */
  waitMs?: number | undefined;
}

interface Window {
  limit: number | undefined;
  remaining: number;
  /** Epoch milliseconds. */
  resetAt: number;
}

/** What a waiting call brings along. */
export interface Caller {
  clock: Clock;
  sleep: Sleep;
  signal: AbortSignal;
  /** Epoch milliseconds after which waiting is useless. */
  deadlineAt: number;
  /** Makes the error for a wait that would outlast the deadline. */
  held: (freeAt: number) => Error;
}

/** Leave to send one request. Both methods are to be called, `observe` only when there was a response. */
export interface Permit {
  observe(reading: LimitReading): void;
  release(): void;
}

/** Resets that lie this close together are one and the same: most providers count in whole seconds. */
const SAME_WINDOW_MS = 1500;
/** A provider, or who speaks for it, cannot silence us for longer than this without being asked again. */
const LONGEST_HOLD_MS = 3_600_000;
const FIRST_HOLD_MS = 500;

/**
 * Sends no request that the provider is known to refuse. It learns from quota headers, counts requests under way against
 * them, and after a 429 holds back *every* call to the provider until the time it named; then one scout goes first, and
 * the others follow when it was served. Shared by all versions of an integration.
 */
export class Limiter {
  readonly #reserve: number;
  readonly #windows = new Map<string, Window>();
  readonly #inFlight = new Map<string, number>();
  #heldUntil = 0;
  #strikes = 0;
  #scout: { done: Promise<void>; finish: () => void } | undefined;

  constructor(options: LimiterOptions = {}) {
    this.#reserve = options.reserve ?? 0;
  }

  /**
   * Waits until a request may go.
   * @param group calls that share a quota; a 429 holds back all groups
   */
  async acquire(group: string, caller: Caller): Promise<Permit> {
    let waitedUntil = 0;
    for (;;) {
      const now = Math.max(caller.clock.now(), waitedUntil);
      const freeAt = this.#freeAt(group, now);
      if (freeAt > now) {
        if (freeAt > caller.deadlineAt) throw caller.held(freeAt);
        await caller.sleep(freeAt - now, caller.signal);
        waitedUntil = freeAt;
      } else if (this.#strikes > 0 && this.#scout) {
        await orAbort(this.#scout.done, caller.signal);
      } else {
        return this.#admit(group, caller.clock);
      }
    }
  }

  #freeAt(group: string, now: number): number {
    let freeAt = this.#heldUntil;
    for (const [key, window] of this.#windows) {
      if (!key.startsWith(`${group}\n`)) continue;
      if (now >= window.resetAt) this.#renew(key, window);
      else if (window.remaining <= Math.ceil((window.limit ?? 0) * this.#reserve)) {
        freeAt = Math.max(freeAt, window.resetAt);
      }
    }
    return freeAt;
  }

  /** After its reset a window is full again; when the next one ends, the next response tells. */
  #renew(key: string, window: Window): void {
    if (window.limit === undefined) this.#windows.delete(key);
    else this.#windows.set(key, { ...window, remaining: window.limit, resetAt: Number.POSITIVE_INFINITY });
  }

  #admit(group: string, clock: Clock): Permit {
    const scout = this.#strikes > 0 ? this.#sendScout() : undefined;
    this.#inFlight.set(group, (this.#inFlight.get(group) ?? 0) + 1);
    for (const [key, window] of this.#windows) if (key.startsWith(`${group}\n`)) window.remaining--;
    let open = true;
    return {
      observe: (reading) => this.#observe(group, reading, clock.now()),
      release: () => {
        if (!open) return;
        open = false;
        this.#inFlight.set(group, (this.#inFlight.get(group) ?? 1) - 1);
        scout?.finish();
      },
    };
  }

  #sendScout() {
    let resolve = () => {};
    const done = new Promise<void>((settle) => {
      resolve = settle;
    });
    const scout = {
      done,
      finish: () => {
        if (this.#scout === scout) this.#scout = undefined;
        resolve();
      },
    };
    this.#scout = scout;
    return scout;
  }

  #observe(group: string, { quotas, limited, waitMs }: LimitReading, now: number): void {
    for (const quota of quotas) this.#learn(`${group}\n${quota.name}`, quota, group, now);
    if (!limited) {
      this.#strikes = 0;
      return;
    }
    const hold = waitMs ?? Math.min(FIRST_HOLD_MS * 2 ** this.#strikes, 8000);
    this.#strikes++;
    this.#heldUntil = Math.max(this.#heldUntil, now + Math.min(hold, LONGEST_HOLD_MS));
  }

  #learn(key: string, quota: Quota, group: string, now: number): void {
    const resetAt = quota.resetAt === undefined ? Number.NaN : Date.parse(quota.resetAt);
    if (quota.remaining === undefined || !(resetAt > now)) return;
    const known = this.#windows.get(key);
    // Other requests are under way that this answer has not counted yet; the one that it answers is counted.
    const free = quota.remaining - Math.max(0, (this.#inFlight.get(group) ?? 1) - 1);
    const same = known !== undefined && Math.abs(known.resetAt - resetAt) <= SAME_WINDOW_MS;
    this.#windows.set(key, {
      limit: quota.limit ?? known?.limit,
      remaining: same ? Math.min(known.remaining, quota.remaining) : free,
      resetAt: Math.min(resetAt, now + LONGEST_HOLD_MS),
    });
  }
}
