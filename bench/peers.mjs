import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Fixed, so that figures of different days compare. */
const VERSIONS = { "genson-js": "0.0.8", "quicktype-core": "26.0.0" };

/**
 * Peers of inference, installed into a directory of their own: the project does not depend on them.
 * @returns {{directory: string, require: NodeJS.Require} | undefined} undefined where the registry cannot be reached
 */
export function inferencePeers() {
  const directory = join(tmpdir(), "integ-bench-peers");
  mkdirSync(directory, { recursive: true });
  const manifest = join(directory, "package.json");
  if (!Object.keys(VERSIONS).every((name) => existsSync(join(directory, "node_modules", name)))) {
    writeFileSync(manifest, JSON.stringify({ private: true, dependencies: VERSIONS }));
    try {
      execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], {
        cwd: directory,
        stdio: ["ignore", "ignore", "pipe"],
      });
    } catch {
      return undefined;
    }
  }
  return { directory, require: createRequire(manifest) };
}
