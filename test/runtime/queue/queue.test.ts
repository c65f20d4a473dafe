import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import {
  GiveUpError,
  type Job,
  memoryQueue,
  type Queue,
  type QueueEvent,
  type QueueOptions,
  QueueUnavailableError,
  redisQueue,
} from "../../../src/runtime/index.ts";
import { hasRedis, startRedis } from "../redis.ts";
import { getThing, provider } from "../support.ts";

let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.end());

interface Order {
  amount: number;
}
type Make = (options?: Partial<QueueOptions>) => Promise<Queue<Order>>;

let last = 0;
const kinds: [string, Make][] = [
  ["in this process", async (options) => memoryQueue({ name: `q${++last}`, backoffMs: 1, ...options })],
];
if (hasRedis) {
  kinds.push([
    "on Redis",
    (options) => redisQueue({ name: `q${++last}`, url: redis?.url ?? "", backoffMs: 1, ...options }),
  ]);
}

describe.each(kinds)("a queue %s", (_name, make) => {
  /** A queue that is closed after the test, with what it told. */
  async function using(
    options: Partial<QueueOptions>,
    body: (queue: Queue<Order>, events: QueueEvent[]) => Promise<void>,
  ) {
    const events: QueueEvent[] = [];
    const queue = await make({ onEvent: (event) => events.push(event), ...options });
    try {
      await body(queue, events);
    } finally {
      await queue.close({ graceMs: 5000 });
    }
  }
  const types = (events: QueueEvent[]) => events.map(({ type }) => type);

  test("does each job once, whoever adds it again under the same id, whatever the id looks like", () =>
    using({}, async (queue, events) => {
      const done: Job<Order>[] = [];
      for (const id of ["evt:1", "42", "evt:1", "%3A"]) await queue.add({ amount: 1 }, { id });
      queue.work((job) => {
        expectTypeOf(job.data).toEqualTypeOf<Order>();
        done.push(job);
      });
      await expect.poll(() => events.length).toBe(3);
      expect(await queue.add({ amount: 2 }, { id: "evt:1" })).toBe("evt:1");
      expect(await queue.add({ amount: 3 })).toMatch(/^[\da-f-]{36}$/);
      await expect.poll(() => events.length).toBe(4);
      expect(done.map(({ id, attempt }) => `${id} ${attempt}`).slice(0, 3)).toEqual([
        "evt:1 1",
        "42 1",
        "%3A 1",
      ]);
      expect(done.map(({ data }) => data.amount)).toEqual([1, 1, 1, 3]);
    }));

  test("tries a job that fails as often as it may; then it is dead until it is revived", () =>
    using({ attempts: 3 }, async (queue, events) => {
      let broken = true;
      const attempts: number[] = [];
      queue.work(({ attempt }) => {
        attempts.push(attempt);
        if (broken) throw new Error("the database is away");
      });
      await queue.add({ amount: 7 }, { id: "a" });
      await expect.poll(() => types(events)).toEqual(["retry", "retry", "dead"]);
      expect(attempts).toEqual([1, 2, 3]);
      expect(await queue.dead()).toEqual([
        { id: "a", data: { amount: 7 }, attempts: 3, error: "the database is away" },
      ]);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, dead: 1 });
      broken = false;
      expect([await queue.revive("unknown"), await queue.revive("a")]).toEqual([false, true]);
      await expect.poll(() => types(events).at(-1)).toBe("done");
      expect(attempts.at(-1)).toBe(1);
      expect(await queue.dead()).toEqual([]);
    }));

  test("a job that its handler gives up is dead at once", () =>
    using({}, async (queue, events) => {
      queue.work(() => {
        throw new GiveUpError("no such customer");
      });
      await queue.add({ amount: 1 });
      await expect.poll(() => types(events)).toEqual(["dead"]);
      expect((await queue.dead())[0]).toMatchObject({ attempts: 1, error: "no such customer" });
    }));

  test("a provider's rate limit holds all jobs back, and costs none of them an attempt", () =>
    using({ attempts: 1 }, async (queue, events) => {
      // Refused calls of a real client: with this deadline it hands the limit on instead of waiting.
      const limit = { status: 429, headers: { "retry-after": "60" } };
      let calls = 0;
      queue.work(async () => {
        const { client, time } = provider(calls++ < 2 ? [limit] : [{}]);
        await time.pass(Date.now() - 59_950 - time.clock.now());
        await time.run(client({ deadlineMs: 1000 }).request(getThing));
      });
      await queue.add({ amount: 1 });
      await expect.poll(() => types(events), { timeout: 10_000 }).toEqual(["held", "held", "done"]);
    }));

  test("works on as many as it may at a time, and never starts more than its rate", () =>
    using({ rate: { requests: 2, perMs: 200 } }, async (queue, events) => {
      let active = 0;
      let most = 0;
      const from = performance.now();
      queue.work(
        async () => {
          most = Math.max(most, ++active);
          await new Promise((resolve) => setTimeout(resolve, 20));
          active--;
        },
        { concurrency: 2 },
      );
      for (let i = 0; i < 6; i++) await queue.add({ amount: i });
      await expect.poll(() => events.length, { timeout: 10_000 }).toBe(6);
      expect(most).toBeLessThanOrEqual(2);
      // Three windows of two: at least one whole window lies between the first and the last.
      expect(performance.now() - from).toBeGreaterThan(200);
    }));

  test("waits as long as it is told to", () =>
    using({}, async (queue, events) => {
      const order: number[] = [];
      await queue.add({ amount: 1 }, { delayMs: 150 });
      await queue.add({ amount: 2 });
      queue.work(({ data }) => void order.push(data.amount));
      await expect.poll(() => events.length).toBe(2);
      expect(order).toEqual([2, 1]);
    }));

  test("closing finishes what is under way and takes nothing more; what outlasts the grace is counted", async () => {
    const finished: number[] = [];
    let started = false;
    const queue = await make();
    queue.work(async ({ data }) => {
      started = true;
      await new Promise((resolve) => setTimeout(resolve, 50));
      finished.push(data.amount);
    });
    await queue.add({ amount: 1 });
    await expect.poll(() => started).toBe(true);
    expect(await queue.close()).toEqual({ left: 0 });
    expect(finished).toEqual([1]);
    await expect(queue.add({ amount: 2 })).rejects.toThrow(QueueUnavailableError);

    const stuck = await make();
    let taken = false;
    stuck.work(() => {
      taken = true;
      return new Promise(() => {});
    });
    await stuck.add({ amount: 1 });
    await expect.poll(() => taken).toBe(true);
    expect(await stuck.close({ graceMs: 50 })).toEqual({ left: 1 });
  });
});
