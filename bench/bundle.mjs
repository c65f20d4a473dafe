import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

/**
 * Builds a TypeScript module of this project as it is shipped, into a temporary directory.
 * @returns {Promise<{file: string, module: any, remove: () => void}>}
 */
export async function bundle(entry) {
  const directory = mkdtempSync(join(tmpdir(), "integ-bench-"));
  const file = join(directory, "bundle.mjs");
  const build = await rolldown({
    input: fileURLToPath(new URL(`../${entry}`, import.meta.url)),
    platform: "node",
    external: [/^node:/, /^(?:jiti|oxc-parser|@napi-rs\/keyring)(?:\/|$)/],
  });
  await build.write({ file, format: "esm", codeSplitting: false });
  await build.close();
  const module = await import(pathToFileURL(file).href);
  return { file, module, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
