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
 * `AbortSignal.timeout`: those follow the wall clock and leave a listener behind per call on a long-lived parent. And as
 * signals and timers are dear beside a request, there is one only for whoever asks to be told: of a call and its attempt,
 * the attempt alone keeps a timer, for whichever of the two ends first.
 */
export class Scope implements Stop {
  readonly #clock: Clock;
  readonly #why: () => unknown;
  readonly #parent: Stop | undefined;
  readonly #endsAt: number;
  #listeners: ((reason: unknown) => void)[] | undefined;
  #controller: AbortController | undefined;
  #reason: unknown;
  #stopped = false;
  #cancelTimer: (() => void) | undefined;
  #leaveParent: (() => void) | undefined;

  /** @param endsAt epoch milliseconds at which it stops with `why()` */
  constructor(clock: Clock, endsAt: number, why: () => unknown, parent: Stop | undefined) {
    this.#clock = clock;
    this.#why = why;
    this.#parent = parent;
    this.#endsAt = endsAt;
  }

  get stopped(): boolean {
    if (!this.#stopped && this.#parent?.stopped) this.#stop(this.#parent.reason);
    return this.#stopped;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.stopped) controller.abort(this.#reason);
      else this.#watch();
    }
    return this.#controller.signal;
  }

  onStop(listener: (reason: unknown) => void): () => void {
    this.#watch();
    return this.#listen(listener);
  }

  throwIfStopped(): void {
    if (this.stopped) throw this.#reason;
  }

  release(): void {
    this.#cancelTimer?.();
    this.#leaveParent?.();
  }

  #listen(listener: (reason: unknown) => void): () => void {
    // A list that begins with one takes no room for more, and has seldom more than two.
    if (this.#listeners === undefined) this.#listeners = [listener];
    else this.#listeners.push(listener);
    const listeners = this.#listeners;
    return () => {
      if (listeners.at(-1) === listener) listeners.pop();
      else if (listeners.includes(listener)) listeners.splice(listeners.indexOf(listener), 1);
    };
  }

  /** Starts to keep time, once. */
  #watch(): void {
    if (this.#stopped || this.#cancelTimer) return;
    const parent = this.#parent;
    const last = parent instanceof Scope && parent.#endsFirst(this) ? parent : this;
    const ms = last.#endsAt - this.#clock.now();
    this.#cancelTimer = this.#clock.after(ms, () => last.#stop(last.#why()));
    this.#follow(parent);
  }

  /** Whether its time is over before the other's, and nobody keeps it yet. */
  #endsFirst(other: Scope): boolean {
    return this.#cancelTimer === undefined && this.#endsAt <= other.#endsAt;
  }

  /** A parent that keeps no time itself is not made to: what stops it, stops this one. */
  #follow(parent: Stop | undefined): void {
    if (parent === undefined || this.#leaveParent) return;
    if (parent.stopped) {
      this.#stop(parent.reason);
      return;
    }
    const stop = (reason: unknown) => this.#stop(reason);
    if (!(parent instanceof Scope)) {
      this.#leaveParent = parent.onStop(stop);
      return;
    }
    parent.#follow(parent.#parent);
    this.#leaveParent = parent.#listen(stop);
  }

  #stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of [...(listeners ?? [])]) listener(reason);
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
