import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Meeting, meet } from "../../../src/check/redis/meet.ts";
import { loadProject } from "../../../src/config/load.ts";
import { VERSION } from "../../../src/version.ts";
import { hasRedis, startRedis } from "../../runtime/redis.ts";
import { binary, run, temporaryDirectory } from "../../support/cli.ts";
import { integInProcess } from "../../support/in-process.ts";
import { projectWith, shop } from "../project.ts";
import { drifting, ENDPOINTS, ended, endWorkers, env, findingsOf, KEY, startWorker } from "./world.ts";

describe.skipIf(!hasRedis)("integ check --redis", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    endWorkers();
    await redis.end();
  });

  test("three workers, one killed in the middle: the report of one process, each target once, no secret in Redis", async () => {
    const { cwd, asked, waiting, hold, release } = await drifting();
    const alone = await integInProcess(["check", "--json"], { cwd, env });
    expect(alone.code).toBe(1);

    const told: string[] = [];
    const monitor = await redis.connect().monitor();
    monitor.on("monitor", (_time: string, words: string[]) => told.push(words.join(" ")));
    const three = [0, 1, 2].map(() => startWorker(cwd, redis.url));
    await expect.poll(() => three.every(({ ready }) => ready()), { timeout: 30_000 }).toBe(true);
    asked.length = 0;
    hold();
    const together = integInProcess(["check", "--json", "--redis", redis.url], { cwd, env });
    // The provider holds back as many as may be under way with one host: six hands, four seats.
    await expect.poll(waiting, { timeout: 30_000 }).toBe(4);
    const [victim, leaver, stayer] = three;
    victim?.child.kill("SIGKILL");
    // Asked to end, one finishes what it has in hand and takes no more.
    leaver?.child.kill("SIGTERM");
    release();
    expect(await ended(leaver)).toBe(0);
    const ran = await together;
    expect(`${ran.code} ${ran.stderr}`).toMatch(/^1 /);
    expect(findingsOf(ran.stdout)).toEqual(findingsOf(alone.stdout));
    // Every target was asked; what the dead one had in hand was asked again.
    expect(new Set(asked).size).toBe(ENDPOINTS + 1);
    expect(asked.length).toBeGreaterThan(new Set(asked).size);
    expect(told.length).toBeGreaterThan(ENDPOINTS);
    expect(told.filter((line) => line.includes(KEY))).toEqual([]);
    monitor.disconnect();
    stayer?.child.kill("SIGTERM");
    expect(await ended(stayer)).toBe(0);
    const done = [leaver, stayer].map((one) =>
      Number(/(\d+) pieces? of work done/.exec(one?.said() ?? "")?.[1]),
    );
    // The dead one may have finished some before; no piece was done by two that count.
    expect(done.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(ENDPOINTS + 2);
  }, 120_000);

  test("without a worker, what was not reached in time is inconclusive, and nothing stays behind", async () => {
    const { cwd } = await drifting();
    const args = ["check", "--redis", redis.url, "--max-time", "300ms", "--only", "probe,contract"];
    const { code, stdout } = await integInProcess([...args, "--json"], { cwd, env });
    expect(code).toBe(3);
    const { findings } = JSON.parse(stdout);
    expect(new Set(findings.map(({ rule }: { rule: string }) => rule))).toEqual(
      new Set(["check/out-of-time"]),
    );
    expect(findings).toHaveLength(ENDPOINTS + 1);
    const left = await redis.connect().keys("*");
    expect(left.filter((key) => /:(run|results):|:wait$/.test(key))).toEqual([]);
  });

  test("workers that take nothing are told with why: they have another integ, or other files", async () => {
    const { cwd } = await drifting();
    const others: Meeting[] = [];
    // Workers of other tests, killed just now, would count for a while.
    await redis.connect().flushall();
    const stand = async (version: string) => {
      const project = await loadProject({ cwd });
      const meeting = await meet(project, { redis: redis.url, version, env: {} });
      others.push(meeting);
      await meeting.board.present(version);
    };
    try {
      await stand("0.0.1");
      await writeFile(join(cwd, "src/integrations/acme/v1/more.ts"), "export {};\n");
      await stand(VERSION);
      await writeFile(join(cwd, "src/integrations/acme/v1/more.ts"), "export const more = 1;\n");
      const args = ["check", "acme/e1", "--redis", redis.url, "--max-time", "9s"];
      const { code, stderr } = await integInProcess(args, { cwd, env });
      expect(code).toBe(3);
      expect(stderr).toContain(`of integ ${VERSION} in a checkout of the same commit`);
      expect(stderr).toContain(`2 workers there: of integ 0.0.1, not ${VERSION}; in another state of`);
    } finally {
      for (const { close } of others) await close();
    }
  }, 60_000);

  test("a Redis that comes back without the run ends the check: nobody waits for ever; what is left there passes", async () => {
    const { cwd } = await drifting();
    const client = redis.connect();
    const checking = integInProcess(["check", "acme/e1", "--redis", redis.url], { cwd, env });
    await expect.poll(() => client.keys("*:run:*"), { timeout: 20_000 }).toHaveLength(1);
    await client.flushall();
    const { code, stderr } = await checking;
    expect([code, stderr]).toEqual([3, expect.stringContaining("Redis lost the run")]);
    await integInProcess(["check", "acme/e1", "--redis", redis.url, "--max-time", "100ms"], { cwd, env });
    const left = await client.keys("*");
    expect(left.length).toBeGreaterThan(0);
    for (const key of left)
      expect([key, await client.pttl(key)]).toEqual([key, expect.toSatisfy((ms: number) => ms > 0)]);
  });

  test("a Redis that is stopped and started again in the middle of a run: the report of one process", async () => {
    const own = await startRedis({ keeps: true });
    try {
      const { cwd, asked, waiting, hold, release } = await drifting();
      const alone = await integInProcess(["check", "--json"], { cwd, env });
      const two = [startWorker(cwd, own.url), startWorker(cwd, own.url)];
      await expect.poll(() => two.every(({ ready }) => ready()), { timeout: 30_000 }).toBe(true);
      asked.length = 0;
      hold();
      const together = integInProcess(["check", "--json", "--redis", own.url], { cwd, env });
      await expect.poll(waiting, { timeout: 30_000 }).toBe(4);
      await own.kill();
      // What the workers have in hand comes to its end while there is nobody to tell.
      release();
      await delay(1500);
      await own.startAgain();
      const ran = await together;
      expect(`${ran.code} ${ran.stderr}`).toMatch(/^1 /);
      expect(findingsOf(ran.stdout)).toEqual(findingsOf(alone.stdout));
      expect(new Set(asked).size).toBe(ENDPOINTS + 1);
      for (const { child } of two) child.kill("SIGTERM");
      expect(await Promise.all(two.map(ended))).toEqual([0, 0]);
    } finally {
      await own.end();
    }
  }, 120_000);

  test("what is wrong with the address, the password, the server is told apart", async () => {
    const cwd = await projectWith(shop("http://127.0.0.1:9"));
    const client = redis.connect();
    const word = "w0rd".repeat(3);
    const code = async (url: string, more: Record<string, string> = {}) => {
      const ran = await integInProcess(["check", "--redis", url], { cwd, env: more });
      expect(ran.stderr).not.toContain(word);
      return ran.code;
    };
    expect(await code("localhost:6379")).toBe(2);
    expect(await code(`redis://:${word}@127.0.0.1:6379`)).toBe(2);
    expect(await code("redis://127.0.0.1:9")).toBe(3);
    await client.config("SET", "requirepass", word);
    expect(await code(redis.url)).toBe(4);
    const right = await integInProcess(["check", "--redis", redis.url, "--max-time", "100ms"], {
      cwd,
      env: { INTEG_REDIS_PASSWORD: word },
    });
    expect(right.code).toBe(3);
    expect(right.stdout).toContain("check/out-of-time");
    await client.config("SET", "requirepass", "");
    expect((await integInProcess(["check", "--redis", redis.url, "--har-in", "x"], { cwd })).code).toBe(2);
  });
});

