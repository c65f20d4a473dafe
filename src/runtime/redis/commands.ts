import { requireValue, type ValueRule } from "../platform/values.ts";
import type { Clock } from "../time/clock.ts";

/** A connected Redis client that your application brings: of ioredis, or of node-redis. */
export type RedisClient =
  | { call(command: string, ...args: string[]): Promise<unknown> }
  | { sendCommand(args: string[]): Promise<unknown> };

const client: ValueRule = {
  says: "a connected client of ioredis or of redis (node-redis)",
  holds: (value) =>
    typeof value === "object" &&
    value !== null &&
    ["call", "sendCommand"].some((name) => typeof Reflect.get(value, name) === "function"),
};

/** @throws TypeError where it is no client of Redis: found out at once, not by limits that nobody shares */
export function requireRedis(owner: string, redis: unknown): void {
  requireValue(`${owner}: \`redis\``, redis, client);
}

/** Milliseconds for which a lost Redis is left alone. */
export const LOST_FOR = 1000;

/** Redis did not answer in time, or with an error. */
export class RedisLost extends Error {}

/**
 * Sends one command.
 * @param withinMs milliseconds after which it counts as lost: a client that reconnects queues commands for ever
 * @throws RedisLost
 */
export function redisCommand(
  redis: RedisClient,
  args: readonly [string, ...string[]],
  { clock, withinMs }: { clock: Clock; withinMs: number },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(withinMs, () => reject(new RedisLost(`no answer within ${withinMs} ms`)));
    const lost = (error: unknown) => {
      cancel();
      reject(new RedisLost("Redis failed", { cause: error }));
    };
    const [command, ...rest] = args;
    // ioredis has a `sendCommand` too, which takes something else.
    const send = async () =>
      "call" in redis ? redis.call(command, ...rest) : redis.sendCommand([command, ...rest]);
    send().then((answer) => {
      cancel();
      resolve(answer);
    }, lost);
  });
}
