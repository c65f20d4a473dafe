// Throughput at 50 connections against autocannon, 1,000 endpoints in one pass against bare undici, memory over a million samples.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { median } from "./measure.mjs";
import { loadPeers } from "./peers.mjs";
import { clock, cpuMs, startServer } from "./support.mjs";

export const name = "load";

const CONNECTIONS = 50;
const SECONDS = 3;
const ROUNDS = 5;
const ENDPOINTS = 1000;
const PASSES = 3;
const CONCURRENCY = 8;
const SAMPLES = Number(process.env.BENCH_SAMPLES ?? 1_000_000);

const SERVERS = [
  { title: "nginx", needs: "nginx", options: { preferNginx: true } },
  { title: "a server with one canned answer", options: { canned: true } },
  { title: "a server on node:http", options: {} },
];

/** Each contestant in a process of its own, by the same script. */
function contend(contestant, file, server) {
  const worker = fileURLToPath(new URL("load-worker.mjs", import.meta.url));
  const args = [worker, contestant, server.url, String(CONNECTIONS), String(SECONDS), file];
  const before = cpuMs(server.pid);
  const own = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  const serverMs = before === undefined ? Number.NaN : cpuMs(server.pid) - before;
  return { ...own, serverUs: (serverMs * 1000) / own.requests };
}

/**
 * Whoever of client and server takes more CPU is what the other waits for. Where that is the server, throughput is the
 * server's, of both contestants alike, and only their CPU tells them apart.
 */
async function throughput(print, files, { title, needs, options }) {
  if (needs && spawnSync(needs, ["-v"], { stdio: "ignore" }).error)
    return print(`throughput, ${title}: not installed`);
  const server = await startServer(options);
  const rounds = { integ: [], autocannon: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const order = Object.keys(rounds);
      if (Math.random() < 0.5) order.reverse();
      for (const who of order) rounds[who].push(contend(who, files[who], server));
    }
  } finally {
    server.stop();
  }
  const of = (who, what) => median(rounds[who].map((one) => one[what]));
  const ratio = median(rounds.integ.map(({ perSecond }, at) => perSecond / rounds.autocannon[at].perSecond));
  print(`throughput at ${CONNECTIONS} connections, ${title}, medians of ${ROUNDS}:`);
  for (const who of Object.keys(rounds)) {
    const [perSecond, own, served] = ["perSecond", "cpuUs", "serverUs"].map((what) => of(who, what));
    print(
      `  ${who.padEnd(10)} ${perSecond.toFixed(0).padStart(6)}/s, CPU for each request: its own ${own.toFixed(0)} µs, the server's ${served.toFixed(0)} µs`,
    );
  }
  const waits =
    of("integ", "serverUs") > of("integ", "cpuUs") ? "; the server is the slower: both wait for it" : "";
  print(
    `  ratio ${ratio.toFixed(2)} (goal: at least 1${waits}), of CPU ${(of("integ", "cpuUs") / of("autocannon", "cpuUs")).toFixed(2)}`,
  );
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
    for (let round = 0; round < PASSES; round++) {
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
    const peers = loadPeers();
    if (!peers) print("throughput: autocannon is not at hand, and the registry cannot be reached");
    else {
      const files = { integ: shipped.file, autocannon: peers.require.resolve("autocannon") };
      for (const server of SERVERS) await throughput(print, files, server);
    }
    for (const delayMs of [0, 10]) await manyEndpoints(print, shipped, delayMs);
    await memory(print, shipped.module);
  } finally {
    shipped.remove();
  }
}
