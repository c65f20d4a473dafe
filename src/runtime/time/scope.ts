import type { Clock } from "./clock.ts";

/** Tells when to stop, and why. */
export interface Stop {
  readonly stopped: boolean;
  readonly reason: unknown;
  /** Calls back once when it is time to stop; the returned function forgets the listener. Never calls back at once. */
  onStop(listener: (reason: unknown) => void): () => void;
}

/** One listener on a signal, for all who want to know: a caller may give the same signal to a thousand calls. */
class SignalStop implements Stop {
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<(reason: unknown) => void>();
  readonly #onAbort = () => {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(this.#signal.reason);
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get stopped(): boolean {
    return this.#signal.aborted;
  }

  get reason(): unknown {
    return this.#signal.reason;
  }

  onStop(listener: (reason: unknown) => void): () => void {
    if (this.#listeners.size === 0) this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#listeners.add(listener);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#signal.removeEventListener("abort", this.#onAbort);
    };
  }
}

const stops = new WeakMap<AbortSignal, Stop>();

/** An `AbortSignal` as a `Stop`. */
export function stopOf(signal: AbortSignal): Stop {
  const known = stops.get(signal);
  if (known) return known;
  const stop = new SignalStop(signal);
  stops.set(signal, stop);
  return stop;
}

/**
 * Stops with its parent, after a time, or by hand; `release` lets go of timer and parent. Not `AbortSignal.any` and
 * `AbortSignal.timeout`: those follow the wall clock and leave a listener behind per call on a long-lived parent. And a
 * signal is dear to make on Node 20, so there is one only for whoever asks for it.
 */
export class Scope implements Stop {
  #listeners: Set<(reason: unknown) => void> | undefined;
  #controller: AbortController | undefined;
  #reason: unknown;
  #stopped = false;
  readonly #cancelTimer: () => void;
  readonly #leaveParent: (() => void) | undefined;

  /** @param ms milliseconds after which it stops with `reason()` */
  constructor(clock: Clock, ms: number, reason: () => unknown, parent: Stop | undefined) {
    this.#cancelTimer = clock.after(ms, () => this.#stop(reason()));
    if (parent?.stopped) this.#stop(parent.reason);
    else this.#leaveParent = parent?.onStop((why) => this.#stop(why));
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#stopped) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  onStop(listener: (reason: unknown) => void): () => void {
    this.#listeners ??= new Set();
    const listeners = this.#listeners;
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  throwIfStopped(): void {
    if (this.#stopped) throw this.#reason;
  }

  release(): void {
    this.#cancelTimer();
    this.#leaveParent?.();
  }

  #stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener(reason);
  }
}

/** Settles as `work` does, or rejects with the reason as soon as it is time to stop, whatever `work` does then. */
export function orStop<T>(work: Promise<T>, stop: Stop): Promise<T> {
  return new Promise((resolve, reject) => {
    if (stop.stopped) reject(stop.reason);
    const forget = stop.stopped ? undefined : stop.onStop(reject);
    work.then(
      (value) => {
        forget?.();
        resolve(value);
      },
      (error: unknown) => {
        forget?.();
        reject(error);
      },
    );
  });
}
