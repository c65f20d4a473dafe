// node readers-worker.mjs ROOT COUNT: finds the readers of COUNT schemas' fields once, prints milliseconds and how many.
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { source } from "./support.mjs";

const [root, count] = process.argv.slice(2);
const { findReaders } = await source("src/check/readers/find.ts");
const { schemaLocator } = await source("src/check/consumer/source/locate.ts");
const started = performance.now();
const locator = schemaLocator();
const chains = Array.from({ length: Number(count) }, (_, index) => {
  const file = join(root, `src/integrations/api${index}/v1/schemas.ts`);
  return ["id", "email", "total"].map((name) => {
    const { offset } = locator.locate(file, "Thing", [{ kind: "name", name }]);
    return [{ name, file, offset }];
  });
}).flat();
const found = await findReaders(chains, { root, integrations: join(root, "src/integrations") });
const ms = performance.now() - started;
if ("unknown" in found) throw new Error(found.unknown);
const reads = [...found.readers.values()].reduce((sum, one) => sum + one.reads.length + one.passes.length, 0);
console.log(JSON.stringify({ ms, reads, peakMb: process.resourceUsage().maxRSS / 1000 }));
