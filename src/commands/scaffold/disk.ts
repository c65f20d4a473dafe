import { readFileSync, realpathSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { ConfigError } from "../../base/errors.ts";
import { writeFilesAtomic } from "../../base/write-files.ts";
import { actionOf, type FileChange } from "../../scaffold/changes.ts";

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Reads files of a project by their path relative to its root; `undefined` where there is none. */
export function projectReader(root: string): (path: string) => string | undefined {
  return (path) => {
    try {
      return readFileSync(join(root, path), "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`Cannot read ${path}: ${reason}`, { code: "files/unreadable", cause: error });
    }
  };
}

function nearestReal(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    try {
      return realpathSync(at);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}

/** A symbolic link must not lead a write out of the project. */
function mustStayWithin(root: string, path: string): void {
  const way = relative(realpathSync(root), nearestReal(dirname(join(root, path))));
  if (way !== ".." && !way.startsWith(`..${sep}`)) return;
  throw new ConfigError(`${path} leads out of the project by a symbolic link; nothing was written`, {
    code: "files/outside",
  });
}

/** Takes away directories that a removal left empty, upward, never the root. */
async function removeEmpty(root: string, directory: string): Promise<void> {
  for (let at = directory; at !== root && at.startsWith(root); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}

/** Writes a plan: all of it, or nothing. Of two changes of one file the later holds. */
export async function applyChanges(root: string, changes: readonly FileChange[]): Promise<void> {
  const last = new Map(changes.map((change) => [change.path, change]));
  const open = [...last.values()].filter((change) => actionOf(change) !== "keep");
  for (const { path } of open) mustStayWithin(root, path);
  const writes = open.flatMap(({ path, after }) =>
    after === undefined ? [] : [{ file: join(root, path), content: after }],
  );
  await writeFilesAtomic(writes);
  // Removed last: should this fail, a file too many is left, never one too few.
  for (const { path, after } of open) {
    if (after !== undefined) continue;
    await rm(join(root, path), { force: true });
    await removeEmpty(root, dirname(join(root, path)));
  }
}
