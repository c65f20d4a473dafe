import type { Quota } from "../../quota/quota.ts";

/** One quota of a group of operations, as far as it is known. */
interface Window {
  limit: number | undefined;
  remaining: number;
  /** Epoch milliseconds. */
  resetAt: number;
  /** Epoch milliseconds. */
  learntAt: number;
}

/** Resets that lie this close together are one and the same: most providers count in whole seconds. */
const SAME_WINDOW_MS = 1500;

/** A provider, or who speaks for it, cannot silence us for longer than this without being asked again. */
export const LONGEST_HOLD_MS = 3_600_000;

/** The quotas of one group of operations, learnt from headers and counted down by what is sent. */
export class Windows {
  readonly #windows = new Map<string, Window>();
  readonly #waiting = new Set<() => void>();
  #inFlight = 0;

  /**
   * When, in epoch milliseconds, every quota allows a request that leaves the share `reserve` to others. Infinity where
   * only the answer to a request under way can tell.
   */
  freeAt(now: number, reserve: number): number {
    let freeAt = 0;
    for (const [name, window] of this.#windows) {
      // The clock was set back: when the window ends is no longer known.
      if (now < window.learntAt) this.#windows.delete(name);
      const spent = () => window.remaining <= Math.ceil((window.limit ?? 0) * reserve);
      if (now >= window.resetAt) this.#renew(name, window);
      if (!this.#windows.has(name) || !spent()) continue;
      // Nobody is left to tell of the window that began with the last reset: the next request asks.
      if (window.resetAt === Number.POSITIVE_INFINITY && this.#inFlight === 0) this.#windows.delete(name);
      else freeAt = Math.max(freeAt, window.resetAt);
    }
    return freeAt;
  }

  /** Settles with the next answer, or when a request ends without one. */
  nextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }

  /** After its reset a window is full again; when the next one ends, the next response tells. */
  #renew(name: string, window: Window): void {
    if (window.limit === undefined) this.#windows.delete(name);
    else Object.assign(window, { remaining: window.limit, resetAt: Number.POSITIVE_INFINITY });
  }

  /** A request goes out. */
  spend(): void {
    this.#inFlight++;
    for (const window of this.#windows.values()) window.remaining--;
  }

  /** A request has ended, with an answer or without. */
  settle(): void {
    this.#inFlight--;
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  learn(quota: Quota, now: number): void {
    const resetAt = quota.resetAt === undefined ? Number.NaN : Date.parse(quota.resetAt);
    if (quota.remaining === undefined || !(resetAt > now)) return;
    const known = this.#windows.get(quota.name);
    // Other requests are under way that this answer has not counted yet; the one that it answers is counted.
    const free = quota.remaining - Math.max(0, this.#inFlight - 1);
    const same = known !== undefined && Math.abs(known.resetAt - resetAt) <= SAME_WINDOW_MS;
    this.#windows.set(quota.name, {
      limit: quota.limit ?? known?.limit,
      remaining: same ? Math.min(known.remaining, quota.remaining) : free,
      resetAt: Math.min(resetAt, now + LONGEST_HOLD_MS),
      learntAt: now,
    });
  }
}
