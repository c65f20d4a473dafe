import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Board } from "../../../src/check/redis/board.ts";
import { HostSeats } from "../../../src/check/redis/seats.ts";
import { hasRedis, startRedis } from "../../runtime/redis.ts";

const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms: number, signal?: AbortSignal) => delay(ms, undefined, { signal }),
};
const never = new AbortController().signal;

describe.skipIf(!hasRedis)("the seats of a host", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.end());

  const worker = ({ leaseMs = 5000 } = {}) => {
    const board = new Board(redis.connect(), { queue: "q", project: "p", version: "1.0.0" });
    return { board, seats: new HostSeats({ board, clock, perHost: 2, leaseMs }) };
  };

  test("all workers together have no more requests under way with one host than it has seats; other hosts do not wait", async () => {
    const workers = [worker(), worker(), worker()];
    let busy = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++busy);
      await delay(20);
      busy--;
    };
    const other = workers.map(({ seats }, index) =>
      seats.run(`other${index}.example`, never, async () => index),
    );
    await Promise.all(
      workers.flatMap(({ seats }) => Array.from({ length: 4 }, () => seats.run("a.example", never, work))),
    );
    expect(most).toBe(2);
    expect(await Promise.all(other)).toEqual([0, 1, 2]);
  });

  test("work that takes longer than the lease keeps its seat; what a dead worker held comes free", async () => {
    const { board, seats } = worker({ leaseMs: 150 });
    const take = (holder: string) => board.takeSeat("b.example", holder, { seats: 2, leaseMs: 150 });
    expect(await take("dead")).toBe(true);
    let during: boolean[] = [];
    await seats.run("b.example", never, async () => {
      expect(await take("late")).toBe(false);
      await delay(400);
      during = [await take("third"), await take("fourth")];
    });
    expect(during).toEqual([true, false]);
  });

  test("who waits for a seat can be called off, and waits for none where Redis is lost", async () => {
    const { board, seats } = worker();
    for (const holder of ["one", "two"])
      await board.takeSeat("c.example", holder, { seats: 2, leaseMs: 5000 });
    const stop = AbortSignal.timeout(100);
    await expect(seats.run("c.example", stop, async () => "sent")).rejects.toThrow();
    const lost = {
      takeSeat: () => Promise.reject(new Error("gone")),
      leaveSeat: () => Promise.reject(new Error("gone")),
    };
    const alone = new HostSeats({ board: lost, clock, perHost: 2, leaseMs: 5000 });
    expect(await alone.run("c.example", never, async () => "sent")).toBe("sent");
  });
});
