import { spawn } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { home } from "./home.ts";

/** The built CLI, as a user starts it. */
export const binary = fileURLToPath(new URL("../../bin/integ.cjs", import.meta.url));

export interface Run {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  stdin?: string | Uint8Array;
  /** Milliseconds after which the process is killed; default 120,000. */
  timeout?: number;
}

/** Runs the built CLI with a bare environment (PATH and a home of the test's own), no TTY, and waits for its end. */
export function integ(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return run(process.execPath, [binary, ...args], options);
}

/** One for all tests and the next run: compiling anew for each file's home is not what they are about. */
const compiled = fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url));

/** Runs any program the same way. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { PATH } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { PATH, HOME: home, NODE_COMPILE_CACHE: compiled, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeout ?? 120_000,
      killSignal: "SIGKILL",
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    // A child that ends without reading its input is no failure of the test.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin ?? "");
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({
        code,
        signal,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      });
    });
  });
}

/** A fresh directory that goes away with the test, or when `finished` says. */
export async function temporaryDirectory(
  finished: (work: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), "integ-test-")));
  finished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
