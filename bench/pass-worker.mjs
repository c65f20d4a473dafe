// One contestant's passes over many endpoints, in a process of its own: node bench/pass-worker.mjs undici|probe URL ENDPOINTS CONCURRENCY BUNDLE.
// Prints the milliseconds from the start of the process to the end of its first pass, loading included, and the median of five more passes.
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { median } from "./measure.mjs";

const [contestant, url, endpointsText, concurrencyText, bundled] = process.argv.slice(2);
const endpoints = Number(endpointsText);
const concurrency = Number(concurrencyText);

async function bareUndici() {
  const { Client } = await import("undici");
  return async () => {
    let next = 0;
    const work = async () => {
      const client = new Client(new URL(url).origin);
      while (next++ < endpoints) {
        const { body } = await client.request({ path: `/${next}`, method: "GET" });
        await body.text();
      }
      await client.close();
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  };
}

async function prober() {
  const { createHttpClient, probeAll, subjectOfUrl } = await import(pathToFileURL(bundled).href);
  const clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => {} };
  return async () => {
    const subjects = Array.from({ length: endpoints }, (_, index) => ({
      ...subjectOfUrl(`${url}${index}`),
      quotaKey: String(index % concurrency),
    }));
    const client = createHttpClient({ env: {}, clock });
    const options = { samples: 1, cold: 0, pauseMs: 0, parallel: concurrency };
    const results = await probeAll(subjects, options, { client, clock, random: Math.random });
    await client.close();
    if (results.some(({ samples }) => samples[0]?.status !== 200))
      throw new Error("an endpoint was not answered");
  };
}

const pass = await (contestant === "undici" ? bareUndici() : prober());
const passes = [];
for (let turn = 0; turn < 6; turn++) {
  const started = performance.now();
  await pass();
  passes.push(performance.now() - (turn === 0 ? 0 : started));
}
console.log(JSON.stringify({ first: passes[0], warm: median(passes.slice(1)) }));
