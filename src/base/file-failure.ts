import { basename, dirname, join } from "node:path";
import { IncompleteError } from "./errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than allowed",
  EMFILE: "too many files are open",
  EIO: "the device reports an error",
  ENOTDIR: "a part of the path is a file, not a directory",
  EEXIST: "a part of the path is a file, not a directory",
  EISDIR: "there is a directory in its place",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "a link of the path leads in a circle",
  EBUSY: "it is in use",
};

const TEMPORARY = /^\.(.+)\.[0-9a-f]{12}\.tmp$/;

/** The file that was to be written, where its temporary neighbour is named. */
function writtenFile(path: string): string {
  const name = TEMPORARY.exec(basename(path))?.[1];
  return name === undefined ? path : join(dirname(path), name);
}

/** Why the system refused; undefined where it did not refuse, or we do not know the refusal. */
function refusal(error: Error): string | undefined {
  if (!("code" in error && "syscall" in error && typeof error.code === "string")) return undefined;
  if (error.code !== "ENOENT") return REASONS[error.code];
  // Node says so of a directory on a file system that is read-only.
  if (error.syscall === "mkdir") {
    return "its directory cannot be made: a part of the path is gone, or the file system is read-only";
  }
  const isWritten = "path" in error && typeof error.path === "string" && TEMPORARY.test(basename(error.path));
  return isWritten ? "its directory takes no files, or is gone" : undefined;
}

/** Why the system refused, in words; its own where we have none. */
export function systemReason(error: unknown): string {
  return error instanceof Error ? (refusal(error) ?? error.message) : String(error);
}

/** What a file could not be written for; nothing where it was. What is no refusal of the file system is thrown on. */
export async function refusalOf(writing: Promise<void>): Promise<IncompleteError[]> {
  try {
    await writing;
    return [];
  } catch (error) {
    const failure = fileFailure(error);
    if (!failure) throw error;
    return [failure];
  }
}

/**
 * A refusal of the file system that no command has put into words of its own; `undefined` for anything else. The
 * machine refuses here, not integ, so it is no bug.
 */
export function fileFailure(error: unknown): IncompleteError | undefined {
  const reason = error instanceof Error ? refusal(error) : undefined;
  if (!(error instanceof Error) || reason === undefined) return undefined;
  const path = "path" in error && typeof error.path === "string" ? writtenFile(error.path) : undefined;
  const what = path === undefined ? "A file cannot be accessed" : `Cannot access ${path}`;
  return new IncompleteError(`${what}: ${reason}`, {
    code: "files/refused",
    hint: "check who owns it and what may be written there",
    cause: error,
  });
}
