import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { infer } from "../../../src/contract/infer.ts";
import { writeContract } from "../../../src/contract/store.ts";
import { binary } from "../../support/cli.ts";
import { projectWith, serve, shop } from "../project.ts";

export const ENDPOINTS = 24;
/** Built at run time: no key stands in this file. */
export const KEY = ["sk", "test", "w0rker".repeat(4)].join("_");
const manifest = [
  ...Array.from({ length: ENDPOINTS }, (_, i) => `  e${i}: { request: GET /e${i}, consumer: Thing }`),
  "auth: { scheme: bearer, secret: api_key }",
  "secrets: { api_key: { env: ACME_API_KEY, rotateEvery: 90d } }",
].join("\n");

/** Everything of a report but what was measured, which no two runs have in common. */
export function findingsOf(stdout: string) {
  const { findings, summary, endpoints } = JSON.parse(stdout);
  const names = endpoints.map(
    ({ integration, version, environment, endpoint, state }: Record<string, unknown>) =>
      [integration, version, environment, endpoint, state].join(" "),
  );
  return { findings, summary, names };
}

export const env = { ACME_API_KEY: KEY };

const started: ChildProcess[] = [];

/** Ends whatever workers a test has left. */
export function endWorkers(): void {
  for (const worker of started) if (worker.exitCode === null) worker.kill("SIGKILL");
}

export type RunningWorker = ReturnType<typeof startWorker>;

/** `integ worker` as a process of its own, two pieces at a time, its leases short. */
export function startWorker(cwd: string, redisUrl: string) {
  const { PATH, HOME } = process.env;
  const args = [binary, "worker", "--redis", redisUrl, "--lease", "1s", "--concurrency", "2"];
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
  started.push(child);
  return { child, ready: () => said.includes("Waiting for work"), said: () => said };
}

/** The exit code of a worker, once it has ended. */
export const ended = async (worker: RunningWorker | undefined): Promise<unknown> =>
  worker?.child.exitCode ?? (worker && (await once(worker.child, "exit"))[0]);

/** A provider that drifted at some endpoints, is down at others, and holds answers back while it is told to. */
export async function drifting() {
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
