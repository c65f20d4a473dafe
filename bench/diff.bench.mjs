// Comparing two real versions of a very large OpenAPI document, beside parsing them, and beside peers on what they can do.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peakMb } from "./peak.mjs";

export const name = "diff";

const PACKAGE = "@octokit/openapi";
const VERSIONS = ["19.1.0", "23.0.2"];
const PEERS = { "openapi-diff": "0.24.1" };
/** Compares two JSON Schemas; whole documents are beyond it. */
const SCHEMA_PEER = { "json-schema-diff": "1.0.0" };
const PATHS = 20;
const ROUNDS = 3;
const PEER_DEADLINE = 180_000;
const GOALS = { seconds: 2, mb: 400, ratio: 20 };

const npm = (args, cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** Both documents, from the registry, kept for the next run; `undefined` where it cannot be reached. */
function documents() {
  const root = join(tmpdir(), "integ-bench-diff");
  return VERSIONS.map((version) => {
    const directory = join(root, version);
    const file = join(directory, "package/generated/api.github.com.json");
    if (!existsSync(file)) {
      mkdirSync(directory, { recursive: true });
      const packed = npm(["pack", `${PACKAGE}@${version}`, "--silent"], directory)
        .trim()
        .split("\n")
        .at(-1);
      execFileSync("tar", ["xzf", packed], { cwd: directory });
    }
    return file;
  });
}

function peers() {
  const directory = join(tmpdir(), "integ-bench-diff-peers");
  const wanted = { ...PEERS, ...SCHEMA_PEER };
  const all = Object.keys(wanted).map((peer) => join(directory, "node_modules", peer));
  if (!all.every((path) => existsSync(path))) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "package.json"), JSON.stringify({ private: true, dependencies: wanted }));
    npm(["install", "--ignore-scripts", "--no-audit", "--no-fund"], directory);
  }
  return directory;
}

/** Wall clock and CPU of a process, and its peak memory, from `/usr/bin/time` or the process itself. */
function timed(args) {
  const script = `const { spawnSync } = require("node:child_process");
    const started = performance.now();
    const { status, signal } = spawnSync(process.execPath, ${JSON.stringify(args)}, { stdio: "ignore", timeout: ${PEER_DEADLINE} });
    console.log(JSON.stringify({ ms: performance.now() - started, status, signal }));`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  return JSON.parse(stdout);
}

const least = (args) => {
  const runs = Array.from({ length: ROUNDS }, () => timed(args));
  return runs.reduce((best, run) => (run.ms < best.ms ? run : best));
};

/** The first paths of a document with all components that there are. */
function cut(file, to) {
  const document = JSON.parse(readFileSync(file, "utf8"));
  const paths = Object.fromEntries(Object.entries(document.paths).slice(0, PATHS));
  const needed = {};
  const queue = [paths];
  while (queue.length > 0) {
    const text = JSON.stringify(queue.pop());
    for (const [, section, key] of text.matchAll(/"\$ref":"#\/components\/([^/"]+)\/([^/"]+)"/g)) {
      needed[section] ??= {};
      if (needed[section][key]) continue;
      needed[section][key] = document.components[section][key];
      queue.push(needed[section][key]);
    }
  }
  // The peer knows neither webhooks nor anything else of 3.1.
  const { openapi, info, servers } = document;
  writeFileSync(to, JSON.stringify({ openapi, info, servers, paths, components: needed }));
  return to;
}

/** A schema of the size that the peer's own tests use: some kB, three levels, closed objects. */
function schemaOf(version) {
  const leaf = (n) =>
    [
      { type: "string" },
      { type: "integer", minimum: 0 },
      { type: ["string", "null"] },
      { type: "boolean" },
      { enum: ["a", "b", ...(version === 2 ? ["c"] : [])] },
    ][n % 5];
  const object = (depth) => {
    const names = Array.from({ length: depth === 0 ? 6 : 8 }, (_, n) => `p${n}`);
    const properties = Object.fromEntries(
      names.map((name, n) => [name, depth > 0 && n < 2 ? object(depth - 1) : leaf(n)]),
    );
    const required = names.slice(0, version === 2 ? 3 : 4);
    return { type: "object", properties, required, additionalProperties: false };
  };
  return object(2);
}

