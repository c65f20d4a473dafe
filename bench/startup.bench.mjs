// Start-up time as a ratio to a Node that does nothing, per path of UX.md's table.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interleave, median } from "./measure.mjs";

export const name = "startup";

const binary = fileURLToPath(new URL("../bin/integ.cjs", import.meta.url));
const onNode20 = process.versions.node.startsWith("20.");

/** Ratio to bare Node that a path may cost: on Node 20, and on newer ones, which start twice as fast. */
const GOALS = {
  "integ --version": [["--version"], onNode20 ? 1.35 : 1.6],
  "integ --help": [["--help"], onNode20 ? 1.35 : 1.6],
  "integ init --help": [["init", "--help"], onNode20 ? 1.35 : 1.6],
  "integ secrets list": [["secrets", "list"], onNode20 ? 2.0 : 3.0],
};

function project() {
  const root = mkdtempSync(join(tmpdir(), "integ-bench-"));
  mkdirSync(join(root, "src/integrations/stripe"), { recursive: true });
  writeFileSync(join(root, "integ.config.yaml"), "project: bench\nenvironments: { dev: { store: env } }\n");
  writeFileSync(
    join(root, "src/integrations/stripe/integration.yaml"),
    "name: stripe\nbaseUrl: https://api.stripe.com\nsecrets: { api_key: }\n",
  );
  return root;
}

export async function run(print) {
  const cwd = project();
  const start = (args) => () => {
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  };
  try {
    const times = await interleave({
      bare: start(["-e", "0"]),
      ...Object.fromEntries(
        Object.entries(GOALS).map(([label, [args]]) => [label, start([binary, ...args])]),
      ),
    });
    const bare = median(times.bare);
    print(`node -e 0: ${bare.toFixed(1)} ms (Node ${process.versions.node})`);
    for (const [label, [, goal]] of Object.entries(GOALS)) {
      const ratio = median(times[label]) / bare;
      const verdict = ratio <= goal ? "ok" : "above";
      print(
        `${label}: ${median(times[label]).toFixed(1)} ms, ${ratio.toFixed(2)} x bare node (goal ${goal}: ${verdict})`,
      );
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
