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
import { interleave, median } from "./measure.mjs";

export const name = "scan";

const ROUNDS = 9;
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

const ratio = (own, peer) => `${(own / peer).toFixed(2)} times`;

/**
 * The goal is judged on the whole process, Node's start included, against the ripgrep that integ itself brings (the newest),
 * which looks for the same: what keys begin with, and what is assigned to names of secrets.
 */
export async function run(print) {
  let rg;
  try {
    rg = (await import("@vscode/ripgrep")).rgPath;
  } catch {
    print("skipped: there is no ripgrep for this platform");
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), "integ-bench-scan-"));
  try {
    const { size, files } = plant(directory);
    const integ = [join(root, "bin/integ.cjs"), "secrets", "scan", "--skip-stored", "--json"];
    const grep = (...more) => ["--no-config", "--hidden", "--no-ignore", "-n", ...patterns(), ...more, "."];
    const contestants = {
      integ: () => spawnSync(process.execPath, integ, { cwd: directory, stdio: "ignore" }),
      same: () => spawnSync(rg, grep("-e", ASSIGNED), { cwd: directory, stdio: "ignore" }),
      heads: () => spawnSync(rg, grep(), { cwd: directory, stdio: "ignore" }),
      bare: () => spawnSync(process.execPath, ["-e", "0"], { cwd: directory, stdio: "ignore" }),
    };
    const times = await interleave(contestants, { rounds: ROUNDS, warmUp: 1 });
    const [own, same, heads, bare] = Object.keys(contestants).map((key) => median(times[key]));
    print(`${(size / 1e6).toFixed(0)} MB in ${files} files, page cache warm; median of ${ROUNDS}, in turn`);
    print(
      `integ: ${own.toFixed(0)} ms (bare Node ${bare.toFixed(0)}), ${(size / 1e3 / own).toFixed(0)} MB/s`,
    );
    const verdict = own / same <= GOAL ? "ok" : "missed";
    print(
      `ripgrep, the same patterns: ${same.toFixed(0)} ms; integ takes ${ratio(own, same)} that (goal ${GOAL}: ${verdict}), ${ratio(own - bare, same)} beyond Node's start`,
    );
    print(
      `ripgrep, by how keys begin alone: ${heads.toFixed(0)} ms; integ takes ${ratio(own, heads)} that, ${ratio(own - bare, heads)} beyond Node's start`,
    );
  } finally {
    if (existsSync(directory)) rmSync(directory, { recursive: true, force: true });
  }
}
