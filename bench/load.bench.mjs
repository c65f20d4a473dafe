// Throughput at 50 connections against autocannon, and 1,000 endpoints in one pass against bare undici.
import { execFileSync } from "node:child_process";
import { Client } from "undici";
import { median } from "./measure.mjs";
import { clock, source, startServer } from "./support.mjs";

export const name = "load";

const CONNECTIONS = 50;
const SECONDS = 3;
const ROUNDS = 3;
const ENDPOINTS = 1000;
const CONCURRENCY = 8;

function autocannon(url) {
  const out = execFileSync(
    "npx",
    ["--yes", "autocannon@9.0.0", "-j", "-c", String(CONNECTIONS), "-d", String(SECONDS), url],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  return JSON.parse(out).requests.average;
}

async function integ(url) {
  const { createHttpClient } = await source("src/http/client.ts");
  const { runLoad } = await source("src/probe/load.ts");
  const { QuotaLedger } = await source("src/probe/ledger.ts");
  const { subjectOfUrl } = await source("src/probe/subject.ts");
  const client = createHttpClient({ env: {}, clock });
  const settings = { concurrency: CONNECTIONS, durationMs: SECONDS * 1000, timeoutMs: 5000 };
  const before = process.memoryUsage().rss;
  const { requests, durationMs } = await runLoad(subjectOfUrl(url), settings, {
    client,
    clock,
    ledger: new QuotaLedger(),
  });
  await client.close();
  return { perSecond: requests / (durationMs / 1000), grownMb: (process.memoryUsage().rss - before) / 1e6 };
}

async function bareUndici(url) {
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      const client = new Client(new URL(url).origin);
      while (next++ < ENDPOINTS) {
        const { body } = await client.request({ path: `/${next}`, method: "GET" });
        await body.text();
      }
      await client.close();
    }),
  );
  return performance.now() - started;
}

async function probeAll(url) {
  const { createHttpClient } = await source("src/http/client.ts");
  const { probeAll } = await source("src/probe/run-all.ts");
  const { subjectOfUrl } = await source("src/probe/subject.ts");
  const subjects = Array.from({ length: ENDPOINTS }, (_, index) => ({
    ...subjectOfUrl(`${url}${index}`),
    quotaKey: String(index % CONCURRENCY),
  }));
  const client = createHttpClient({ env: {}, clock });
  const started = performance.now();
  const results = await probeAll(
    subjects,
    { samples: 1, cold: 0, deadlines: { deadlineMs: 5000 }, pauseMs: 0 },
    { client, clock, random: Math.random },
  );
  const ms = performance.now() - started;
  if (results.some(({ samples }) => samples[0]?.status !== 200))
    throw new Error("an endpoint was not answered");
  await client.close();
  return ms;
}

async function throughput(print) {
  const server = await startServer();
  try {
    const rounds = { autocannon: [], integ: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rounds.autocannon.push(autocannon(server.url));
      const { perSecond, grownMb } = await integ(server.url);
      rounds.integ.push(perSecond);
      print(
        `  round ${round + 1}: autocannon ${rounds.autocannon.at(-1).toFixed(0)}/s, integ ${perSecond.toFixed(0)}/s, memory ${grownMb.toFixed(1)} MB`,
      );
    }
    const [theirs, ours] = ["autocannon", "integ"].map((who) => median(rounds[who]));
    print(
      `throughput at ${CONNECTIONS} connections: integ ${ours.toFixed(0)}/s, autocannon ${theirs.toFixed(0)}/s, ratio ${(ours / theirs).toFixed(2)} (goal: at least 1)`,
    );
  } finally {
    server.stop();
  }
}

/** A server that answers at once measures our overhead alone; one that takes 10 ms is as near as a real API gets. */
async function manyEndpoints(print, delayMs) {
  const server = await startServer({ delayMs });
  const rounds = { undici: [], probe: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      rounds.undici.push(await bareUndici(server.url));
      rounds.probe.push(await probeAll(server.url));
    }
  } finally {
    server.stop();
  }
  const [bare, pass] = ["undici", "probe"].map((who) => median(rounds[who]));
  print(
    `${ENDPOINTS} endpoints, ${CONCURRENCY} at a time, server takes ${delayMs} ms: integ ${pass.toFixed(0)} ms, bare undici ${bare.toFixed(0)} ms, ratio ${(pass / bare).toFixed(2)} (goal: at most 1.5)`,
  );
}

export async function run(print) {
  await throughput(print);
  for (const delayMs of [0, 10]) await manyEndpoints(print, delayMs);
}
