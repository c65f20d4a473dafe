// `integ/runtime` beside the bare transports it stands on, and beside axios with axios-retry and opossum.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Agent, request } from "undici";
import { createClient, undiciTransport } from "../dist/runtime.js";
import { interleave, median, ratioOf } from "./measure.mjs";
import { clientPeers } from "./peers.mjs";
import { startServer } from "./support.mjs";

export const name = "runtime";

const runtime = fileURLToPath(new URL("../dist/runtime.js", import.meta.url));
const emptyModule = fileURLToPath(new URL("../test/support/empty-module.mjs", import.meta.url));
const headers = { accept: "application/json" };
const GOALS = { bare: 1.05, importMs: 15, heapMb: 5 };
const verdict = (ok) => (ok ? "ok" : "missed");

/** axios with what it takes to do the same: retries with backoff, a circuit breaker, a timeout. */
function axiosStack({ require }, url) {
  const axios = require("axios");
  const retry = require("axios-retry");
  const CircuitBreaker = require("opossum");
  const http = require("node:http");
  const client = axios.create({ timeout: 20_000, headers, httpAgent: new http.Agent({ keepAlive: true }) });
  retry.default(client, { retries: 2, retryDelay: retry.exponentialDelay });
  const breaker = new CircuitBreaker(() => client.get(url), {
    timeout: 60_000,
    volumeThreshold: 10,
    capacity: 1000,
  });
  return async () => (await breaker.fire()).data;
}

/** The least that anybody does with a response. */
function readBare(response) {
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function contestants({ url }) {
  const options = { integration: "bench", version: "v1", baseUrl: url.slice(0, -1), env: {} };
  const overFetch = createClient(options);
  const overUndici = createClient({ ...options, transport: undiciTransport(new Agent()) });
  const call = { operation: "get", method: "GET", path: "/" };
  const peers = clientPeers();
  return {
    fetch: async () => readBare(await fetch(url, { headers })),
    "integ on fetch": () => overFetch.request(call),
    "undici.request": async () => {
      const { statusCode, body } = await request(url, { headers });
      if (statusCode >= 300) throw new Error(String(statusCode));
      return body.json();
    },
    "integ on undici": () => overUndici.request(call),
    ...(peers ? { "axios, axios-retry, opossum": axiosStack(peers, url) } : {}),
  };
}

const inRow = (work, count) => async () => {
  for (let i = 0; i < count; i++) await work();
};

const atOnce = (work, count) => async () => {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: 50 }, lane));
};

/** The middle ratio, and where the true one lies. */
const told = ({ middle, low, high }) => `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

/**
 * Short blocks and many rounds: what slows the machine down for a while slows all that run in that round, and the garbage
 * of one contestant is collected in another's block as often as the other way round.
 */
async function requests(print, server) {
  const all = contestants(server);
  for (const [label, way, count] of [
    ["one after another", inRow, 20],
    ["50 at once", atOnce, 100],
  ]) {
    // Warm: compilers take their time, and a service makes more than its first thousand calls.
    for (const work of Object.values(all)) await atOnce(work, 10_000)();
    const runs = Object.fromEntries(Object.entries(all).map(([one, work]) => [one, way(work, count)]));
    const cpu = {};
    const times = await interleave(runs, { rounds: 300, cpu });
    print(`${label}, ratios of the middle with their bounds of 95 in 100:`);
    for (const one of Object.keys(all)) {
      const bare = one.includes("undici") ? "undici.request" : "fetch";
      const wall = ratioOf(times[one], times[bare]);
      const goal = one.startsWith("integ")
        ? `, goal ${GOALS.bare}: ${verdict(wall.middle <= GOALS.bare)}`
        : "";
      const micro = (median(times[one]) / count) * 1000;
      const own = median(cpu[one]) / count;
      const beside = `${told(wall)} x ${bare}${goal}; CPU ${told(ratioOf(cpu[one], cpu[bare]))} x`;
      print(`  ${one}: ${micro.toFixed(0)} µs a request, ${own.toFixed(0)} µs of CPU; ${beside}`);
    }
    const peer = "axios, axios-retry, opossum";
    if (!times[peer]) continue;
    for (const one of ["integ on fetch", "integ on undici"]) {
      const ahead = ratioOf(times[one], times[peer]);
      print(`  ${one}: ${told(ahead)} x ${peer} (${verdict(ahead.middle < 1)})`);
    }
  }
}

async function importing(print) {
  const load = (what) => () => {
    const code = `await import(${JSON.stringify(what)})`;
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    if (status !== 0) throw new Error(`${what} cannot be loaded`);
  };
  const contestants = {
    nothing: load("data:text/javascript,"),
    empty: load(emptyModule),
    runtime: load(runtime),
  };
  const { nothing, empty, runtime: whole } = await interleave(contestants, { rounds: 40 });
  const more = (than) => median(whole.map((ms, round) => ms - than[round]));
  const least = Math.min(...whole) - Math.min(...empty);
  // Milliseconds are the machine's: beside them, how much of a start of Node they are. The first file of all costs Node what
  // reads files, whoever it is of: an application has paid for that when it imports the runtime.
  print(
    `import: ${more(empty).toFixed(1)} ms more than an empty file, ${least.toFixed(1)} ms at the least (goal ${GOALS.importMs}: ${verdict(more(empty) <= GOALS.importMs)}); ${more(nothing).toFixed(1)} ms more than no file at all; ${told(ratioOf(whole, empty))} x a start of Node`,
  );
}

/** A million calls in a process of its own, on a transport in memory. */
function heap(print) {
  const code = `
    import { createClient } from ${JSON.stringify(runtime)};
    const head = { status: 200, headers: { "content-type": "application/json", "x-ratelimit-limit": "1000000000", "x-ratelimit-remaining": "999999999", "x-ratelimit-reset": "60" }, asHeaders: () => new Headers() };
    const transport = async (_request, _scope, onHead) => { onHead(head); return '{"ok":true}'; };
    const client = createClient({ integration: "bench", version: "v1", baseUrl: "http://127.0.0.1", env: {}, transport });
    const run = async (count) => { for (let i = 0; i < count; i++) await client.request({ operation: "get", method: "GET", path: "/", query: { i }, cache: i % 10 === 0 ? {} : undefined }); gc(); return process.memoryUsage().heapUsed / 1e6; };
    const before = await run(50_000);
    console.log(JSON.stringify([before, await run(950_000)]));`;
  const [before, after] = JSON.parse(
    execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", code], { encoding: "utf8" }),
  );
  const more = after - before;
  print(
    `heap: ${before.toFixed(1)} MB after 50,000 calls, ${after.toFixed(1)} MB after a million (goal ${GOALS.heapMb} MB more: ${verdict(more <= GOALS.heapMb)})`,
  );
}

export async function run(print) {
  const server = await startServer();
  try {
    await requests(print, server);
  } finally {
    server.stop();
  }
  await importing(print);
  heap(print);
}
