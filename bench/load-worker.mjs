// integ's load test, in a process of its own: node bench/load-worker.mjs BUNDLE URL CONNECTIONS SECONDS. Prints requests a second and CPU µs each.
import { pathToFileURL } from "node:url";
import { clock } from "./support.mjs";

const [bundled, url, connections, seconds] = process.argv.slice(2);
const { createHttpClient, runLoad, QuotaLedger, subjectOfUrl } = await import(pathToFileURL(bundled).href);
const client = createHttpClient({ env: {}, clock });
const settings = { concurrency: Number(connections), durationMs: Number(seconds) * 1000, timeoutMs: 5000 };
const before = process.cpuUsage();
const { requests, durationMs } = await runLoad(subjectOfUrl(url), settings, {
  client,
  clock,
  ledger: new QuotaLedger(),
});
const { user, system } = process.cpuUsage(before);
await client.close();
console.log(JSON.stringify({ perSecond: requests / (durationMs / 1000), cpuUs: (user + system) / requests }));
