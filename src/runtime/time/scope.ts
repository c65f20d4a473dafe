import type { Clock } from "./clock.ts";
import { giveController, takeController, type Used } from "./signals.ts";

/** Who wants to know when it is time to stop. */
type Listener = Scope | ((reason: unknown) => void);

function tell(listener: Listener, reason: unknown): void {
  if (listener instanceof Scope) listener.stop(reason);
  else listener(reason);
}

/** Tells when to stop, and why. */
export interface Stop {
  readonly stopped: boolean;
  readonly reason: unknown;
  /** Calls back once when it is time to stop. Never calls back at once. */
  onStop(listener: Listener): void;
  /** Calls this listener back no more. */
  forget(listener: Listener): void;
}

/** One listener on a signal, for all who want to know: a caller may give the same signal to a thousand calls. */
class SignalStop implements Stop {
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<Listener>();
  readonly #onAbort = () => {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) tell(listener, this.#signal.reason);
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

  onStop(listener: Listener): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener("abort", this.#onAbort, { once: true });
    this.#listeners.add(listener);
  }

  forget(listener: Listener): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#signal.removeEventListener("abort", this.#onAbort);
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
  #listeners: Listener[] | undefined;
  #lent: Used | undefined;
  #reason: unknown;
  #stopped = false;
  #cancelTimer: (() => void) | undefined;
  #follows = false;

  /** @param endsAt epoch milliseconds at which it stops with `why()` */
  constructor(clock: Clock, endsAt: number, why: () => unknown, parent: Stop | undefined) {
    this.#clock = clock;
    this.#why = why;
    this.#parent = parent;
    this.#endsAt = endsAt;
  }

  get stopped(): boolean {
    if (!this.#stopped && this.#parent?.stopped) this.stop(this.#parent.reason);
    return this.#stopped;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#lent) {
      this.#lent = takeController();
      if (this.stopped) this.#lent.controller.abort(this.#reason);
      else this.#watch();
    }
    return this.#lent.signal;
  }

  /** Says that nobody holds the signal any more, or listens to it: it may serve another. */
  returnSignal(): void {
    if (this.#lent && !this.#stopped) giveController(this.#lent);
    this.#lent = undefined;
  }

  onStop(listener: Listener): void {
    this.#watch();
    this.#listen(listener);
  }

  forget(listener: Listener): void {
    const listeners = this.#listeners;
    if (listeners === undefined) return;
    if (listeners.at(-1) === listener) listeners.pop();
    else if (listeners.includes(listener)) listeners.splice(listeners.indexOf(listener), 1);
  }

  throwIfStopped(): void {
    if (this.stopped) throw this.#reason;
  }

  release(): void {
    this.#cancelTimer?.();
    if (this.#follows) this.#parent?.forget(this);
  }

  #listen(listener: Listener): void {
    // A list that begins with one takes no room for more, and has seldom more than two.
    if (this.#listeners === undefined) this.#listeners = [listener];
    else this.#listeners.push(listener);
  }

  /** Starts to keep time, once. */
  #watch(): void {
    if (this.#stopped || this.#cancelTimer) return;
    const parent = this.#parent;
    const last = parent instanceof Scope && parent.#endsFirst(this) ? parent : this;
    const ms = last.#endsAt - this.#clock.now();
    this.#cancelTimer = this.#clock.after(ms, () => last.stop(last.#why()));
    this.#follow(parent);
  }

  /** Whether its time is over before the other's, and nobody keeps it yet. */
  #endsFirst(other: Scope): boolean {
    return this.#cancelTimer === undefined && this.#endsAt <= other.#endsAt;
  }

  /** A parent that keeps no time itself is not made to: what stops it, stops this one. */
  #follow(parent: Stop | undefined): void {
    if (parent === undefined || this.#follows) return;
    if (parent.stopped) {
      this.stop(parent.reason);
      return;
    }
    this.#follows = true;
    if (!(parent instanceof Scope)) {
      parent.onStop(this);
      return;
    }
    parent.#follow(parent.#parent);
    parent.#listen(this);
  }

  /** Stops now, unless it has already; whoever listens is told the reason. */
  stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#reason = reason;
    this.#lent?.controller.abort(reason);
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) tell(listener, reason);
  }
}

/**
 * Settles as `work` does, or rejects with the reason as soon as it is time to stop, whatever `work` does then. What listens
 * is left in the scope, and goes with it.
 */
export function orStop<T>(work: Promise<T>, scope: Scope): Promise<T> {
  return new Promise((resolve, reject) => {
    if (scope.stopped) reject(scope.reason);
    else scope.onStop(reject);
    work.then(resolve, reject);
  });
}
