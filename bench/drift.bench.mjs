// How often drift is missed, and how often an alarm is false, by sample size; beside ajv on the schemas of two peers.
import { Ajv } from "ajv";
import { bundle } from "./bundle.mjs";
import { inferencePeers } from "./peers.mjs";

export const name = "drift";

/** Answers recorded and live, and trials of each invented API. */
const SIZES = [
  [1, 1, 10],
  [5, 5, 10],
  [20, 3, 10],
  [20, 20, 10],
  [100, 100, 1],
];
/** Answers of real providers, recorded and live, and trials of each request that has so many; none without the corpus. */
const RECORDED_SIZES = [
  [5, 5, 2],
  [10, 4, 3],
  [20, 3, 6],
  [20, 20, 4],
];

const percent = (part, whole) =>
  whole === 0 ? "-" : `${((100 * part) / whole).toFixed(part === 0 ? 0 : 1)} %`;
const row = (cells) => `| ${cells.join(" | ")} |`;

export async function run(print) {
  const built = await bundle("bench/drift-entry.ts");
  try {
    const { inventedPairs, recordedPairs } = built.module;
    const kinds = [
      ["invented APIs", SIZES, inventedPairs, 1000],
      ["recorded answers of real providers", RECORDED_SIZES, recordedPairs, 1],
    ];
    for (const [title, sizes, pairs, seed] of kinds) {
      print(`# ${title}`);
      const results = scores(sizes, pairs, seed, built.module);
      if (results.every(({ score }) => score.quiet.length === 0)) {
        print("not there");
        continue;
      }
      printFalseAlarms(results, built.module, print);
      printMutations(results, built.module, print);
      printRules(results, built.module, print);
      await printPeers(sizes, pairs, seed, built.module, print);
    }
  } finally {
    built.remove();
  }
}

const scores = (sizes, pairs, seed, { score, Random }) =>
  sizes.map(([recorded, live, trials]) => ({
    size: `${recorded} / ${live}`,
    score: score(pairs({ recorded, live }, trials, seed), new Random(3)),
  }));

function printFalseAlarms(results, { falseAlarms, missedBreaks }, print) {
  print(row(["answers recorded / live", "judged without drift", "false alarms", "certain breaks", "missed"]));
  print(row(["---", "---", "---", "---", "---"]));
  for (const { size, score } of results) {
    const alarms = falseAlarms(score).length;
    const certain = score.drifted.filter((one) => one.certain).length;
    const { length } = score.quiet;
    print(row([size, length, `${alarms} (${percent(alarms, length)})`, certain, missedBreaks(score).length]));
  }
  print("");
  for (const { size, score } of results) {
    const rules = new Map();
    for (const { alarms } of falseAlarms(score))
      for (const { rule } of alarms) rules.set(rule, (rules.get(rule) ?? 0) + 1);
    if (rules.size > 0)
      print(`false alarms at ${size}: ${[...rules].map(([rule, times]) => `${rule} ${times}`).join(", ")}`);
  }
  print("");
}

function printMutations(results, { rowsOf, MUTATIONS }, print) {
  print("error / warning / info or inconclusive / nothing; cases");
  print(row(["drift", ...results.map(({ size }) => size)]));
  print(row(["---", ...results.map(() => "---")]));
  const rows = results.map(({ score }) => new Map(rowsOf(score).map((one) => [one.mutation, one])));
  for (const { name: mutation } of MUTATIONS) {
    const cells = rows.map((byName) => {
      const one = byName.get(mutation);
      return one ? `${one.error} / ${one.warning} / ${one.said} / ${one.missed}; ${one.cases}` : "-";
    });
    print(row([mutation, ...cells]));
  }
  print("");
}

