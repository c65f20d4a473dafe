import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { cacheDirectory, type Env } from "../base/cache-directory.ts";
import { manifestDirectories, requireConfigFile } from "./find.ts";
import type { Project } from "./project.ts";

/**
 * A project as it was loaded before, so that a command that must be quick parses and validates nothing. What is remembered
 * holds for the very texts that it was made from, which lie beside it and are compared with the files; anything else, and
 * anything that goes wrong, means loading the project. It lies in the user's cache, not in the repository: whoever could put
 * it there by a commit could have a project used that nobody sees in its files.
 */
interface Memory {
  /** This code: of another build, or another Node, nothing is trusted. */
  maker: string;
  /** Names of files in problems are relative to it. */
  cwd: string;
  /** By absolute path; null where there was no file. */
  texts: ReadonlyMap<string, string | null>;
  /** Directories that hold a manifest. */
  manifests: readonly string[];
  project: Project;
}

/** The name of a built file changes with what is in it and in all that it imports; wherever it lies, it does the same. */
const MAKER = `${basename(import.meta.url)}-${process.version}`;

/** One file for each project and maker: builds that are used in turn leave each other's alone. */
const memoryFile = (directory: string, configFile: string, maker: string) =>
  join(directory, `${encodeURIComponent(dirname(configFile)).slice(-160)}.${maker}.project`);

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function isAsItWas({ texts, manifests, project }: Memory): boolean {
  const now = manifestDirectories(join(project.root, project.config.integrations));
  return now.join("\n") === manifests.join("\n") && [...texts].every(([file, text]) => textOf(file) === text);
}

type Asked = Pick<Memory, "maker" | "cwd"> & { configFile: string };

function recall(file: string, { maker, cwd, configFile }: Asked): Project | undefined {
  try {
    const memory: Memory = deserialize(readFileSync(file));
    const { project } = memory;
    if (memory.maker !== maker || memory.cwd !== cwd || project.configFile !== configFile) return undefined;
    return isAsItWas(memory) ? project : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds for which a memory is kept without being written anew. A project in use is then loaded once more. */
const KEPT_MS = 90 * 86_400_000;

/** Forgets checkouts that may be long gone, and what a killed writer left. */
async function prune(directory: string): Promise<void> {
  const names = await readdir(directory);
  const memories = names
    .filter((name) => /\.project(?:\.|$)/.test(name))
    .map((name) => join(directory, name));
  for (const file of memories) {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(file, { force: true });
  }
}

/** A cache that cannot be written is none: the command goes on without. */
async function remember(file: string, memory: Memory): Promise<void> {
  try {
    const { writeFileAtomic } = await import("../base/files.ts");
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomic(file, serialize(memory), 0o600);
    await prune(dirname(file));
  } catch {}
}

/**
 * Like `loadProject`, and much quicker where nothing has changed since the last time.
 * @param env says where the user's cache is; without one nothing is remembered
 */
export async function rememberedProject(options: {
  cwd: string;
  configFile?: string | undefined;
  env: Env;
  /** Tests: another build than this one. */
  maker?: string;
}): Promise<Project> {
  const { cwd, env, maker = MAKER } = options;
  const configFile = requireConfigFile(cwd, options.configFile);
  const directory = cacheDirectory(env, process.platform);
  const file = directory && memoryFile(directory, configFile, maker);
  const known = file && recall(file, { maker, cwd, configFile });
  if (known) return known;
  const texts = new Map<string, string | null>();
  const { loadProject } = await import("./load.ts");
  const project = await loadProject({
    cwd,
    configFile,
    read: async (path) => {
      texts.set(path, null);
      const text = await readFile(path, "utf8");
      texts.set(path, text);
      return text;
    },
  });
  const manifests = project.integrations.map((integration) => integration.directory);
  if (file) await remember(file, { maker, cwd, texts, manifests, project });
  return project;
}
