import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { infer } from "../../../src/contract/infer.ts";
import { writeContract } from "../../../src/contract/store.ts";
import { hasRedis, startRedis } from "../../runtime/redis.ts";
import { binary, run, temporaryDirectory } from "../../support/cli.ts";
import { integInProcess } from "../../support/in-process.ts";
import { projectWith, serve, shop } from "../project.ts";

const ENDPOINTS = 24;
/** Built at run time: no key stands in this file. */
const KEY = ["sk", "test", "w0rker".repeat(4)].join("_");
const manifest = [
  ...Array.from({ length: ENDPOINTS }, (_, i) => `  e${i}: { request: GET /e${i}, consumer: Thing }`),
  "auth: { scheme: bearer, secret: api_key }",
  "secrets: { api_key: { env: ACME_API_KEY, rotateEvery: 90d } }",
].join("\n");

/** Everything of a report but what was measured, which no two runs have in common. */
function findingsOf(stdout: string) {
  const { findings, summary, endpoints } = JSON.parse(stdout);
  const names = endpoints.map(
    ({ integration, version, environment, endpoint, state }: Record<string, unknown>) =>
      [integration, version, environment, endpoint, state].join(" "),
  );
  return { findings, summary, names };
}

describe.skipIf(!hasRedis)("integ check --redis", () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const worker of workers) if (worker.exitCode === null) worker.kill("SIGKILL");
    await redis.end();
  });

  const env = { ACME_API_KEY: KEY };
  const startWorker = (cwd: string, ...more: string[]) => {
    const { PATH, HOME } = process.env;
    const args = [binary, "worker", "--redis", redis.url, "--lease", "1s", "--concurrency", "2", ...more];
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH, HOME, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    child.stdout.on("data", (text) => {
      said += text;
    });
    workers.push(child);
    return { child, ready: () => said.includes("Waiting for work"), said: () => said };
  };

  const ended = async (worker: ReturnType<typeof startWorker> | undefined): Promise<unknown> =>
    worker?.child.exitCode ?? (worker && (await once(worker.child, "exit"))[0]);

  /** A provider that drifted at some endpoints, is down at others, and holds answers back while it is told to. */
  async function drifting() {
    const asked: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let holding = false;
    let waiting = 0;
    const url = await serve(async (request, response) => {
      const number = Number(request.url?.slice(2));
      asked.push(request.url ?? "");
      if (holding && number % 3 === 0) {
        waiting++;
        await held;
      }
      if (number === 5) return void response.writeHead(503).end();
      const whole = { id: `t_${number}`, email: "p@example.com" };
      response.writeHead(200, {
        "content-type": "application/json",
        "x-ratelimit-limit": "1000",
        "x-ratelimit-remaining": "900",
        "x-ratelimit-reset": "600",
      });
      response.end(
        JSON.stringify(number % 6 === 1 ? { id: "t" } : number % 6 === 2 ? { ...whole, added: 1 } : whole),
      );
    });
    const cwd = await projectWith(
      shop(url, {
        manifest,
        config: "secrets: { store: env }\nrules: { contract/not-recorded: off, probe/server-error: info }\n",
      }),
    );
    const samples = Array.from({ length: 40 }, (_, i) => ({ id: `t_${i}`, email: `p${i}@example.com` }));
    const shape = await infer(samples);
    for (let i = 0; i < ENDPOINTS; i++) {
      await writeContract(join(cwd, `src/integrations/acme/v1/contract/e${i}.json`), {
        shape,
        request: `GET /e${i}`,
        status: 200,
        contentType: "application/json",
        samples: 40,
        headers: [],
        title: `e${i}`,
      });
    }
    return {
      cwd,
      asked,
      waiting: () => waiting,
      release,
      hold: () => {
        holding = true;
      },
    };
  }

  test("three workers, one killed in the middle: the report of one process, each target once, no secret in Redis", async () => {
    const { cwd, asked, waiting, hold, release } = await drifting();
    const alone = await integInProcess(["check", "--json"], { cwd, env });
    expect(alone.code).toBe(1);

    const told: string[] = [];
    const monitor = await redis.connect().monitor();
    monitor.on("monitor", (_time: string, words: string[]) => told.push(words.join(" ")));
    const three = [startWorker(cwd), startWorker(cwd), startWorker(cwd)];
    await expect.poll(() => three.every(({ ready }) => ready()), { timeout: 30_000 }).toBe(true);
    asked.length = 0;
    hold();
    const together = integInProcess(["check", "--json", "--redis", redis.url], { cwd, env });
    // Each of the three has its hands full: what the provider holds back.
    await expect.poll(waiting, { timeout: 30_000 }).toBe(6);
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

test("without the packages --redis says which are missing", async () => {
  const alone = await temporaryDirectory();
  const root = binary.replace(/bin.integ\.js$/, "");
  for (const part of ["bin", "dist", "package.json"])
    await cp(join(root, part), join(alone, part), { recursive: true });
  await mkdir(join(alone, "node_modules"));
  for (const name of ["oxc-parser", "jiti"])
    await symlink(join(root, "node_modules", name), join(alone, "node_modules", name));
  await writeFile(join(alone, "integ.config.yaml"), "project: alone\n");
  const ran = await run(process.execPath, [join(alone, "bin/integ.js"), "worker"], { cwd: alone });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("npm install --save-dev bullmq ioredis");
});
