import { chance, count, duration, requireNumbers } from "../platform/numbers.ts";

export interface BreakerOptions {
  /** Share of failures in the window that opens the circuit, above 0 to 1. Default 0.5. */
  threshold?: number;
  /** Calls in the window below which it never opens. Default 10. */
  minimumCalls?: number;
  /** Milliseconds that the window looks back, in ten buckets. Default 10 s. */
  windowMs?: number;
  /** Milliseconds before one trial call is let through. Default 30 s. */
  openMs?: number;
}

export type BreakerState = "closed" | "open" | "half-open";

/** How a call went for the provider's health. `neutral` says nothing: the caller gave up, or nothing was sent. */
export type Verdict = "healthy" | "failed" | "neutral";

interface Bucket {
  /** Number of the bucket since the epoch. */
  index: number;
  calls: number;
  failures: number;
}

const BUCKETS = 10;

/**
 * A circuit breaker around logical calls: the retries of one call count once, or a single unlucky call could open it.
 * Only failures of the provider count: 5xx, broken connections, timeouts. An answer 4xx, 429 too, shows a provider
 * that works.
 */
export class Breaker {
  readonly #threshold: number;
  readonly #minimumCalls: number;
  readonly #bucketMs: number;
  readonly #openMs: number;
  #buckets: Bucket[] = [];
  #openedAt: number | undefined;
  #trial = false;

  /** @throws RangeError where an option is no number that it can be */
  constructor(options: BreakerOptions = {}) {
    requireNumbers("breaker", options, {
      threshold: chance,
      minimumCalls: count,
      windowMs: duration,
      openMs: duration,
    });
    this.#threshold = options.threshold ?? 0.5;
    this.#minimumCalls = options.minimumCalls ?? 10;
    this.#bucketMs = (options.windowMs ?? 10_000) / BUCKETS;
    this.#openMs = options.openMs ?? 30_000;
  }

  state(now: number): BreakerState {
    if (this.#openedAt === undefined) return "closed";
    return now < this.#trialAt(this.#openedAt, now) ? "open" : "half-open";
  }

  /** A clock that was set back would keep the circuit open for as long: the time begins anew. */
  #trialAt(openedAt: number, now: number): number {
    if (now < openedAt) this.#openedAt = now;
    return Math.min(openedAt, now) + this.#openMs;
  }

  /** Lets a call through, or says when to come again (epoch milliseconds). Half-open lets one trial through at a time. */
  enter(now: number): { allowed: true; trial: boolean } | { allowed: false; retryAt: number } {
    if (this.#openedAt === undefined) return { allowed: true, trial: false };
    const trialAt = this.#trialAt(this.#openedAt, now);
    if (now < trialAt || this.#trial) return { allowed: false, retryAt: Math.max(now, trialAt) };
    this.#trial = true;
    return { allowed: true, trial: true };
  }

  /**
   * Takes in how a call went. Of calls that began before the circuit opened, nothing changes an open circuit.
   * @returns the state that this brought about, if it is another
   */
  leave(now: number, verdict: Verdict, trial: boolean): BreakerState | undefined {
    if (trial) return this.#endTrial(now, verdict);
    return verdict === "neutral" || this.#openedAt !== undefined ? undefined : this.#count(now, verdict);
  }

  #endTrial(now: number, verdict: Verdict): BreakerState | undefined {
    this.#trial = false;
    if (verdict === "neutral") return undefined;
    this.#openedAt = verdict === "failed" ? now : undefined;
    if (verdict === "failed") return "open";
    this.#buckets = [];
    return "closed";
  }

  #count(now: number, verdict: Verdict): BreakerState | undefined {
    const index = Math.floor(now / this.#bucketMs);
    let bucket = this.#buckets.at(-1);
    if (bucket?.index !== index) {
      this.#buckets = this.#buckets.filter((one) => one.index > index - BUCKETS && one.index <= index);
      bucket = { index, calls: 0, failures: 0 };
      this.#buckets.push(bucket);
    }
    bucket.calls++;
    // What went well opens nothing.
    if (verdict !== "failed") return undefined;
    bucket.failures++;
    const calls = this.#buckets.reduce((sum, b) => sum + b.calls, 0);
    const failures = this.#buckets.reduce((sum, b) => sum + b.failures, 0);
    if (calls < this.#minimumCalls || failures / calls < this.#threshold) return undefined;
    this.#openedAt = now;
    return "open";
  }
}
