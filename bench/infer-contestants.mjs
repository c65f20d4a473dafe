// node infer-contestants.mjs NAME FILE BUNDLE: one contestant learns the schema of a file of JSON lines several times, and says what that took.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inferencePeers } from "./peers.mjs";

const [, , name, file, bundle] = process.argv;

/** After the first one, with which code is loaded and compiled, as in a command. */
const WARM_PASSES = 3;

const integ = () => import(pathToFileURL(bundle).href);

/** Texts as `record --from` reads them, without ever holding the whole file. */
async function eachText({ textsIn }, use) {
  for await (const texts of textsIn([file], { cwd: "/" })) for (const { text } of texts) use(text);
}

const lines = () => readFileSync(file, "utf8").trimEnd().split("\n");
const values = () => lines().map((line) => JSON.parse(line));

/** What is measured is the function that a contestant gives; what it needs for it, it makes before. */
const contestants = {
  // From the file to the schema.
  parse: () => async () => eachText(await integ(), (text) => JSON.parse(text)),
  integ: () => async () => {
    const module = await integ();
    const collector = new module.Collector();
    await eachText(module, (text) => collector.addText(text));
    return collector.shape();
  },
  "genson-js": () => () => inferencePeers().require("genson-js").createCompoundSchema(values()),
  // Takes texts only, and parses them by `JSON.parse`.
  "quicktype-core": () => async () => {
    const { InputData, jsonInputForTargetLanguage, quicktype } = inferencePeers().require("quicktype-core");
    const input = jsonInputForTargetLanguage("schema");
    await input.addSource({ name: "Sample", samples: lines() });
    const data = new InputData();
    data.addInput(input);
    return quicktype({ inputData: data, lang: "schema" });
  },
  // From values that are there to the schema.
  "integ, of values": () => {
    const given = values();
    return async () => {
      const { Collector } = await integ();
      const collector = new Collector();
      for (const value of given) collector.add(value);
      return collector.shape();
    };
  },
  "genson-js, of values": () => {
    const given = values();
    return () => inferencePeers().require("genson-js").createCompoundSchema(given);
  },
};

async function timed(pass) {
  const started = performance.now();
  const before = process.cpuUsage();
  await pass();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000 };
}

const pass = contestants[name]();
const first = await timed(pass);
const peakMb = process.resourceUsage().maxRSS / 1024;
const later = [];
for (let count = 0; count < WARM_PASSES; count++) later.push(await timed(pass));
const least = (key) => Math.min(...later.map((one) => one[key]));
process.stdout.write(JSON.stringify({ ...first, peakMb, warmMs: least("ms"), warmCpuMs: least("cpuMs") }));