/** The built integ where neither package is beside it, and a project elsewhere: as with a global installation. */
async function integElsewhere() {
  const [alone, cwd] = [await temporaryDirectory(), await temporaryDirectory()];
  const root = binary.replace(/bin.integ\.cjs$/, "");
  for (const part of ["bin", "dist", "package.json"])
    await cp(join(root, part), join(alone, part), { recursive: true });
  await mkdir(join(alone, "node_modules"));
  for (const name of ["oxc-parser", "jiti"])
    await symlink(join(root, "node_modules", name), join(alone, "node_modules", name));
  await writeFile(join(cwd, "integ.config.yaml"), "project: alone\n");
  const worker = (...args: string[]) =>
    run(process.execPath, [join(alone, "bin/integ.cjs"), "worker", ...args], { cwd });
  return { cwd, worker, packages: join(root, "node_modules") };
}

test("without the packages --redis says which are missing; an integ installed elsewhere takes the project's", async () => {
  const { cwd, worker, packages } = await integElsewhere();
  const without = await worker();
  expect(without.code).toBe(2);
  expect(without.stderr).toContain("npm install --save-dev bullmq ioredis");
  await mkdir(join(cwd, "node_modules"));
  for (const name of ["bullmq", "ioredis"])
    await symlink(join(packages, name), join(cwd, "node_modules", name));
  const withThem = await worker("--redis", "redis://127.0.0.1:9");
  expect(`${withThem.code} ${withThem.stderr}`).toMatch(/^3 .*cannot be reached/s);
});
