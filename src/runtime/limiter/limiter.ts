import { requireOptions } from "../platform/values.ts";
import type { Clock } from "../time/clock.ts";
import { Hold } from "../time/hold.ts";
import { orStop } from "../time/scope.ts";
import { Line } from "./line.ts";
import type { Caller, LimitReading, Permit, Priority, RateLimiter } from "./permit.ts";
import { type Rate, RateWindow } from "./rate.ts";
import { LONGEST_HOLD_MS, Windows } from "./windows.ts";

export interface LimiterOptions {
  /** Share of every quota that is left to others, 0 to 1. Default 0. */
  reserve?: number;
  /** Share of every quota that calls of low priority leave to the rest, 0 to 1. Default 0.2. */
  reserveFromLow?: number;
  /** A limit that is known beforehand, for all groups together. Default: what the provider's headers teach. */
  rate?: Rate;
}

interface Group {
  windows: Windows;
  line: Line;
}

/** Milliseconds that a 429 without any hint holds calls back, doubled with each in a row. */
const FIRST_HOLD_MS = 500;
const LONGEST_GUESSED_HOLD_MS = 8000;

/** The request that finds out, after a 429, whether the provider serves again. */
interface Scout {
  done: Promise<void>;
  finish: () => void;
}

function sendScout(onDone: () => void): Scout {
  let resolve = () => {};
  const done = new Promise<void>((settle) => {
    resolve = settle;
  });
  return {
    done,
    finish: () => {
      onDone();
      resolve();
    },
  };
}

type Learn = (windows: Windows, reading: LimitReading, clock: Clock) => void;

/** Leave for one request. */
class Admission implements Permit {
  readonly #learn: Learn;
  readonly #windows: Windows;
  readonly #clock: Clock;
  readonly #scout: Scout | undefined;
  #open = true;

  constructor(learn: Learn, windows: Windows, clock: Clock, scout: Scout | undefined) {
    this.#learn = learn;
    this.#windows = windows;
    this.#clock = clock;
    this.#scout = scout;
  }

  observe(reading: LimitReading): void {
    this.#learn(this.#windows, reading, this.#clock);
  }

  release(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#windows.settle();
    this.#scout?.finish();
  }
}

/**
 * Sends no request that the provider is known to refuse. It learns from quota headers, counts requests under way against
 * them, and after a 429 holds back *every* call to the provider until the time it named; then one scout goes first, and
 * the others follow when it was served. Shared by all versions of an integration.
 */
export class Limiter implements RateLimiter {
  readonly #reserve: number;
  readonly #reserveFromLow: number;
  readonly #rate: RateWindow | undefined;
  readonly #groups = new Map<string, Group>();
  readonly #hold = new Hold();
  #strikes = 0;
  #scout: Scout | undefined;

  /** @throws RangeError where a share or a rate is none */
  constructor(options: LimiterOptions = {}) {
    requireOptions("limiter", options);
    this.#reserve = share("reserve", options.reserve ?? 0);
    this.#reserveFromLow = share("reserveFromLow", options.reserveFromLow ?? 0.2);
    const { rate } = options;
    this.#rate = rate && new RateWindow(rate);
  }

  acquire(group: string, caller: Caller): Permit | Promise<Permit> {
    const entry = this.#group(group);
    const now = caller.clock.now();
    const mustWait =
      this.#strikes > 0 || !entry.line.empty || this.#freeAt(entry, caller.priority, now) > now;
    return mustWait ? this.#wait(entry, caller) : this.#admit(entry, caller.clock, now);
  }

  async #wait(group: Group, caller: Caller): Promise<Permit> {
    const { clock, scope, priority } = caller;
    const ticket = group.line.join(priority);
    try {
      // A test's `sleep` may return at once: what was waited for counts as gone by.
      let waitedUntil = 0;
      for (;;) {
        const now = Math.max(clock.now(), waitedUntil);
        const freeAt = this.#freeAt(group, priority, now);
        if (freeAt > caller.deadlineAt && Number.isFinite(freeAt)) throw caller.held(freeAt);
        if (!group.line.isFirst(ticket)) {
          await orStop(group.line.turn(ticket), scope);
        } else if (freeAt === Number.POSITIVE_INFINITY) {
          await orStop(group.windows.nextAnswer(), scope);
        } else if (freeAt > now) {
          await caller.sleep(freeAt - now, scope.signal);
          waitedUntil = freeAt;
        } else if (this.#strikes > 0 && this.#scout) {
          await orStop(this.#scout.done, scope);
        } else {
          return this.#admit(group, clock, now);
        }
      }
    } finally {
      group.line.leave(ticket);
    }
  }

  #group(name: string): Group {
    const known = this.#groups.get(name);
    if (known) return known;
    const group = { windows: new Windows(), line: new Line() };
    this.#groups.set(name, group);
    return group;
  }

  #freeAt({ windows }: Group, priority: Priority, now: number): number {
    const reserve = Math.min(1, this.#reserve + (priority === "low" ? this.#reserveFromLow : 0));
    return Math.max(
      this.#hold.endsAt(now),
      windows.freeAt(now, reserve),
      this.#rate?.freeAt(now, reserve) ?? 0,
    );
  }

  #admit({ windows }: Group, clock: Clock, now: number): Permit {
    const scout = this.#strikes > 0 ? this.#send() : undefined;
    windows.spend();
    this.#rate?.spend(now);
    return new Admission(this.#learn, windows, clock, scout);
  }

  #send(): Scout {
    const scout = sendScout(() => {
      if (this.#scout === scout) this.#scout = undefined;
    });
    this.#scout = scout;
    return scout;
  }

  readonly #learn: Learn = (windows, { quotas, limited, waitMs }, clock) => {
    for (const quota of quotas) windows.learn(quota, clock.now());
    if (!limited) {
      this.#strikes = 0;
      return;
    }
    const hold = waitMs ?? Math.min(FIRST_HOLD_MS * 2 ** this.#strikes, LONGEST_GUESSED_HOLD_MS);
    this.#strikes++;
    this.#hold.begin(clock.now(), Math.min(hold, LONGEST_HOLD_MS));
  };
}

function share(name: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new RangeError(`${name} is a share from 0 to 1, not ${value}`);
}
