// A whole check of 1,000 endpoints against a local server, beside undici fetching and parsing the same bodies; and a replay.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeProject } from "./check-project.mjs";
import { median, ratioOf } from "./measure.mjs";

export const name = "check";

const ROUNDS = 9;
/** The first starts of a build each keep what they compiled, which the later ones need not. */
const FIRST_STARTS = 11;
const ENDPOINTS = 1000;
const LANES = 4;
const GOALS = { ratio: 1.5, peakMb: 250, replayMs: 1000 };
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const bin = here("../bin/integ.cjs");

/** Prints what the process cost when it ends. */
const COST =
  'data:text/javascript,process.on("exit",()=>{const{maxRSS,userCPUTime,systemCPUTime}=process.resourceUsage();console.error("COST "+JSON.stringify({mb:maxRSS/1000,cpuMs:(userCPUTime+systemCPUTime)/1000}))})';

function timed(args, cwd) {
  const started = performance.now();
  const { stderr, status } = spawnSync(process.execPath, ["--import", COST, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(stderr);
  return { ms, ...JSON.parse(/COST (.*)/.exec(stderr)?.[1] ?? "{}") };
}

const values = (runs, key) => runs.map((run) => run[key]);
const middle = (runs, key) => median(values(runs, key));
const verdict = (ok) => (ok ? "ok" : "missed");

async function againstServer(directory, url, print) {
  await writeProject(directory, { baseUrl: url, integrations: 10, endpoints: ENDPOINTS / 10 });
  // The first runs are not counted: they read the project, too, which the later ones remember as those of a user do.
  for (let start = 0; start < FIRST_STARTS; start++) timed([bin, "check", "--json"], directory);
  const own = [];
  const peer = [];
  for (let round = 0; round < ROUNDS; round++) {
    peer.push(timed([here("check-peer.mjs"), `${url}/`, String(ENDPOINTS), String(LANES)]));
    own.push(timed([bin, "check", "--json"], directory));
  }
  const beside = (key) => ratioOf(values(own, key), values(peer, key));
  const { middle: ratio, low, high } = beside("ms");
  const peak = Math.max(...own.map(({ mb }) => mb));
  print(
    `${ENDPOINTS} endpoints of 10 kB, the project remembered: ${middle(own, "ms").toFixed(0)} ms, undici ${middle(peer, "ms").toFixed(0)} ms`,
  );
  print(
    `ratio ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}; CPU ${beside("cpuMs").middle.toFixed(2)}): ${verdict(ratio <= GOALS.ratio)}`,
  );
  print(`peak ${peak.toFixed(0)} MB: ${verdict(peak <= GOALS.peakMb)}`);
}

async function replayed(directory, url, print) {
  await writeProject(directory, { baseUrl: url, integrations: 20, endpoints: 5 });
  timed([bin, "check", "--har-out", "api.har"], directory);
  const own = [];
  const bare = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(timed(["-e", "0"]));
    own.push(timed([bin, "check", "--har-in", "api.har", "--json"], directory));
  }
  const over = middle(own, "ms") - middle(bare, "ms");
  print(
    `20 integrations, 100 endpoints, replayed: ${over.toFixed(0)} ms over node -e 0: ${verdict(over < GOALS.replayMs)}`,
  );
}

export async function run(print) {
  const directory = mkdtempSync(join(tmpdir(), "integ-bench-check-"));
  const server = spawn(process.execPath, [here("check-server.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = await once(server.stdout, "data");
    const url = `http://127.0.0.1:${String(port).trim()}`;
    await againstServer(join(directory, "live"), url, print);
    await replayed(join(directory, "har"), url, print);
  } finally {
    server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}
