import { spawn } from "node:child_process";

/** Files are text by our own rule: what holds a NUL or another encoding is searched as the bytes that it is. */
const AS_BYTES = ["--binary", "--encoding", "none", "--no-mmap"];
/** As `walk` goes: whatever is ignored or hidden, but what no repository keeps. */
const EVERYTHING = ["--hidden", "--no-ignore", "--glob", "!.git/", "--glob", "!node_modules/"];
/** Names alone, with how many files there were. */
const NAMES = ["--files-with-matches", "--null", "--stats"];

const SEARCHED = /^(\d+) files searched$/m;

/**
 * ripgrep's program, which comes with a package for each platform.
 * @returns undefined where there is none: for this platform, or because optional packages were left out
 */
async function program(): Promise<string | undefined> {
  try {
    return (await import("@vscode/ripgrep")).rgPath;
  } catch {
    return undefined;
  }
}

/**
 * Names files in which regular expressions match.
 * @param paths regular files, and directories with all that is below them
 * @param take takes names as they come
 * @returns how many files there were; undefined where it could not be done, and nothing of what was named counts
 */
export type Find = (paths: readonly string[], take: (names: string[]) => void) => Promise<number | undefined>;

/** ripgrep as what finds files; undefined where there is none. @param patterns in its own syntax; they may hold values in use */
export async function ripgrep(patterns: readonly string[], signal: AbortSignal): Promise<Find | undefined> {
  const file = await program();
  if (file === undefined) return undefined;
  return async (paths, take) => {
    try {
      const args = ["--no-config", ...AS_BYTES, ...EVERYTHING, ...NAMES, "--file", "-", "--", ...paths];
      const child = spawn(file, args, { stdio: ["pipe", "pipe", "ignore"], signal, windowsHide: true });
      // A program that cannot be started or that dies has told no number of files.
      child.on("error", () => {});
      child.stdin.on("error", () => {});
      child.stdin.end(patterns.join("\n"));
      let rest = "";
      for await (const chunk of child.stdout) {
        const names = (rest + chunk.toString("latin1")).split("\0");
        rest = names.pop() ?? "";
        take(names.map((name) => Buffer.from(name, "latin1").toString("utf8")));
      }
      const [, searched] = SEARCHED.exec(rest) ?? [];
      return searched === undefined ? undefined : Number(searched);
    } catch {
      return undefined;
    }
  };
}
