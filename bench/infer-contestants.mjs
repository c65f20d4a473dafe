// node infer-contestants.mjs NAME FILE [BUNDLE]: one contestant learns the schema of a file of JSON lines, and says what it took.
import { createReadStream, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inferencePeers } from "./peers.mjs";

const [, , name, file, bundle] = process.argv;

/** Lines as they come, without ever holding the whole file. */
async function eachLine(file, use) {
  let rest = "";
  for await (const chunk of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 18 })) {
    const text = rest + chunk;
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      use(text.slice(start, end));
      start = end + 1;
    }
    rest = text.slice(start);
  }
}

const lines = () => readFileSync(file, "utf8").trimEnd().split("\n");

const contestants = {
  parse: () => eachLine(file, (line) => JSON.parse(line)),
  integ: async () => {
    const { Collector } = await import(pathToFileURL(bundle).href);
    const collector = new Collector();
    const run = async () => {
      await eachLine(file, (line) => collector.addText(line));
      return collector.shape();
    };
    return run();
  },
  "genson-js": () => {
    const { createCompoundSchema } = inferencePeers().require("genson-js");
    return createCompoundSchema(lines().map((line) => JSON.parse(line)));
  },
  "quicktype-core": async () => {
    const { InputData, jsonInputForTargetLanguage, quicktype } = inferencePeers().require("quicktype-core");
    const input = jsonInputForTargetLanguage("schema");
    await input.addSource({ name: "Sample", samples: lines() });
    const data = new InputData();
    data.addInput(input);
    return quicktype({ inputData: data, lang: "schema" });
  },
};

const started = performance.now();
const before = process.cpuUsage();
await contestants[name]();
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    ms: performance.now() - started,
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
