import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QueueUnavailableError, redisQueue } from "../../../src/runtime/index.ts";
import { repositoryFile } from "../../support/markdown.ts";
import { hasRedis, startRedis } from "../redis.ts";

const JOBS = 40;
const ids = Array.from({ length: JOBS }, (_, index) => `evt_${index}`).sort();

describe.skipIf(!hasRedis)("a queue on Redis loses no job", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  const workers: ChildProcess[] = [];
  const startWorker = (name: string, ...more: string[]) => {
    const file = repositoryFile("test/runtime/queue/worker.mjs");
    const worker = spawn(process.execPath, [file, redis.url, name, ...more], { stdio: "inherit" });
    workers.push(worker);
    return worker;
  };
  beforeAll(async () => {
    redis = await startRedis({ keeps: true });
  });
  afterAll(async () => {
    for (const worker of workers) if (worker.exitCode === null) worker.kill("SIGKILL");
    await redis.end();
  });

  test("when one of two workers is killed with jobs in its hands", async () => {
    const name = "killed";
    const client = redis.connect();
    const queue = await redisQueue<number>({ name, url: redis.url });
    const victim = startWorker(name, "hangs");
    for (const id of ids) await queue.add(1, { id });
    await expect.poll(() => client.llen(`${name}:started`), { timeout: 20_000 }).toBe(4);
    startWorker(name);
    victim.kill("SIGKILL");
    await once(victim, "exit");
    const effects = async () => (await client.lrange(`${name}:effects`, 0, -1)).sort();
    await expect.poll(effects, { timeout: 30_000 }).toEqual(ids);
    const started = await client.lrange(`${name}:started`, 0, -1);
    const inHand = started
      .filter((line) => line.startsWith(`${victim.pid} `))
      .map((line) => line.split(" ")[1]);
    expect(inHand).toHaveLength(4);
    await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0, dead: 0 });
    await queue.close();
  });

  test("when Redis is killed in the middle and comes back; adding meanwhile says so at once", async () => {
    const done: string[] = [];
    const troubles: unknown[] = [];
    const queue = await redisQueue<number>({
      name: "gone",
      url: redis.url,
      leaseMs: 500,
      timeoutMs: 2000,
      onEvent: (event) => void (event.type === "trouble" && troubles.push(event.error)),
    });
    for (const id of ids) await queue.add(1, { id });
    queue.work(
      async ({ id }) => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        done.push(id);
      },
      { concurrency: 2 },
    );
    await expect.poll(() => done.length, { timeout: 20_000 }).toBeGreaterThan(5);
    await redis.kill();
    await expect(queue.add(1, { id: "meanwhile" })).rejects.toThrow(QueueUnavailableError);
    await redis.startAgain();
    await expect
      .poll(() => queue.add(1, { id: "meanwhile" }).catch(() => "not yet"), { timeout: 20_000 })
      .toBe("meanwhile");
    // At least once each: those that were under way when Redis went may come again.
    await expect
      .poll(() => [...new Set(done)].sort(), { timeout: 30_000 })
      .toEqual([...ids, "meanwhile"].sort());
    expect(troubles.length).toBeGreaterThan(0);
    await queue.close();
  });

  test("and its process ends when it is closed, though a job never ends, or Redis is gone", async () => {
    const client = redis.connect();
    const queue = await redisQueue<number>({ name: "ends", url: redis.url });
    const stuck = startWorker("ends", "hangs");
    await queue.add(1);
    await expect.poll(() => client.llen("ends:started"), { timeout: 20_000 }).toBe(1);
    stuck.kill("SIGTERM");
    expect(await once(stuck, "exit")).toEqual([0, null]);
    const orphan = startWorker("ends");
    await expect.poll(() => client.llen("ends:effects"), { timeout: 20_000 }).toBe(1);
    await redis.kill();
    orphan.kill("SIGTERM");
    expect(await once(orphan, "exit")).toEqual([0, null]);
    await redis.startAgain();
    await queue.close();
  });
});
