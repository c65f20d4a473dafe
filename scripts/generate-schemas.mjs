// Writes the JSON Schemas of the YAML files and of the JSON report to schema/, from the zod schemas in src/.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const jiti = createJiti(import.meta.url);
const { publishedSchemas } = await jiti.import("../src/config/published.ts");
const { publishedReportSchema } = await jiti.import("../src/report/published.ts");

for (const { file, content } of [...publishedSchemas(), publishedReportSchema()]) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
