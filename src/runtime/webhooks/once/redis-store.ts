import { milliseconds, requireNumbers, wholeMilliseconds } from "../../platform/numbers.ts";
import { requireValues, text } from "../../platform/values.ts";
import { type RedisClient, redisCommand, requireRedis } from "../../redis/commands.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import type { EventStore } from "./event-store.ts";

export interface RedisEventStoreOptions {
  /** Whose events these are: `stripe:prod`. Two providers may use the same ids. */
  scope: string;
  /** Default `integ:event:`. */
  prefix?: string;
  /** Milliseconds for which processed events are remembered. Default 30 days: longer than any provider redelivers. */
  keepMs?: number;
  /** Milliseconds after which Redis counts as lost, and the delivery is refused with 503. Default 2000. */
  timeoutMs?: number;
  clock?: Clock;
}

const DONE = "done";

/** `NX`, and an answer that tells the two reasons for a refusal apart, in one step. */
const CLAIM = `local held = redis.call("GET", KEYS[1])
if held == "${DONE}" then return "done" end
if held then return "busy" end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return "claimed"`;

/** Only for who holds the claim. A lease that ran out and that nobody took is still its last holder's. */
const REPLACE = `local held = redis.call("GET", KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return 1`;

const RELEASE = `if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("DEL", KEYS[1]) end
return 1`;

/** Remembers events in Redis, for all processes together. Leases run by Redis' own clock. */
export function redisEventStore(redis: RedisClient, options: RedisEventStoreOptions): EventStore {
  requireRedis("redisEventStore", redis);
  requireValues("redisEventStore", options, { scope: text });
  requireNumbers("redisEventStore", options, { keepMs: wholeMilliseconds, timeoutMs: milliseconds });
  const { scope, prefix = "integ:event:", keepMs = 30 * 86_400_000, timeoutMs = 2000 } = options;
  const within = { clock: options.clock ?? systemClock, withinMs: timeoutMs };
  const run = (script: string, id: string, ...args: string[]) =>
    redisCommand(redis, ["EVAL", script, "1", `${prefix}${scope}:${id}`, ...args], within);
  const claimOf = (token: string) => `claim:${token}`;
  return {
    claim: async (id, { token, ms }) => {
      const answer = await run(CLAIM, id, claimOf(token), String(ms));
      return answer === "claimed" || answer === DONE ? answer : "busy";
    },
    renew: async (id, { token, ms }) => {
      const claim = claimOf(token);
      return (await run(REPLACE, id, claim, claim, String(ms))) === 1;
    },
    complete: async (id, token) => (await run(REPLACE, id, claimOf(token), DONE, String(keepMs))) === 1,
    release: async (id, token) => {
      await run(RELEASE, id, claimOf(token));
    },
  };
}
