// Scaffolding: a preset, and ten operations of Stripe's whole document; and what a generated client adds to an app.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { interleave, median } from "./measure.mjs";
import { peakMb } from "./peak.mjs";

export const name = "scaffold";

const binary = fileURLToPath(new URL("../bin/integ.cjs", import.meta.url));
const specs = fileURLToPath(new URL("../../shared/data/specs/stripe/", import.meta.url));
const CHOSEN = 10;

/** Stripe's newest document in JSON; undefined where the real documents are not there. */
function stripe() {
  try {
    const file = readdirSync(specs)
      .filter((one) => /^spec3@.*\.json\.gz$/.test(one))
      .sort()
      .at(-1);
    return file && gunzipSync(readFileSync(join(specs, file))).toString("utf8");
  } catch {
    return undefined;
  }
}

function project(document) {
  const root = mkdtempSync(join(tmpdir(), "integ-bench-"));
  writeFileSync(join(root, "integ.config.yaml"), "project: bench\nenvironments: { dev: { store: env } }\n");
  if (document !== undefined) writeFileSync(join(root, "stripe.json"), document);
  return root;
}

function start(args, cwd) {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
}

/** Bytes of a module in an app's bundle, gzipped; the runtime and zod, which others use too, left out. */
async function bundled(entry) {
  const bundle = await rolldown({ input: entry, external: [/^integ\//, "zod"], logLevel: "silent" });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  return gzipSync(output[0].code).length;
}

export async function run(print) {
  const document = stripe();
  const root = project(document);
  const inAFresh = (args) => () => {
    for (const path of ["src", ".integ-base", "integ.lock.json", "INTEGRATIONS.md"]) {
      rmSync(join(root, path), { recursive: true, force: true });
    }
    start([binary, "scaffold", ...args], root);
  };
  const operations = document
    ? Object.entries(JSON.parse(document).paths)
        .filter(([, item]) => item.get)
        .filter((_, index, all) => index % Math.floor(all.length / CHOSEN) === 0)
        .slice(0, CHOSEN)
        .flatMap(([path]) => ["--operations", `GET ${path}`])
    : [];
  const fromDocument = ["pay", "--from", "stripe.json", ...operations];
  try {
    const times = await interleave(
      {
        bare: () => start(["-e", "0"], root),
        preset: inAFresh(["stripe"]),
        ...(document ? { document: inAFresh(fromDocument) } : {}),
      },
      { rounds: 7, warmUp: 1 },
    );
    const bare = median(times.bare);
    const over = (label) => median(times[label]) - bare;
    const verdict = (value, goal) => (value <= goal ? "ok" : "above");
    print(`node -e 0: ${bare.toFixed(0)} ms (Node ${process.versions.node})`);
    print(
      `scaffold stripe: ${over("preset").toFixed(0)} ms over bare node, ${(median(times.preset) / bare).toFixed(2)} x (goal 400 ms: ${verdict(over("preset"), 400)})`,
    );
    inAFresh(["stripe"])();
    const client = await bundled(join(root, "src/integrations/stripe/index.ts"));
    print(
      `a preset's client: ${client} B gzipped besides the runtime (goal 10000: ${verdict(client, 10_000)})`,
    );
    if (!document) return print("Stripe's document is not there: the rest is skipped");
    print(
      `${CHOSEN} operations of Stripe's ${(document.length / 1e6).toFixed(1)} MB: ${median(times.document).toFixed(0)} ms (goal 3000: ${verdict(median(times.document), 3000)})`,
    );
    rmSync(join(root, "src"), { recursive: true, force: true });
    rmSync(join(root, "integ.lock.json"), { force: true });
    process.chdir(root);
    const peak = peakMb([binary, "scaffold", ...fromDocument]);
    print(`peak memory: ${peak.toFixed(0)} MB (goal 500: ${verdict(peak, 500)})`);
    const own = await bundled(join(root, "src/integrations/pay/index.ts"));
    print(`its client: ${own} B gzipped besides the runtime (goal 10000: ${verdict(own, 10_000)})`);
  } finally {
    process.chdir(fileURLToPath(new URL("..", import.meta.url)));
    rmSync(root, { recursive: true, force: true });
  }
}
