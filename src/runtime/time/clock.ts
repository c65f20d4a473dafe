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
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), LONGEST_TIMER));
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

/** A signal that aborts with its parent, after a time, or by hand; `release` lets go of timer and parent. */
export interface Scope {
  readonly signal: AbortSignal;
  release(): void;
}

/**
 * Opens a scope below `parent` that aborts with `reason()` after `ms` milliseconds. Not `AbortSignal.any` and
 * `AbortSignal.timeout`: those follow the wall clock and leave one listener behind per call on a long-lived parent.
 */
export function openScope(
  clock: Clock,
  ms: number,
  reason: () => unknown,
  parent: AbortSignal | undefined,
): Scope {
  const controller = new AbortController();
  const onAbort = () => controller.abort(parent?.reason);
  if (parent?.aborted) onAbort();
  else parent?.addEventListener("abort", onAbort, { once: true });
  const cancel = clock.after(ms, () => controller.abort(reason()));
  return {
    signal: controller.signal,
    release: () => {
      cancel();
      parent?.removeEventListener("abort", onAbort);
    },
  };
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts, whatever `work` does then. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
