import { abandonedCalls } from "../base/abandoned.ts";

/** What of Node's `process` ends it. */
interface Ending {
  exitCode?: number | string | null | undefined;
  readonly pid: number;
  readonly execve?: ((file: string, args: string[]) => void) | undefined;
  kill(pid: number, signal: "SIGKILL"): unknown;
}

/** Milliseconds that what was printed has to reach its reader. */
const FLUSH_MS = 50;

/**
 * Ends the process with an exit code. With a native call left behind it ends at once: from Node 22.15 on by replacing
 * the process with one that exits so, before by SIGKILL, whose exit code is 137.
 */
export function finish(host: Ending, code: number): void {
  host.exitCode = code;
  if (!abandonedCalls.any()) return;
  setTimeout(() => {
    try {
      host.execve?.("/bin/sh", ["sh", "-c", `exit ${code}`]);
    } catch {
      // Windows has no execve; it has no keychain dialogs either.
    }
    host.kill(host.pid, "SIGKILL");
  }, FLUSH_MS);
}