function printRules(results, { confusionOf }, print) {
  print("told by the rule itself / by its kin / by neither; beside what it is about; false alarms");
  print(row(["rule", ...results.map(({ size }) => size)]));
  print(row(["---", ...results.map(() => "---")]));
  const tables = results.map(({ score }) => new Map(confusionOf(score).map((one) => [one.rule, one])));
  for (const rule of [...new Set(tables.flatMap((table) => [...table.keys()]))].sort()) {
    const cells = tables.map((table) => {
      const one = table.get(rule);
      return one ? `${one.itself} / ${one.kin} / ${one.none}; ${one.beside}; ${one.false}` : "-";
    });
    print(row([rule, ...cells]));
  }
  print("");
}

/** A validator of the live answers, by what a peer learned from the recorded ones. */
async function validatorOf(peer, recorded, require) {
  const ajv = new Ajv({ strict: false, logger: false, validateFormats: false });
  if (peer === "genson-js") return ajv.compile(require("genson-js").createCompoundSchema(recorded));
  const { InputData, jsonInputForTargetLanguage, quicktype } = require("quicktype-core");
  const input = jsonInputForTargetLanguage("schema");
  await input.addSource({ name: "Sample", samples: recorded.map((one) => JSON.stringify(one)) });
  const data = new InputData();
  data.addInput(input);
  const { lines } = await quicktype({ inputData: data, lang: "schema" });
  return ajv.compile({ ...JSON.parse(lines.join("\n")), $schema: undefined });
}

/** What validators on learned schemas say of the same answers and the same drifts, one row for each kind of drift. */
async function printPeers(sizes, pairs, seed, module, print) {
  const peers = inferencePeers();
  if (peers === undefined) {
    print("the peers could not be installed");
    return;
  }
  const columns = [];
  for (const [recorded, live] of sizes) {
    for (const peer of ["genson-js", "quicktype-core"]) {
      const tried = pairs({ recorded, live }, 1, seed);
      const found = await peerScore(tried, (values) => validatorOf(peer, values, peers.require), module);
      columns.push({ size: `${recorded} / ${live}`, peer: `ajv on ${peer}`, ...found });
    }
  }
  print(
    row(["answers recorded / live", "peer", "false alarms without drift", "certain breaks without an alarm"]),
  );
  print(row(["---", "---", "---", "---"]));
  for (const { size, peer, quiet, alarms, breaks, missed } of columns)
    print(row([size, peer, `${alarms} of ${quiet} (${percent(alarms, quiet)})`, `${missed} of ${breaks}`]));
  print("");
  print("with an alarm / without; ajv on genson-js, then on quicktype-core");
  print(row(["drift", ...sizes.map(([recorded, live]) => `${recorded} / ${live}`)]));
  print(row(["---", ...sizes.map(() => "---")]));
  for (const { name: mutation } of module.MUTATIONS) {
    const cells = columns.map(({ told }) => {
      const one = told.get(mutation);
      return one ? `${one.alarms} / ${one.cases - one.alarms}` : "-";
    });
    print(row([mutation, ...sizes.map((_, at) => `${cells[2 * at]}; ${cells[2 * at + 1]}`)]));
  }
  print("");
}

async function peerScore(pairs, learn, { HARMLESS, Random, MUTATIONS, mutate }) {
  const score = { quiet: 0, alarms: 0, breaks: 0, missed: 0, told: new Map() };
  const random = new Random(3);
  for (const pair of pairs) {
    const validate = await learn(pair.recorded);
    const refuses = (live) => !live.every((one) => validate(one));
    for (const { apply } of HARMLESS) {
      score.quiet++;
      if (refuses(pair.live.map((one) => apply(structuredClone(one), random)))) score.alarms++;
    }
    for (const mutation of MUTATIONS) {
      const drifted = mutate(pair, mutation, random);
      if (drifted === undefined) continue;
      const refused = refuses(drifted.live);
      const one = score.told.get(mutation.name) ?? { cases: 0, alarms: 0 };
      score.told.set(mutation.name, { cases: one.cases + 1, alarms: one.alarms + (refused ? 1 : 0) });
      if (!drifted.certain) continue;
      score.breaks++;
      if (!refused) score.missed++;
    }
  }
  return score;
}
