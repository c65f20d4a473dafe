import { execFile } from "node:child_process";

/** Files below `root` that git knows as changed; none where there is no git or no repository: best effort. */
export function uncommitted(root: string, signal: AbortSignal): Promise<string[]> {
  return new Promise((resolve) => {
    const args = ["status", "--porcelain", "--untracked-files=no", "-z", "--", "."];
    execFile("git", args, { cwd: root, signal, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      if (error) return resolve([]);
      resolve(
        stdout
          .split("\0")
          .filter((entry) => /^[ MADRCU?!]{2} /.test(entry))
          .map((entry) => entry.slice(3)),
      );
    });
  });
}
