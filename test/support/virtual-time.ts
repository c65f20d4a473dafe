import type { Clock } from "../../src/runtime/time/clock.ts";

interface Timer {
  at: number;
  order: number;
  callback: () => void;
}

/** Time that stands still while anything can go on, and then jumps to the next timer. */
export interface VirtualTime {
  readonly clock: Clock;
  /** Runs until the promise settles; throws when nothing is left that could settle it. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets `ms` milliseconds go by, with everything that happens in them. */
  pass(ms: number): Promise<void>;
}

/** Lets every promise that can settle do so, also those of the platform's streams. */
const settleAll = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The same where nothing but promises is at work: many times faster. */
export const settlePromises = () => new Promise<void>((resolve) => process.nextTick(resolve));

export function virtualTime(start = Date.UTC(2026, 0, 1), settle = settleAll): VirtualTime {
  let now = start;
  let order = 0;
  const timers = new Set<Timer>();
  const next = () => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  };
  const fire = (timer: Timer) => {
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.callback();
  };
  const clock: Clock = {
    now: () => now,
    after: (ms, callback) => {
      const timer = { at: now + Math.max(0, ms), order: order++, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  return {
    clock,
    run: async (work) => {
      let done = false;
      const end = () => {
        done = true;
      };
      work.then(end, end);
      for (;;) {
        await settle();
        if (done) return work;
        const timer = next();
        if (!timer) throw new Error("nothing is left to wait for, and the work is not done");
        fire(timer);
      }
    },
    pass: async (ms) => {
      const until = now + ms;
      for (;;) {
        await settle();
        const timer = next();
        if (!timer || timer.at > until) break;
        fire(timer);
      }
      now = until;
    },
  };
}
