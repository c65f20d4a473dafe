// Writes the JSON Schemas of the YAML files to schema/, from the zod schemas in src/config.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { publishedSchemas } = await createJiti(import.meta.url).import("../src/config/published.ts");

for (const { file, content } of publishedSchemas()) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
