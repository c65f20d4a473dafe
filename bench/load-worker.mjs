// One contestant's load test, in a process of its own: node bench/load-worker.mjs integ|autocannon URL CONNECTIONS SECONDS MODULE.
// Prints its requests, those a second, and microseconds of its own CPU for each.
import { pathToFileURL } from "node:url";

const [contestant, url, connectionsText, secondsText, file] = process.argv.slice(2);
const connections = Number(connectionsText);
const seconds = Number(secondsText);
const module = await import(pathToFileURL(file).href);

async function integ() {
  const { createHttpClient, runLoad, QuotaLedger, subjectOfUrl } = module;
  const { clock } = await import("./support.mjs");
  const client = createHttpClient({ env: {}, clock });
  return async () => {
    const settings = { concurrency: connections, durationMs: seconds * 1000, timeoutMs: 5000 };
    const deps = { client, clock, ledger: new QuotaLedger() };
    const { requests, failures, durationMs } = await runLoad(subjectOfUrl(url), settings, deps);
    if (Object.keys(failures).length > 0) throw new Error(JSON.stringify(failures));
    await client.close();
    return { requests, seconds: durationMs / 1000 };
  };
}

async function autocannon() {
  const { default: run } = module;
  return async () => {
    const { requests, errors, duration } = await run({ url, connections, duration: seconds });
    if (errors > 0) throw new Error(`${errors} errors`);
    return { requests: requests.total, seconds: duration };
  };
}

const test = await { integ, autocannon }[contestant]();
const before = process.cpuUsage();
const { requests, seconds: took } = await test();
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ requests, perSecond: requests / took, cpuUs: (user + system) / requests }));
