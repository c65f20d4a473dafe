import { count, countOrNone, requireNumbers } from "../platform/numbers.ts";
import { type Stop, stopOf } from "../time/scope.ts";

export interface BulkheadOptions {
  /** Attempts under way at the same time. Default 50. */
  maxConcurrent?: number;
  /** Attempts that may wait for a slot. Default 1000. */
  maxQueue?: number;
}

/** Bounds how many attempts are under way, so that one slow provider cannot take all sockets and memory. */
export class Bulkhead {
  readonly #maxConcurrent: number;
  readonly #maxQueue: number;
  /** In order of arrival; a `Set` so that a caller who gives up leaves in constant time. */
  readonly #waiting = new Set<() => void>();
  #active = 0;

  /** @throws RangeError where an option is no number that it can be */
  constructor(options: BulkheadOptions = {}) {
    requireNumbers("bulkhead", options, { maxConcurrent: count, maxQueue: countOrNone });
    this.#maxConcurrent = options.maxConcurrent ?? 50;
    this.#maxQueue = options.maxQueue ?? 1000;
  }

  get active(): number {
    return this.#active;
  }

  get queued(): number {
    return this.#waiting.size;
  }

  /**
   * Runs `work` in a slot of its own.
   * @param full makes the error thrown when the queue is full
   * @throws the signal's reason when it aborts before a slot is free; the place in the queue is given up
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal, full: () => Error): Promise<T> {
    if (!this.tryEnter()) await this.enter(stopOf(signal), full);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Takes a slot if one is free; then `leave` is to be called exactly once. */
  tryEnter(): boolean {
    if (this.#active >= this.#maxConcurrent) return false;
    this.#active++;
    return true;
  }

  /** Waits for a slot, of which none is free; `leave` is to be called exactly once when this has come to pass. */
  enter(stop: Stop, full: () => Error): Promise<void> {
    if (this.#waiting.size >= this.#maxQueue) return Promise.reject(full());
    return new Promise((resolve, reject) => {
      if (stop.stopped) return reject(stop.reason);
      const enter = () => {
        stop.forget(giveUp);
        resolve();
      };
      const giveUp = (reason: unknown) => {
        this.#waiting.delete(enter);
        reject(reason);
      };
      stop.onStop(giveUp);
      this.#waiting.add(enter);
    });
  }

  /** Hands the slot to whoever waits longest, without ever letting it go in between. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#active--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
