import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Fixed, so that figures of different days compare. */
const INFERENCE = { "genson-js": "0.0.8", "quicktype-core": "26.0.0" };
const LOAD = { autocannon: "9.0.0" };
const CLIENTS = { axios: "1.21.1", "axios-retry": "4.5.0", opossum: "9.0.0" };

/**
 * Peers of inference, installed into a directory of their own: the project does not depend on them.
 * @returns {{directory: string, require: NodeJS.Require} | undefined} undefined where the registry cannot be reached
 */
export const inferencePeers = () => install("integ-bench-peers", INFERENCE);

/** autocannon, for load tests; as `inferencePeers`. */
export const loadPeers = () => install("integ-bench-load", LOAD);

/** What applications put together in place of `integ/runtime`; as `inferencePeers`. */
export const clientPeers = () => install("integ-bench-clients", CLIENTS);

function install(name, versions) {
  const directory = join(tmpdir(), name);
  mkdirSync(directory, { recursive: true });
  const manifest = join(directory, "package.json");
  if (!Object.keys(versions).every((one) => existsSync(join(directory, "node_modules", one)))) {
    writeFileSync(manifest, JSON.stringify({ private: true, dependencies: versions }));
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
