// Learning a contract from 20 MB of answers, beside peers; and judging one answer of 10 kB.
import { execFileSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { peakMb } from "./peak.mjs";
import { inferencePeers } from "./peers.mjs";

export const name = "infer";

const MB = 1e6;
const SIZE = 20 * MB;
const ROUNDS = 3;
const GOALS = { throughput: 40, ratio: 10, peakMb: 150, judgeMs: 0.2 };

/** Samples, and keys of a dictionary, of the smaller of two files; the larger one has ten times as many. */
const SAMPLES = 30_000;
const KEYS = 100_000;
const HEAP_MB = 64;

async function writeAnswers(file, { APIS, Random }) {
  const api = APIS.find(({ name }) => name === "payments");
  const random = new Random(1);
  const stream = createWriteStream(file);
  let size = 0;
  for (; size < SIZE; ) {
    const line = `${JSON.stringify(api.response(random))}\n`;
    size += line.length;
    if (!stream.write(line)) await new Promise((resolve) => stream.once("drain", resolve));
  }
  await new Promise((resolve) => stream.end(resolve));
  return size;
}

/** The least of several runs, each in a process of its own: what a busy machine adds is not the contestant's. */
function least(contestant, file, bundled) {
  const worker = fileURLToPath(new URL("infer-contestants.mjs", import.meta.url));
  const runs = Array.from({ length: ROUNDS }, () =>
    JSON.parse(execFileSync(process.execPath, [worker, contestant, file, bundled], { encoding: "utf8" })),
  );
  return Object.fromEntries(
    Object.keys(runs[0]).map((key) => [key, Math.min(...runs.map((run) => run[key]))]),
  );
}

/**
 * The same work for both sides, whichever way it is cut: the whole way from the file, in which each parses as it does; and learning
 * alone, from values that are there. quicktype-core takes no values: what parsing the file by itself takes is taken off its time.
 */
function compare(results, print) {
  const of = (name) => results.get(name);
  const alone = (key) => of("quicktype-core")[key] - of("parse")[key];
  const rows = [
    ["genson-js, from the file, parsing included", (key) => of("genson-js")[key] / of("integ")[key]],
    [
      "quicktype-core, from the file, parsing included",
      (key) => of("quicktype-core")[key] / of("integ")[key],
    ],
    ["genson-js, learning alone", (key) => of("genson-js, of values")[key] / of("integ, of values")[key]],
    ["quicktype-core, learning alone", (key) => alone(key) / of("integ, of values")[key]],
  ];
  for (const [what, times] of rows) {
    const [first, firstCpu, warm, warmCpu] = ["ms", "cpuMs", "warmMs", "warmCpuMs"].map(times);
    print(
      `${what}: ${warm.toFixed(1)} times the time once compiled (goal ${GOALS.ratio}: ${verdict(warm >= GOALS.ratio)}; CPU ${warmCpu.toFixed(1)}), ${first.toFixed(1)} times in the first pass of a process (CPU ${firstCpu.toFixed(1)})`,
    );
  }
}

const verdict = (ok) => (ok ? "ok" : "missed");

export async function run(print) {
  const directory = mkdtempSync(join(tmpdir(), "integ-bench-infer-"));
  const answers = await bundle("bench/drift-entry.ts");
  const learning = await bundle("bench/infer-entry.ts");
  try {
    const file = join(directory, "answers.ndjson");
    const size = (await writeAnswers(file, answers.module)) / MB;
    const peers = ["genson-js", "quicktype-core", "integ, of values", "genson-js, of values"];
    const names = ["parse", "integ", ...(inferencePeers() ? peers : [])];
    const results = new Map(names.map((one) => [one, least(one, file, learning.file)]));
    print(`${size.toFixed(1)} MB of answers as JSON lines; least of ${ROUNDS} processes`);
    for (const [one, { ms, cpuMs, peakMb, warmMs, warmCpuMs }] of results) {
      const rate = (time) => `${((size * 1000) / time).toFixed(1)} MB/s`;
      print(
        `${one}: first pass ${ms.toFixed(0)} ms, CPU ${cpuMs.toFixed(0)} ms, ${rate(ms)}, peak ${peakMb.toFixed(0)} MB; once compiled ${warmMs.toFixed(0)} ms, CPU ${warmCpuMs.toFixed(0)} ms, ${rate(warmMs)}`,
      );
    }
    const own = results.get("integ");
    const speed = (size * 1000) / own.ms;
    print(
      `throughput, parsing and the start included: ${speed.toFixed(1)} MB/s (goal ${GOALS.throughput}: ${verdict(speed >= GOALS.throughput)})`,
    );
    print(
      `peak memory: ${own.peakMb.toFixed(0)} MB (goal below ${GOALS.peakMb}: ${verdict(own.peakMb < GOALS.peakMb)})`,
    );
    if (names.length > 2) compare(results, print);
    judgeSpeed(answers.module, print);
    await judgeMemory(directory, print);
  } finally {
    answers.remove();
    learning.remove();
    rmSync(directory, { recursive: true, force: true });
  }
}

function judgeSpeed({ APIS, Random, contractOf, judge, sample }, print) {
  const api = APIS.find(({ name }) => name === "payments");
  const random = new Random(2);
  const contract = contractOf(Array.from({ length: 50 }, () => api.response(random)));
  const lives = Array.from({ length: 200 }, () => api.response(random));
  const near = (value) => Math.abs(JSON.stringify(value).length - 10_000);
  const live = sample(lives.sort((a, b) => near(a) - near(b))[0]);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40; round++) {
    const started = performance.now();
    for (let time = 0; time < 50; time++) judge({ contract, samples: [live] });
    best = Math.min(best, (performance.now() - started) / 50);
  }
  const kb = live.body.text.length / 1000;
  print(
    `judging one answer of ${kb.toFixed(1)} kB: ${best.toFixed(3)} ms (goal ${GOALS.judgeMs}: ${verdict(best < GOALS.judgeMs)})`,
  );
}

