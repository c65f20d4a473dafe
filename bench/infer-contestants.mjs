// node infer-contestants.mjs NAME FILE BUNDLE: one contestant learns the schema of a file of JSON lines, and says what it took.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inferencePeers } from "./peers.mjs";

const [, , name, file, bundle] = process.argv;

/** Texts as `record --from` reads them, without ever holding the whole file. */
async function eachText({ textsIn }, use) {
  for await (const texts of textsIn([file], { cwd: "/" })) for (const { text } of texts) use(text);
}

const lines = () => readFileSync(file, "utf8").trimEnd().split("\n");

const contestants = {
  parse: async () => eachText(await import(pathToFileURL(bundle).href), (text) => JSON.parse(text)),
  integ: async () => {
    const module = await import(pathToFileURL(bundle).href);
    const collector = new module.Collector();
    await eachText(module, (text) => collector.addText(text));
    return collector.shape();
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
