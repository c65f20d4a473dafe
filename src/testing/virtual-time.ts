import type { Clock } from "../runtime/time/clock.ts";

interface Timer {
  at: number;
  order: number;
  callback: () => void;
}

/** Time that stands still while anything can go on, and then jumps to the next timer. */
export interface VirtualTime {
  /** For the option `clock` of `createClient`, `memoryQueue`, `createWebhookReceiver` and their like. */
  readonly clock: Clock;
  /** Runs until the promise settles; throws when nothing is left that could settle it. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets `ms` milliseconds go by, with everything that happens in them. */
  pass(ms: number): Promise<void>;
}

export interface VirtualTimeOptions {
  /** Epoch milliseconds. Default 2026-01-01, midnight UTC. */
  start?: number;
  /**
   * Turns of the event loop in which work may still go on before time moves. 0: only promises settle, many times faster.
   * Default 1, which is enough for the platform's streams. MSW needs some more: 20.
   */
  turns?: number;
}

/** Makes time for a test: hours of retries and leases go by in a moment. */
export function virtualTime(options: VirtualTimeOptions = {}): VirtualTime {
  const { start = Date.UTC(2026, 0, 1), turns = 1 } = options;
  const settle = async () => {
    if (turns === 0) await new Promise<void>((resolve) => process.nextTick(resolve));
    for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
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