async function writeLines(file, count, line) {
  const stream = createWriteStream(file);
  for (let index = 0; index < count; index++)
    if (!stream.write(`${JSON.stringify(line(index))}\n`))
      await new Promise((resolve) => stream.once("drain", resolve));
  await new Promise((resolve) => stream.end(resolve));
}

/**
 * Whether ten times as many samples, or keys of a dictionary, need more memory: the whole command, files of both sizes. In a small
 * heap, since in a large one Node lets garbage lie; a command that kept what it reads would not come to its end there.
 */
async function judgeMemory(directory, print) {
  const integ = fileURLToPath(new URL("../bin/integ.cjs", import.meta.url));
  const peakOf = async (count, line) => {
    const file = join(directory, "lines.ndjson");
    await writeLines(file, count, line);
    return peakMb([`--max-old-space-size=${HEAP_MB}`, integ, "record", "--from", file, "--out", "-"]);
  };
  const inKeys = 1000;
  const sample = (index) => ({
    id: `obj_${index}`,
    items: [{ amount: index % 97, text: `sample ${index}` }],
  });
  const dictionary = (index) =>
    Object.fromEntries(Array.from({ length: inKeys }, (_, key) => [`usr_${index * inKeys + key}`, key]));
  const cases = [
    ["samples", SAMPLES, SAMPLES, sample],
    ["keys of a dictionary", KEYS, KEYS / inKeys, dictionary],
  ];
  for (const [what, count, lines, line] of cases) {
    const [small, large] = [await peakOf(lines, line), await peakOf(lines * 10, line)];
    print(
      `record --from, ${count} ${what}: ${small.toFixed(0)} MB; ${count * 10}: ${large.toFixed(0)} MB (goal below ${GOALS.peakMb}: ${verdict(large < GOALS.peakMb)})`,
    );
  }
}
