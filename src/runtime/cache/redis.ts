import { nodeCrypto } from "../platform/builtins.ts";
import { milliseconds, requireNumbers } from "../platform/numbers.ts";
import { requireValues, text } from "../platform/values.ts";
import { LOST_FOR, type RedisClient, redisCommand, requireRedis } from "../redis/commands.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { CacheStore, KeptAnswer } from "./options.ts";

export interface RedisCacheOptions {
  /**
   * Whose answers these are: all who may see them share it, and nobody else. One per credential: another customer's key
   * gets other answers to the same request.
   */
  scope: string;
  /** Default `integ:cache:`. */
  prefix?: string;
  /** Milliseconds after which Redis counts as lost and the call goes on without. Default 200. */
  timeoutMs?: number;
  clock?: Clock;
}

function isKept(value: unknown): value is KeptAnswer {
  return (
    typeof value === "object" &&
    value !== null &&
    "text" in value &&
    typeof value.text === "string" &&
    "status" in value &&
    typeof value.status === "number" &&
    "storedAt" in value &&
    typeof value.storedAt === "number" &&
    "headers" in value &&
    typeof value.headers === "object" &&
    value.headers !== null
  );
}

/**
 * Keeps answers in Redis, for all processes together. Keys are hashes: a path can hold what is nobody's business.
 * @throws RangeError where `timeoutMs` is no time
 */
export function redisCache(redis: RedisClient, options: RedisCacheOptions): CacheStore {
  requireRedis("redisCache", redis);
  requireValues("redisCache", options, { scope: text });
  requireNumbers("redisCache", options, { timeoutMs: milliseconds });
  const { scope, prefix = "integ:cache:", timeoutMs = 200, clock = systemClock } = options;
  const within = { clock, withinMs: timeoutMs };
  const nameOf = (key: string) =>
    prefix +
    nodeCrypto()
      .createHash("sha256")
      .update(JSON.stringify([scope, key]))
      .digest("hex");
  let lostUntil = 0;
  // Every call would wait for a Redis that is gone: it is left alone for a while.
  const command = async (args: readonly [string, ...string[]]): Promise<unknown> => {
    if (clock.now() < lostUntil) return undefined;
    try {
      return await redisCommand(redis, args, within);
    } catch (error) {
      lostUntil = clock.now() + LOST_FOR;
      throw error;
    }
  };
  return {
    get: async (key) => {
      const text = await command(["GET", nameOf(key)]);
      const value: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
      return isKept(value) ? value : undefined;
    },
    set: async (key, answer, keepMs) => {
      const lifetime = String(Math.max(1, Math.ceil(keepMs)));
      await command(["SET", nameOf(key), JSON.stringify(answer), "PX", lifetime]);
    },
  };
}
