import { createRequire } from "node:module";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { IncompleteError, SecretError, UsageError } from "../../base/errors.ts";

/** Where a Redis is. */
export interface RedisPlace {
  /** With the password, if there is one: for the connection only. */
  url: string;
  /** Without it: for messages. */
  shown: string;
}

/** The variable that holds Redis' password: on a command line every process of the machine could read it. */
export const PASSWORD_VARIABLE = "INTEG_REDIS_PASSWORD";

/**
 * Reads what `--redis` says.
 * @throws UsageError where it is no address of a Redis, or carries a password
 */
export function redisPlace(text: string, env: Readonly<Record<string, string | undefined>>): RedisPlace {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw new UsageError("--redis: this is not the address of a Redis", {
      code: "usage/redis",
      hint: "write redis://127.0.0.1:6379, or rediss://… for TLS",
    });
  }
  if (url.password !== "") {
    throw new UsageError("--redis: a password does not belong on the command line", {
      code: "usage/redis",
      hint: `leave it out of the address and set ${PASSWORD_VARIABLE}`,
    });
  }
  const shown = url.href;
  const password = env[PASSWORD_VARIABLE];
  if (password) url.password = encodeURIComponent(password);
  return { url: url.href, shown };
}

function notInstalled(cause: unknown): UsageError {
  return new UsageError("--redis needs the packages bullmq and ioredis, and they are not there", {
    code: "usage/redis-packages",
    hint: "npm install --save-dev bullmq ioredis",
    cause,
  });
}

interface RedisPackages {
  bull: typeof import("bullmq");
  Client: typeof Redis;
}

/** The two packages as an integ that is not installed in the project finds them there. */
function projectsOwn(root: string): RedisPackages {
  const require = createRequire(join(root, "package.json"));
  const bull: typeof import("bullmq") = require("bullmq");
  const ioredis: typeof import("ioredis") = require("ioredis");
  return { bull, Client: ioredis.Redis };
}

/**
 * The two packages, which the project brings: those beside integ, or, for one that is installed elsewhere (globally, in a
 * container), the project's.
 * @param root the project's directory
 * @throws UsageError where they are not installed
 */
export async function redisPackages(root: string): Promise<RedisPackages> {
  try {
    const [bull, { Redis: Client }] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bull, Client };
  } catch {
    // Not beside integ.
  }
  try {
    return projectsOwn(root);
  } catch (error) {
    throw notInstalled(error);
  }
}

const CONNECT_MS = 5000;

function whyNot(error: unknown, { shown }: RedisPlace): Error {
  const reason = error instanceof Error ? error.message : String(error);
  if (/NOAUTH|WRONGPASS|invalid password|without any password/i.test(reason)) {
    return new SecretError(`Redis at ${shown} does not accept us: ${reason}`, "refused", {
      hint: `set ${PASSWORD_VARIABLE} to its password`,
      cause: error,
    });
  }
  return new IncompleteError(`Redis at ${shown} cannot be reached: ${reason}`, {
    code: "redis/unreachable",
    hint: "check the address and that the server runs",
    cause: error,
  });
}

/**
 * Connects, and makes sure that the server answers.
 * @throws IncompleteError, SecretError
 */
export async function connectRedis(Client: typeof Redis, place: RedisPlace): Promise<Redis> {
  const client = new Client(place.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // Later losses are survived; only the first connection fails at once.
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(200 * times, 2000),
  });
  let reason: unknown;
  client.on("error", (error) => {
    reason = error;
  });
  try {
    await client.connect();
    await client.ping();
    return client;
  } catch (error) {
    client.disconnect();
    throw whyNot(reason ?? error, place);
  }
}
