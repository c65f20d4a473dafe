// node bench/run.mjs [NAME …]: runs the benchmarks, or those named. Each file here exports `name` and `run(print)`.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const wanted = process.argv.slice(2);
const files = readdirSync(fileURLToPath(new URL(".", import.meta.url))).filter((file) =>
  file.endsWith(".bench.mjs"),
);
const benches = await Promise.all(files.sort().map((file) => import(`./${file}`)));
const names = benches.map(({ name }) => name);
const unknown = wanted.filter((name) => !names.includes(name));

if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are: ${names.join(", ")}`);
  process.exitCode = 2;
} else {
  for (const { name, run } of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.log(`# ${name}`);
    await run((line) => console.log(line));
  }
}
