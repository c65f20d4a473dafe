// Throughput at 50 connections against autocannon, 1,000 endpoints in one pass against bare undici, memory over a million samples.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { median } from "./measure.mjs";
import { clock, startServer } from "./support.mjs";

export const name = "load";

const CONNECTIONS = 50;
const SECONDS = 3;
const ROUNDS = 3;
const ENDPOINTS = 1000;
const CONCURRENCY = 8;
const SAMPLES = Number(process.env.BENCH_SAMPLES ?? 1_000_000);

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

/** In a process of its own, as autocannon is. */
function integ({ file }, url) {
  const worker = fileURLToPath(new URL("load-worker.mjs", import.meta.url));
  const args = [worker, file, url, String(CONNECTIONS), String(SECONDS)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })).perSecond;
}

/** A Node server is soon the slower of the two, and then both contestants wait for it; nginx, where the machine has it, waits for them. */
async function throughput(print, shipped, preferNginx) {
  const server = await startServer({ preferNginx });
  try {
    const rounds = { autocannon: [], integ: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rounds.autocannon.push(autocannon(server.url));
      rounds.integ.push(integ(shipped, server.url));
    }
    const [theirs, ours] = ["autocannon", "integ"].map((who) => median(rounds[who]));
    print(
      `throughput at ${CONNECTIONS} connections, ${preferNginx ? "nginx where it is installed" : "Node server"}: integ ${ours.toFixed(0)}/s, autocannon ${theirs.toFixed(0)}/s, ratio ${(ours / theirs).toFixed(2)} (goal: at least 1)`,
    );
  } finally {
    server.stop();
  }
}

/** Memory of a load test that goes on until it has a million samples. */
async function memory(print, { createHttpClient, runLoad, QuotaLedger, subjectOfUrl }) {
  const server = await startServer({ preferNginx: true });
  const client = createHttpClient({ env: {}, clock });
  const stop = new AbortController();
  const marks = [SAMPLES / 10, SAMPLES / 2, SAMPLES];
  const seen = [];
  try {
    const settings = { concurrency: CONNECTIONS, durationMs: 3_600_000, timeoutMs: 5000 };
    await runLoad(subjectOfUrl(server.url), settings, {
      client,
      clock,
      ledger: new QuotaLedger(),
      signal: stop.signal,
      onProgress: ({ requests }) => {
        const mark = marks[seen.length];
        if (mark === undefined || requests < mark) return;
        seen.push(`${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB at ${mark.toLocaleString("en")}`);
        if (seen.length === marks.length) stop.abort();
      },
    });
  } finally {
    await client.close();
    server.stop();
  }
  print(`memory over a load test (resident set): ${seen.join(", ")} samples (goal: flat)`);
}

/**
 * A server that answers at once measures our overhead alone; one that takes 10 ms is as near as a real API gets. The first pass
 * of a process is what a person waits for: connections are opened, and code is loaded and compiled. Later ones show our own
 * work alone.
 */
async function manyEndpoints(print, { file }, delayMs) {
  const server = await startServer({ delayMs });
  const worker = fileURLToPath(new URL("pass-worker.mjs", import.meta.url));
  const seen = { undici: [], probe: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const contestant of Object.keys(seen)) {
        const args = [worker, contestant, server.url, String(ENDPOINTS), String(CONCURRENCY), file];
        seen[contestant].push(JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })));
      }
    }
  } finally {
    server.stop();
  }
  for (const [pass, goal] of [
    ["first", "goal: at most 1.5"],
    ["warm", "no goal: nobody waits for a second pass of the same process"],
  ]) {
    const [bare, ours] = ["undici", "probe"].map((who) => median(seen[who].map((one) => one[pass])));
    print(
      `${ENDPOINTS} endpoints, ${CONCURRENCY} at a time, server takes ${delayMs} ms, ${pass} pass: integ ${ours.toFixed(0)} ms, bare undici ${bare.toFixed(0)} ms, ratio ${(ours / bare).toFixed(2)} (${goal})`,
    );
  }
}

export async function run(print) {
  const shipped = await bundle("bench/probe-entry.ts");
  try {
    for (const preferNginx of [false, true]) await throughput(print, shipped, preferNginx);
    for (const delayMs of [0, 10]) await manyEndpoints(print, shipped, delayMs);
    await memory(print, shipped.module);
  } finally {
    shipped.remove();
  }
}
