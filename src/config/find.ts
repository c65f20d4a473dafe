import { readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { compareText } from "../base/finding.ts";

export const CONFIG_FILE = "integ.config.yaml";
export const MANIFEST_FILE = "integration.yaml";

export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The directories from `start` up to the file system's root. */
export function upward(start: string): string[] {
  const up = dirname(start);
  return up === start ? [start] : [start, ...upward(up)];
}

/** The integ.config.yaml that holds for a directory: its own, or the nearest above it. Absolute. */
export async function findConfigFile(cwd: string): Promise<string | undefined> {
  for (const directory of upward(resolve(cwd))) {
    const file = join(directory, CONFIG_FILE);
    if (await isFile(file)) return file;
  }
  return undefined;
}

/**
 * The configuration file to use.
 * @param named what `--config` or INTEG_CONFIG say, relative to `cwd`
 * @throws ConfigError `config/not-found`
 */
export async function requireConfigFile(cwd: string, named: string | undefined): Promise<string> {
  if (named !== undefined) {
    const file = resolve(cwd, named);
    if (await isFile(file)) return file;
    throw new ConfigError(`There is no configuration file ${named}`, {
      code: "config/not-found",
      hint: "check --config and INTEG_CONFIG; without both, integ searches upward for integ.config.yaml",
    });
  }
  const found = await findConfigFile(cwd);
  if (found !== undefined) return found;
  const misnamed = await isFile(join(cwd, "integ.config.yml"));
  throw new ConfigError(`There is no ${CONFIG_FILE} here or in a directory above`, {
    code: "config/not-found",
    hint: misnamed ? `rename integ.config.yml to ${CONFIG_FILE}` : "make one with `integ init`",
  });
}

/** Directories below `directory` that hold a manifest, sorted; none where the directory is not there. */
export async function manifestDirectories(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new ConfigError(`Cannot read ${directory}: ${error.message}`, {
      code: "config/unreadable",
      cause: error,
    });
  });
  const candidates = entries.filter((entry) => !entry.isFile()).map(({ name }) => join(directory, name));
  const found = await Promise.all(candidates.map((path) => isFile(join(path, MANIFEST_FILE))));
  return candidates.filter((_, index) => found[index]).sort(compareText);
}
