import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isThere } from "./real.ts";

const run = promisify(execFile);

const cache = fileURLToPath(new URL("../../node_modules/.cache/integ-real/", import.meta.url));

/** How long an installation may take; the slowest takes half a minute on two cores. */
export const INSTALL_MS = 180_000;

/**
 * Installs one version of a package from the npm registry, once per machine, and gives its directory. No script of the
 * package or its dependencies runs. `undefined`, said on stderr, where the registry cannot be reached; a failure where
 * INTEG_REQUIRE_REAL is set.
 * @param overrides versions to force on dependencies, as package.json says them
 */
export async function fromRegistry(
  name: string,
  version: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const manifest = JSON.stringify({ private: true, dependencies: { [name]: version }, overrides });
  const key = createHash("sha256").update(manifest).digest("hex").slice(0, 8);
  const directory = join(cache, `${name}-${version}-${key}`);
  const installed = join(directory, "node_modules", name);
  if (existsSync(installed)) return installed;
  // Beside, then renamed: two test files may install the same at once, and a half installation is none.
  const beside = `${directory}.${randomBytes(4).toString("hex")}`;
  await mkdir(beside, { recursive: true });
  try {
    await writeFile(join(beside, "package.json"), manifest);
    await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], {
      cwd: beside,
      timeout: INSTALL_MS,
      shell: process.platform === "win32",
    });
    await rename(beside, directory);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (existsSync(installed)) return installed;
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    isThere(`${name} ${version} from the npm registry (${reason})`, false);
    return undefined;
  }
  return installed;
}
