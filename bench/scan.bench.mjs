// Looking for keys in a tree of sources, beside ripgrep with the same patterns.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const name = "scan";

const ROUNDS = 5;
const GOAL = 2;
const SIZE = 100e6;
const root = fileURLToPath(new URL("..", import.meta.url));

/** Text files of this repository's packages, copied until there is enough: real sources, their lengths and all. */
function plant(directory) {
  let size = 0;
  let files = 0;
  for (let copy = 0; size < SIZE; copy++) {
    for (const name of readdirSync(join(root, "node_modules"), { recursive: true, encoding: "utf8" })) {
      if (!/\.(?:[cm]?[jt]s|json|md)$/.test(name)) continue;
      const from = join(root, "node_modules", name);
      if (!statSync(from).isFile() || statSync(from).size > 2e6) continue;
      const to = join(directory, String(copy), name.replaceAll("node_modules", "packages"));
      mkdirSync(dirname(to), { recursive: true });
      const bytes = readFileSync(from);
      writeFileSync(to, bytes);
      size += bytes.length;
      files++;
      if (size >= SIZE) break;
    }
  }
  return { size, files };
}

/** The heads that presets know, and what a key has behind them. */
function patterns() {
  const presets = join(root, "templates/presets");
  const sources = readdirSync(presets).flatMap((preset) => {
    const { secrets = {} } = parse(readFileSync(join(presets, preset, "preset.yaml"), "utf8"));
    return Object.values(secrets).flatMap(({ pattern }) =>
      pattern === undefined ? [] : typeof pattern === "string" ? [pattern] : Object.values(pattern),
    );
  });
  const heads = sources
    .filter((source) => /^\^[^[]*[-_.](?:\)|$)/.test(source))
    .map((source) => source.slice(1));
  return heads.flatMap((head) => ["-e", `(?-u:\\b)(?:${head})[A-Za-z0-9_.-]{16,}`]);
}

/** What integ looks at besides: long text that is assigned to something called like a secret; how random it is, ripgrep cannot say. */
const ASSIGNED =
  "(?i-u)(?:token|secret|passw(?:or)?d?|credentials?|signature|cookie|key|appid|auth|code|jwt|sas|sig|pwd|pass)" +
  "[\"'\\]]?\\s*(?:=>|[:=]=?)\\s*[\"'`]?[A-Za-z0-9_.-]{20,400}";

function timed(command, args, cwd) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd, stdio: "ignore" });
  return { ms: performance.now() - started, status };
}

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];

export async function run(print) {
  if (spawnSync("rg", ["--version"]).status !== 0) {
    print("skipped: there is no ripgrep here");
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), "integ-bench-scan-"));
  try {
    const { size, files } = plant(directory);
    const integ = [join(root, "bin/integ.js"), "secrets", "scan", "--skip-stored", "--json"];
    const grep = ["--no-config", "--hidden", "--no-ignore", "-n", ...patterns(), "."];
    const more = [...grep.slice(0, -1), "-e", ASSIGNED, "."];
    const times = { integ: [], rg: [], more: [], bare: [] };
    timed("rg", grep, directory);
    for (let round = 0; round < ROUNDS; round++) {
      times.integ.push(timed(process.execPath, integ, directory).ms);
      times.rg.push(timed("rg", grep, directory).ms);
      times.more.push(timed("rg", more, directory).ms);
      times.bare.push(timed(process.execPath, ["-e", "0"], directory).ms);
    }
    const [own, peer, both, bare] = [times.integ, times.rg, times.more, times.bare].map(middle);
    print(`${(size / 1e6).toFixed(0)} MB in ${files} files, page cache warm; median of ${ROUNDS}, in turn`);
    print(
      `integ: ${own.toFixed(0)} ms (bare Node ${bare.toFixed(0)}), ${(size / 1e3 / own).toFixed(0)} MB/s`,
    );
    print(`ripgrep: ${peer.toFixed(0)} ms, ${(size / 1e3 / peer).toFixed(0)} MB/s`);
    print(
      `${(own / peer).toFixed(2)} times ripgrep's time (goal ${GOAL}: ${own / peer <= GOAL ? "ok" : "missed"})`,
    );
    print(
      `ripgrep, with what is assigned to names of secrets too: ${both.toFixed(0)} ms; integ takes ${(own / both).toFixed(2)} times that`,
    );
  } finally {
    if (existsSync(directory)) rmSync(directory, { recursive: true, force: true });
  }
}
