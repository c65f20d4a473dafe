import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageFile } from "../../base/package-root.ts";

/** A temporary project, as a person's repository is the day before integ comes. */
export interface Stage {
  /** Absolute. */
  directory: string;
  /** A home directory for what the commands keep per user: the vault. */
  home: string;
  /** Removes everything. */
  strike(): Promise<void>;
}

const PACKAGE = { name: "demo-shop", private: true, type: "module" };

/** Directories need no privilege to be linked on Windows when the link is a junction. */
const link = (target: string, path: string) => symlink(target, path, "junction");

async function directoryOf(name: string): Promise<string> {
  return dirname(await realpath(createRequire(import.meta.url).resolve(`${name}/package.json`)));
}

async function furnish(directory: string): Promise<void> {
  const modules = join(directory, "node_modules");
  await mkdir(modules, { recursive: true });
  // Links to what this integ runs with: nothing has to be downloaded.
  await link(packageFile(), join(modules, "integ"));
  await link(await directoryOf("zod"), join(modules, "zod"));
  await writeFile(join(directory, "package.json"), `${JSON.stringify(PACKAGE, undefined, 2)}\n`);
}

/** Makes the temporary project. */
export async function setStage(): Promise<Stage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "integ-demo-")));
  const strike = () => rm(root, { recursive: true, force: true, maxRetries: 3 });
  const directory = join(root, PACKAGE.name);
  const home = join(root, "home");
  try {
    await mkdir(home);
    await furnish(directory);
  } catch (error) {
    await strike();
    throw error;
  }
  return { directory, home, strike };
}