function besideSchemas(print, integ, directory, bare) {
  const files = [1, 2].map((version) => {
    const file = join(directory, `schema-${version}.json`);
    const draft = "http://json-schema.org/draft-07/schema#";
    writeFileSync(file, JSON.stringify({ $schema: draft, ...schemaOf(version) }));
    return file;
  });
  const kb = readFileSync(files[0]).length / 1000;
  const own = Math.max(1, least([integ, "diff", ...files, "--json"]).ms - bare);
  const [peer] = Object.keys(SCHEMA_PEER);
  const { ms, signal } = timed([join(directory, "node_modules", peer, "bin", peer), ...files]);
  const end = signal ? `no result in ${PEER_DEADLINE / 1000} s` : `${((ms - bare) / 1000).toFixed(1)} s`;
  const ratio = (ms - bare) / own;
  print(
    `one schema of ${kb.toFixed(1)} kB: ${peer} ${end}, integ ${own.toFixed(0)} ms: ${signal ? "more than " : ""}${ratio.toFixed(0)} × (goal ${GOALS.ratio}: ${verdict(ratio >= GOALS.ratio)})`,
  );
}

const verdict = (ok) => (ok ? "ok" : "missed");

export async function run(print) {
  const integ = fileURLToPath(new URL("../bin/integ.cjs", import.meta.url));
  let files;
  try {
    files = documents();
  } catch {
    print("skipped: the registry cannot be reached");
    return;
  }
  const parsing = `for (const f of ${JSON.stringify(files)}) JSON.parse(require("node:fs").readFileSync(f, "utf8"))`;
  const bare = least(["-e", "0"]).ms;
  const parse = least(["-e", parsing]).ms - bare;
  const whole = least([integ, "diff", ...files, "--json"]).ms - bare;
  const peak = peakMb([integ, "diff", ...files, "--json"]);
  print(
    `${PACKAGE} ${VERSIONS.join(" → ")}, whole command over bare Node (${bare.toFixed(0)} ms); least of ${ROUNDS}`,
  );
  print(
    `parsing both: ${parse.toFixed(0)} ms; integ diff: ${whole.toFixed(0)} ms, ${(whole / parse).toFixed(1)} × parsing`,
  );
  print(
    `time: ${(whole / 1000).toFixed(2)} s (goal below ${GOALS.seconds}: ${verdict(whole < GOALS.seconds * 1000)})`,
  );
  print(`peak memory: ${peak.toFixed(0)} MB (goal below ${GOALS.mb}: ${verdict(peak < GOALS.mb)})`);
  await beside(print, integ, files, bare);
}

async function beside(print, integ, files, bare) {
  let directory;
  try {
    directory = peers();
  } catch {
    print("peers: skipped, the registry cannot be reached");
    return;
  }
  const small = files.map((file, index) => cut(file, join(directory, `${index}.json`)));
  besideSchemas(print, integ, directory, bare);
  const own = least([integ, "diff", ...small, "--json"]).ms - bare;
  for (const peer of Object.keys(PEERS)) {
    const { ms, signal, status } = timed([join(directory, "node_modules", peer, "bin", peer), ...small]);
    const took = ms - bare;
    // 0 and 1 are answers: nothing, or something breaks.
    if (!signal && status > 1) {
      print(`${PATHS} paths: ${peer} failed with ${status}`);
      continue;
    }
    const ratio = took / own;
    const end = signal ? `no result in ${PEER_DEADLINE / 1000} s` : `${(took / 1000).toFixed(1)} s`;
    print(
      `${PATHS} paths: ${peer} ${end}, integ ${own.toFixed(0)} ms: ${signal ? "more than " : ""}${ratio.toFixed(0)} × (goal ${GOALS.ratio}: ${verdict(ratio >= GOALS.ratio)})`,
    );
  }
}
