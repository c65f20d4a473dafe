import type { HostProcess } from "../../src/host/process.ts";
import type { Run, RunOptions } from "./cli.ts";
import { home } from "./home.ts";

const entry: string = new URL("../../dist/main.cjs", import.meta.url).href;
const { main } = (await import(entry)) as typeof import("../../src/main.ts");

/** What comes on standard input; no terminal. */
async function* input(bytes: string | Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield Buffer.from(bytes);
}

/**
 * Runs the CLI within this process, from its sources: the same argument list to the same exit code and streams, in a tenth
 * of the time of a new process. For tests that run it often; `integ` of cli.ts is the built one, as users start it.
 */
export async function integInProcess(
  args: readonly string[],
  {
    cwd = process.cwd(),
    env,
    stdin = "",
    versions = process.versions,
  }: Pick<RunOptions, "cwd" | "env" | "stdin"> & Partial<Pick<HostProcess, "versions">> = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const { PATH } = process.env;
  const host: HostProcess = {
    versions,
    argv: [process.execPath, "integ", ...args],
    env: { PATH, HOME: home, ...env },
    stdin: Object.assign(input(stdin), { isTTY: false }),
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
