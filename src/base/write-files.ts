import { copyFile, mkdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { IncompleteError } from "./errors.ts";
import { systemReason } from "./file-failure.ts";
import { writeTemporary } from "./files.ts";

export interface FileContent {
  /** Absolute. */
  file: string;
  content: string | Uint8Array;
}

interface Step {
  file: string;
  temporary: string;
  /** Copy of what was there before. */
  backup: string | undefined;
  renamed: boolean;
}

function cannotWrite(file: string, error: unknown): IncompleteError {
  return new IncompleteError(`Cannot write ${file}: ${systemReason(error)}; nothing was changed`, {
    code: "files/write",
    cause: error,
  });
}

async function prepare({ file, content }: FileContent, made: string[]): Promise<Step> {
  // `mkdir` answers with the topmost directory it made.
  const top = await mkdir(dirname(file), { recursive: true });
  for (let at = dirname(file); top !== undefined && at.startsWith(top); at = dirname(at)) made.push(at);
  const mode = await stat(file).then(
    (stats) => stats.mode & 0o777,
    () => undefined,
  );
  const temporary = await writeTemporary(file, content, mode ?? 0o644);
  if (mode === undefined) return { file, temporary, backup: undefined, renamed: false };
  const backup = `${temporary}.old`;
  try {
    await copyFile(file, backup);
  } catch (error) {
    await Promise.all([rm(temporary, { force: true }), rm(backup, { force: true })]);
    throw error;
  }
  return { file, temporary, backup, renamed: false };
}

async function undo(steps: readonly Step[], made: readonly string[]): Promise<void> {
  for (const { file, temporary, backup, renamed } of [...steps].reverse()) {
    if (renamed && backup !== undefined) await rename(backup, file);
    else if (renamed) await rm(file, { force: true });
    await rm(temporary, { force: true });
    if (backup !== undefined) await rm(backup, { force: true });
  }
  // Deepest first; one that somebody else has put a file into stays.
  for (const directory of [...new Set(made)].sort((a, b) => b.length - a.length))
    await rmdir(directory).catch(() => {});
}

/**
 * Writes files that belong together: all of them, or none. Every file is written beside its place first, and moved
 * there when all are on the disk. Creates missing directories, keeps permission bits.
 * @throws IncompleteError `files/write`; then everything is as it was before
 */
export async function writeFilesAtomic(files: readonly FileContent[]): Promise<void> {
  const steps: Step[] = [];
  const made: string[] = [];
  let current = "";
  try {
    for (const one of files) {
      current = one.file;
      steps.push(await prepare(one, made));
    }
    for (const step of steps) {
      current = step.file;
      await rename(step.temporary, step.file);
      step.renamed = true;
    }
  } catch (error) {
    await undo(steps, made);
    throw cannotWrite(current, error);
  }
  await Promise.all(
    steps.map(({ backup }) => (backup === undefined ? undefined : rm(backup, { force: true }))),
  );
}
