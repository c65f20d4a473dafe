import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { isThere } from "./real.ts";

const run = promisify(execFile);

/** A package of the npm registry, in one version. */
export interface Package {
  name: string;
  version: string;
  /** Versions to force on dependencies, as package.json says them. */
  overrides?: Readonly<Record<string, string>>;
}

/** Servers that nobody here wrote, by the test file that starts them. */
export const SERVERS = {
  "json-server.test.ts": {
    old: { name: "json-server", version: "0.17.4" },
    new: { name: "json-server", version: "1.0.0-beta.15" },
  },
  "verdaccio.test.ts": {
    // One lodash in place of eight: half of all files.
    only: { name: "verdaccio", version: "6.2.9", overrides: { "node-fetch": "2.7.0", lodash: "4.17.23" } },
  },
} as const satisfies Record<string, Record<string, Package>>;

/** Beside no clone: each new one would install the same again. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "integ-tests");

/** How long an installation may take; the slowest takes half a minute on two cores. */
const INSTALL_MS = 180_000;

function placeOf({ name, version, overrides = {} }: Package) {
  const manifest = JSON.stringify({ private: true, dependencies: { [name]: version }, overrides });
  const key = createHash("sha256").update(manifest).digest("hex").slice(0, 8);
  const directory = join(cache, `${name}-${version}-${key}`);
  return { manifest, directory, installed: join(directory, "node_modules", name) };
}

/** Whether nobody else installs it: the file names the process that does, which may have died meanwhile. */
async function claim(lock: string): Promise<boolean> {
  await mkdir(cache, { recursive: true });
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = Number(await readFile(lock, "utf8").catch(() => ""));
    try {
      if (holder > 0) process.kill(holder, 0);
    } catch {
      await rm(lock, { force: true });
    }
    return false;
  }
}

/**
 * Installs a package, once per machine, and gives its directory; waits where another process is at it. No script of the
 * package or its dependencies runs.
 */
export async function install(wanted: Package, signal?: AbortSignal): Promise<string> {
  const { manifest, directory, installed } = placeOf(wanted);
  const lock = `${directory}.lock`;
  while (!existsSync(installed)) {
    if (!(await claim(lock))) {
      await delay(100, undefined, signal ? { signal } : {});
      continue;
    }
    // Beside, then renamed: a half installation is none.
    const beside = `${directory}.${randomBytes(4).toString("hex")}`;
    try {
      if (existsSync(installed)) break;
      await mkdir(beside);
      await writeFile(join(beside, "package.json"), manifest);
      await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], {
        cwd: beside,
        timeout: INSTALL_MS,
        shell: process.platform === "win32",
        ...(signal ? { signal } : {}),
      });
      await rename(beside, directory);
    } finally {
      await rm(beside, { recursive: true, force: true });
      await rm(lock, { force: true });
    }
  }
  return installed;
}

/**
 * The directory of a package of the npm registry. `undefined`, said on stderr, where the registry cannot be reached; a
 * failure where INTEG_REQUIRE_REAL is set.
 */
export async function fromRegistry(wanted: Package): Promise<string | undefined> {
  try {
    return await install(wanted);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    isThere(`${wanted.name} ${wanted.version} from the npm registry (${reason})`, false);
    return undefined;
  }
}
