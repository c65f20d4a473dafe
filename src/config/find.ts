import { type Dirent, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../base/errors.ts";
import { compareText } from "../base/finding.ts";

export const CONFIG_FILE = "integ.config.yaml";
export const MANIFEST_FILE = "integration.yaml";

// Not one promise: before `integ run` starts its program, waiting for those costs more than the few small files do.

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
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
export function findConfigFile(cwd: string): string | undefined {
  for (const directory of upward(resolve(cwd))) {
    const file = join(directory, CONFIG_FILE);
    if (isFile(file)) return file;
  }
  return undefined;
}

/**
 * The configuration file to use.
 * @param named what `--config` or INTEG_CONFIG say, relative to `cwd`
 * @throws ConfigError `config/not-found`
 */
export function requireConfigFile(cwd: string, named: string | undefined): string {
  if (named !== undefined) {
    const file = resolve(cwd, named);
    if (isFile(file)) return file;
    throw new ConfigError(`There is no configuration file ${named}`, {
      code: "config/not-found",
      hint: "check --config and INTEG_CONFIG; without both, integ searches upward for integ.config.yaml",
    });
  }
  const found = findConfigFile(cwd);
  if (found !== undefined) return found;
  const misnamed = isFile(join(cwd, "integ.config.yml"));
  throw new ConfigError(`There is no ${CONFIG_FILE} here or in a directory above`, {
    code: "config/not-found",
    hint: misnamed ? `rename integ.config.yml to ${CONFIG_FILE}` : "make one with `integ init`",
  });
}

/** Directories below `directory` that hold a manifest, sorted; none where the directory is not there. */
export function manifestDirectories(directory: string): string[] {
  return entriesOf(directory)
    .filter((entry) => !entry.isFile())
    .map(({ name }) => join(directory, name))
    .filter((path) => isFile(join(path, MANIFEST_FILE)))
    .sort(compareText);
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new ConfigError(`Cannot read ${directory}: ${error instanceof Error ? error.message : error}`, {
      code: "config/unreadable",
      cause: error,
    });
  }
}
