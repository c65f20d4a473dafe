import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createClient,
  type Fetch,
  RateLimitError,
  redisCache,
  SharedLimiter,
} from "../../src/runtime/index.ts";
import { hasRedis, startRedis } from "./redis.ts";
import { getThing } from "./support.ts";

describe.skipIf(!hasRedis)("limits shared through Redis", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let observer: ReturnType<typeof redis.connect>;
  let names = 0;

  beforeAll(async () => {
    redis = await startRedis();
    observer = redis.connect();
  });
  afterAll(() => redis.end());

  /** On a busy machine Redis answers late, and is not lost: each process would go on by itself. */
  const PATIENT = { timeoutMs: 10_000 };

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
        limiter: new SharedLimiter(redis.connect(), { name, ...PATIENT, ...options }),
      }),
    );
  }

  const ok = () => new Response("{}");

  /** Whether something was learnt for the limit of the processes made last. */
  const isLearnt = async () => {
    const base = `integ:limit:{test-${names - 1}}`;
    return (await observer.exists(`${base}:held`, `${base}:quota:default`)) > 0;
  };

  /** How many of the calls were held back, none of them sent. */
  const heldBack = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
    outcomes.filter((one) => one.status === "rejected" && one.reason instanceof RateLimitError).length;

  test("a rate holds for all processes together", async () => {
    let sent = 0;
    const fetch = async () => {
      sent++;
      return ok();
    };
    const clients = processes(3, fetch, { rate: { requests: 10, perMs: 600_000 } });
    const outcomes = await Promise.allSettled(
      clients.flatMap((client) => Array.from({ length: 10 }, () => client.request(getThing))),
    );
    expect([sent, heldBack(outcomes)]).toEqual([10, 20]);
  });

  test("what one process learns from quota headers holds for the others", async () => {
    let sent = 0;
    const fetch = async () => {
      const headers = {
        "ratelimit-limit": "5",
        "ratelimit-remaining": String(Math.max(0, 5 - ++sent)),
        "ratelimit-reset": "600",
      };
      return new Response("{}", { headers });
    };
    const [first, second] = processes(2, fetch, {});
    await first?.request(getThing);
    await expect.poll(isLearnt).toBe(true);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 9 }, (_, index) => (index % 2 ? first : second)?.request(getThing)),
    );
    expect([sent, heldBack(outcomes)]).toEqual([5, 5]);
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
    await expect.poll(isLearnt).toBe(true);
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
    const [client] = processes(1, fetch, { ...options, timeoutMs: 300 });
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
