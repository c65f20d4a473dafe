// Who reads a property in a codebase of 1,000 TypeScript files, by each TypeScript, beside a plain type check of the same files.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const name = "readers";

const FILES = 1000;
const SCHEMAS = 20;
const GOALS = { coldMs: 10_000, cachedMs: 2000 };
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));

const SCHEMA = `import * as z from "zod";
export const Thing = z.object({
  id: z.string(), email: z.string().nullable(), total: z.number(), created: z.number(),
  status: z.enum(["open", "paid"]), note: z.string().optional(),
  items: z.array(z.object({ sku: z.string(), price: z.number(), tags: z.array(z.string()) })),
  address: z.object({ street: z.string(), city: z.string(), country: z.string() }),
});
export type Thing = z.infer<typeof Thing>;
`;

/** Every third file reads a response; the others have types of their own, as in most codebases. */
const source = (api) =>
  api === undefined
    ? `export interface Thing { id: string; address: { city: string }; items: readonly string[] }`
    : `import type { Thing } from "../integrations/api${api}/v1/schemas.ts";`;
const feature = (index, api) => `${source(api)}
${index > 2 ? `import { sum as before } from "./feature${index - 3}.ts";` : "const before = (_: readonly number[]) => 0;"}
interface Row { id: string; email: string; total: number }
export const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, before([]));
${Array.from(
  { length: 12 },
  (
    _,
    n,
  ) => `export function work${n}(thing: Thing, rows: readonly Row[], log: (text: unknown) => void): Row[] {
  const found = rows.filter((row) => row.id !== thing.id && row.total > ${n});
  log({ n: ${n}, at: thing.address.city, sum: sum(found.map((row) => row.total)) });
  return found.map((row) => ({ ...row, email: row.email.trim(), total: row.total + thing.items.length }));
}`,
).join("\n")}
`;

function writeCodebase(root, typescript) {
  const write = (file, text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  mkdirSync(join(root, "node_modules"), { recursive: true });
  symlinkSync(join(modules, typescript), join(root, "node_modules/typescript"));
  symlinkSync(join(modules, "zod"), join(root, "node_modules/zod"));
  write("package.json", '{"type":"module"}');
  const compilerOptions = {
    target: "es2022",
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    allowImportingTsExtensions: true,
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["src"] }));
  for (let api = 0; api < SCHEMAS; api++) write(`src/integrations/api${api}/v1/schemas.ts`, SCHEMA);
  for (let index = 0; index < FILES - SCHEMAS; index++) {
    write(`src/features/feature${index}.ts`, feature(index, index % 3 === 0 ? index % SCHEMAS : undefined));
  }
}

const verdict = (ok) => (ok ? "ok" : "missed");

export async function run(print) {
  const worker = fileURLToPath(new URL("readers-worker.mjs", import.meta.url));
  print(`${FILES} files, ${SCHEMAS} schemas, readers of 3 properties of each; processes of their own`);
  for (const typescript of ["typescript", "typescript-classic"]) {
    const root = mkdtempSync(join(tmpdir(), "integ-bench-readers-"));
    try {
      writeCodebase(root, typescript);
      const ask = (schemas = SCHEMAS) =>
        JSON.parse(execFileSync(process.execPath, [worker, root, schemas], { encoding: "utf8" }));
      const started = performance.now();
      spawnSync(process.execPath, [join(modules, typescript, "bin/tsc"), "-p", root], { stdio: "ignore" });
      const tsc = performance.now() - started;
      const one = ask(1);
      print(
        `${typescript}, one schema of them: ${one.ms.toFixed(0)} ms, ${one.reads} places: ${verdict(one.ms < GOALS.coldMs)}`,
      );
      rmSync(join(root, ".integ"), { recursive: true });
      const cold = ask();
      const cached = ask();
      print(
        `${typescript}: ${cold.ms.toFixed(0)} ms, ${(cold.ms / tsc).toFixed(2)} x tsc (${tsc.toFixed(0)} ms), ${cold.reads} places, peak ${cold.peakMb.toFixed(0)} MB: ${verdict(cold.ms < GOALS.coldMs)}`,
      );
      print(
        `${typescript}, cached: ${cached.ms.toFixed(0)} ms: ${verdict(cached.ms < GOALS.cachedMs && cached.reads === cold.reads)}`,
      );
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
}
