import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient, type Fetch, redisCache, SharedLimiter } from "../../src/runtime/index.ts";
import { hasRedis, startRedis } from "./redis.ts";
import { getThing } from "./support.ts";

describe.skipIf(!hasRedis)("limits shared through Redis", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let names = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.end());

  /** As many processes as asked for, as far as Redis can tell, on one provider. */
  function processes(
    count: number,
    fetch: Fetch,
    options: Partial<ConstructorParameters<typeof SharedLimiter>[1]>,
  ) {
    const name = `test-${names++}`;
    return Array.from({ length: count }, () =>
      createClient({
        integration: "acme",
        version: "v1",
        baseUrl: "https://api.example.com",
        env: {},
        fetch,
        limiter: new SharedLimiter(redis.connect(), { name, ...options }),
      }),
    );
  }

  const ok = () => new Response("{}");

  test("a rate holds for all processes together", async () => {
    const at: number[] = [];
    const fetch = async () => {
      at.push(performance.now());
      return ok();
    };
    const clients = processes(3, fetch, { rate: { requests: 10, perMs: 300 } });
    await Promise.all(
      clients.flatMap((client) => Array.from({ length: 10 }, () => client.request(getThing))),
    );
    expect(at).toHaveLength(30);
    // The time is taken after Redis gave leave: up to a tenth of the window may have been lost on the way.
    for (const [index, first] of at.entries()) {
      expect(at.slice(index).filter((other) => other - first < 250).length).toBeLessThanOrEqual(10);
    }
  });

  test("what one process learns from quota headers holds for the others", async () => {
    let sent = 0;
    const resetAt = Math.ceil(Date.now() / 1000) + 1;
    const fetch = async () => {
      const remaining = Math.max(0, 5 - ++sent);
      const reset = String(Math.max(0, resetAt - Math.floor(Date.now() / 1000)));
      return new Response("{}", {
        headers: {
          "ratelimit-limit": "5",
          "ratelimit-remaining": String(remaining),
          "ratelimit-reset": reset,
        },
      });
    };
    const [first, second] = processes(2, fetch, {});
    await first?.request(getThing);
    const calls = Promise.all(
      Array.from({ length: 9 }, (_, index) => (index % 2 ? first : second)?.request(getThing)),
    );
    // Within this second nothing more can come: the window is spent.
    await Promise.race([calls, delay(Math.max(0, resetAt * 1000 - 100 - Date.now()))]);
    expect(sent).toBeLessThanOrEqual(5);
    await calls;
    expect(sent).toBe(10);
  });

  test("a 429 that one process meets holds the others back", async () => {
    const at: number[] = [];
    const fetch = async () => {
      at.push(Date.now());
      return at.length === 1
        ? new Response("{}", { status: 429, headers: { "retry-after-ms": "400" } })
        : ok();
    };
    const [first, second] = processes(2, fetch, {});
    const refused = first?.request({ ...getThing, retries: 0 }).catch(() => {});
    await refused;
    await delay(20);
    await second?.request(getThing);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(390);
  });

  test("without Redis each process goes on with its part, says so, and comes back", async () => {
    const at: number[] = [];
    const states: boolean[] = [];
    const fetch = async () => {
      at.push(performance.now());
      return ok();
    };
    const options = {
      rate: { requests: 4, perMs: 400 },
      processes: 2,
      onLost: (lost: boolean) => states.push(lost),
    };
    const [client] = processes(1, fetch, { ...options, timeoutMs: 50 });
    await client?.request(getThing);
    await redis.stop();
    at.length = 0;
    await Promise.all(Array.from({ length: 4 }, () => client?.request(getThing)));
    expect((at[2] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(390);
    expect(states).toEqual([true]);
    await redis.startAgain();
    await delay(1100);
    await client?.request(getThing);
    expect(states).toEqual([true, false]);
  });

  test("answers are kept for all processes of one scope, and for no other", async () => {
    let sent = 0;
    const fetch = async () => new Response(JSON.stringify({ sent: ++sent }));
    const make = (scope: string) =>
      createClient({
        integration: "acme",
        version: "v1",
        baseUrl: "https://api.example.com",
        env: {},
        fetch,
        cache: { store: redisCache(redis.connect(), { scope }) },
      });
    const call = { ...getThing, cache: { freshMs: 60_000 } };
    expect(await make("tenant-1").request(call)).toEqual({ sent: 1 });
    await delay(50);
    expect(await make("tenant-1").send(call)).toMatchObject({ data: { sent: 1 }, source: "cache" });
    expect(await make("tenant-2").request(call)).toEqual({ sent: 2 });
  });
});
