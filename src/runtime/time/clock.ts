import { sharedByRequests } from "./platform.ts";
import { afterCommon } from "./timers.ts";

/** Time as the runtime sees it. Tests pass their own and let hours go by in a moment. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once after `ms` milliseconds; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}

/** Waits `ms` milliseconds, or rejects with the signal's reason. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The longest delay that `setTimeout` understands; anything above would fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const bounded = Math.min(Math.max(0, ms), LONGEST_TIMER);
    // Waits with jitter are each of a length of its own; timeouts are alike, and of whole seconds.
    if (sharedByRequests && bounded > 0 && bounded % 1000 === 0) return afterCommon(bounded, callback);
    const timer = setTimeout(callback, bounded);
    return () => clearTimeout(timer);
  },
};

/** A `Sleep` on a clock. */
export function sleepOn(clock: Clock): Sleep {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        cancel();
        reject(signal.reason);
      };
      const cancel = clock.after(ms, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      signal.addEventListener("abort", onAbort, { once: true });
    });
}
