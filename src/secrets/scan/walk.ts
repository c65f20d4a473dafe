import { type Dirent, existsSync, lstatSync, readdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { upward } from "../../config/find.ts";
import type { Git } from "./git.ts";

/** What no repository keeps. */
const SKIPPED = new Set([".git", "node_modules"]);

/** None where the directory cannot be read, or is gone meanwhile. */
function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The files below a directory, those of each directory together. What ripgrep does where it is there. */
export function* walk(directory: string): Generator<string[]> {
  const files: string[] = [];
  const below: string[] = [];
  for (const entry of entriesOf(directory)) {
    const path = `${directory}${sep}${entry.name}`;
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory() && !SKIPPED.has(entry.name)) below.push(path);
  }
  if (files.length > 0) yield files;
  for (const path of below) yield* walk(path);
}

type Env = Readonly<Record<string, string | undefined>>;

/** Whether it is worth asking git: without a `.git` above, and nobody naming one, there is no repository. */
const mayBeRepository = (directory: string, env: Env) =>
  env.GIT_DIR !== undefined || upward(directory).some((above) => existsSync(join(above, ".git")));

/** Where to look: files, or a directory with all that is below it. */
export type Place = { files: string[] } | { directory: string };

async function* known(root: string, paths: readonly string[], git: Git): AsyncGenerator<Place> {
  const which = ["--cached", "--others", "--exclude-standard", "--deduplicate"];
  let rest = "";
  for await (const chunk of git.stream(["ls-files", "-z", ...which, "--", ...paths])) {
    const names = (rest + chunk.toString("latin1")).split("\0");
    rest = names.pop() ?? "";
    yield { files: names.map((name) => join(root, Buffer.from(name, "latin1").toString("utf8"))) };
  }
}

/**
 * Where files below paths lie, absolute, as they are met. In a repository the files that git knows or would take up, what is
 * ignored left out; elsewhere all of them.
 * @throws UsageError for a path that is not there
 */
export async function* placesBelow(
  root: string,
  paths: readonly string[],
  git: Git,
  env: Env,
): AsyncGenerator<Place> {
  const inRepository = mayBeRepository(root, env) && (await git.isRepository());
  // There, git reads `src/*.ts` and `:!docs` itself.
  const named = inRepository ? paths.filter((path) => !/[*?[]|^:/.test(path)) : paths;
  const absent = named.find((path) => !existsSync(resolve(root, path)));
  if (absent !== undefined) throw new UsageError(`There is no ${absent}`, { code: "usage/no-file" });
  if (inRepository) {
    yield* known(root, paths, git);
    return;
  }
  const starts = paths.length === 0 ? [root] : paths.map((path) => resolve(root, path));
  for (const path of starts) {
    yield lstatSync(path).isDirectory() ? { directory: path } : { files: [path] };
  }
}

/** A path as findings show it. */
export const shownPath = (root: string, path: string) => relative(root, path).split(sep).join("/");
