import type { HostProcess } from "../../src/host/process.ts";
import { main } from "../../src/main.ts";
import type { Run } from "./cli.ts";

/** No terminal and nothing on standard input. */
async function* nothing(): AsyncGenerator<Uint8Array> {}

/**
 * Runs the CLI within this process, from its sources: the same argument list to the same exit code and streams, in a tenth
 * of the time of a new process. For tests that run it often; `integ` of cli.ts is the built one, as users start it.
 */
export async function integInProcess(
  args: readonly string[],
  { cwd, env }: { cwd: string; env?: Record<string, string> },
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const { PATH, HOME } = process.env;
  const host: HostProcess = {
    argv: [process.execPath, "integ", ...args],
    env: { PATH, HOME, ...env },
    stdin: Object.assign(nothing(), { isTTY: false }),
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    cwd: () => cwd,
    on: () => {},
    off: () => {},
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const code = await main(host);
  return { code, signal: null, stdout: out.join(""), stderr: err.join("") };
}
