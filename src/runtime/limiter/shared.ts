import { tellListener } from "../platform/listener.ts";
import { count, milliseconds, requireNumbers } from "../platform/numbers.ts";
import { requireValues, text } from "../platform/values.ts";
import { LOST_FOR, type RedisClient, RedisLost, redisCommand, requireRedis } from "../redis/commands.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { orStop } from "../time/scope.ts";
import { Limiter, type LimiterOptions } from "./limiter.ts";
import { Line } from "./line.ts";
import type { Caller, LimitReading, Permit, Priority, RateLimiter } from "./permit.ts";
import type { Rate } from "./rate.ts";
import { ACQUIRE, OBSERVE } from "./shared-scripts.ts";
import { LONGEST_HOLD_MS } from "./windows.ts";

export interface SharedLimiterOptions extends LimiterOptions {
  /** Whose limit it is: all processes with the same credential share it, `stripe:prod`. */
  name: string;
  /** Default `integ:limit:`. */
  prefix?: string;
  /** Milliseconds after which Redis counts as lost. Default 200. */
  timeoutMs?: number;
  /** How many processes there are: each takes its part of `rate` while Redis is lost. Default 1. */
  processes?: number;
  /** Told when Redis is lost, and when it is there again. */
  onLost?: (lost: boolean) => void;
  clock?: Clock;
}

function partOf(rate: Rate | undefined, processes: number): Rate | undefined {
  return rate && { requests: Math.max(1, Math.floor(rate.requests / processes)), perMs: rate.perMs };
}

/**
 * A limiter whose count is shared by all processes through Redis. While Redis is lost each process goes on by itself: with
 * what the provider's headers tell it, and with its part of the `rate`; after a second Redis is tried again.
 */
export class SharedLimiter implements RateLimiter {
  readonly #redis: RedisClient;
  readonly #options: SharedLimiterOptions;
  readonly #clock: Clock;
  /** Learns as the shared one does, so that it can stand alone at any moment. */
  readonly #local: Limiter;
  /** Counts the process's part of the rate, for when it is alone. */
  readonly #alone: Limiter | undefined;
  readonly #lines = new Map<string, Line>();
  #lostUntil = 0;
  #lost = false;

  /** @throws RangeError where a share, a rate or another number is none */
  constructor(redis: RedisClient, options: SharedLimiterOptions) {
    requireRedis("SharedLimiter", redis);
    requireValues("SharedLimiter", options, { name: text });
    requireNumbers(`limiter ${options.name}`, options, { timeoutMs: milliseconds, processes: count });
    const { rate, reserve, reserveFromLow, processes = 1 } = options;
    const part = partOf(rate, processes);
    const shares = {
      ...(reserve === undefined ? {} : { reserve }),
      ...(reserveFromLow === undefined ? {} : { reserveFromLow }),
    };
    this.#redis = redis;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#local = new Limiter(shares);
    this.#alone = part && new Limiter({ ...shares, rate: part });
  }

  async acquire(group: string, caller: Caller): Promise<Permit> {
    const shared = await this.#acquireShared(group, caller);
    const part = shared ? undefined : await this.#alone?.acquire(group, caller);
    part?.release();
    const local = await this.#local.acquire(group, caller);
    return {
      observe: (reading) => {
        local.observe(reading);
        this.#observe(group, reading);
      },
      release: () => local.release(),
    };
  }

  /** Waits for leave from Redis; false where it is lost. */
  async #acquireShared(group: string, caller: Caller): Promise<boolean> {
    const line = this.#line(group);
    const first = line.empty ? await this.#ask(group, caller.priority) : undefined;
    if (first === 0) return true;
    if (first === "lost") return false;
    const ticket = line.join(caller.priority);
    try {
      for (;;) {
        while (!line.isFirst(ticket)) await orStop(line.turn(ticket), caller.scope);
        const waitMs = await this.#ask(group, caller.priority);
        if (waitMs === "lost") return false;
        if (waitMs === 0) return true;
        const freeAt = caller.clock.now() + waitMs;
        if (freeAt > caller.deadlineAt) throw caller.held(freeAt);
        await caller.sleep(waitMs, caller.scope.signal);
      }
    } finally {
      line.leave(ticket);
    }
  }

  #line(group: string): Line {
    const line = this.#lines.get(group) ?? new Line();
    this.#lines.set(group, line);
    return line;
  }

  #keys(group: string): string[] {
    const { prefix = "integ:limit:", name } = this.#options;
    // In a Redis cluster, what is in braces keeps the keys on one node.
    const base = `${prefix}{${name}}`;
    return [`${base}:held`, `${base}:quota:${group}`, `${base}:sent`];
  }

  async #ask(group: string, priority: Priority): Promise<number | "lost"> {
    const { rate, reserve = 0, reserveFromLow = 0.2 } = this.#options;
    const share = Math.min(1, reserve + (priority === "low" ? reserveFromLow : 0));
    const rateArguments = [String(rate?.requests ?? 0), String(rate?.perMs ?? 0)];
    const answer = await this.#run(ACQUIRE, this.#keys(group), [String(share), ...rateArguments]);
    return answer === undefined ? "lost" : Number(answer);
  }

  #observe(group: string, { quotas, limited, waitMs }: LimitReading): void {
    const now = this.#clock.now();
    const known = quotas.flatMap(({ name, limit, remaining, resetAt, windowSeconds }) => {
      const untilReset = Date.parse(resetAt ?? "") - now;
      if (remaining === undefined || !(untilReset > 0)) return [];
      const window = windowSeconds === undefined ? "" : String(windowSeconds * 1000);
      const reset = String(Math.min(untilReset, LONGEST_HOLD_MS));
      return [name, String(limit ?? ""), String(Math.floor(remaining)), reset, window];
    });
    const hold = limited ? Math.min(waitMs ?? 500, LONGEST_HOLD_MS) : 0;
    if (known.length === 0 && hold === 0) return;
    void this.#run(OBSERVE, this.#keys(group).slice(0, 2), [String(hold), ...known]);
  }

  /** What a script answers; undefined where Redis is lost. */
  async #run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const now = this.#clock.now();
    if (now < this.#lostUntil) return undefined;
    try {
      const within = { clock: this.#clock, withinMs: this.#options.timeoutMs ?? 200 };
      const command = ["EVAL", script, String(keys.length), ...keys, ...args] as const;
      const answer = await redisCommand(this.#redis, command, within);
      this.#setLost(false);
      return answer;
    } catch (error) {
      if (!(error instanceof RedisLost)) throw error;
      this.#lostUntil = this.#clock.now() + LOST_FOR;
      this.#setLost(true);
      return undefined;
    }
  }

  #setLost(lost: boolean): void {
    if (lost === this.#lost) return;
    this.#lost = lost;
    tellListener(this.#options.onLost, lost);
  }
}
