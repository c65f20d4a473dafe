import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { createMasker } from "../../secrets/mask.ts";

/**
 * Signals that are passed on to the child; SIGKILL and SIGSTOP cannot be. Left to itself Node would open a debugger's port on
 * SIGUSR1, in a process that holds every secret.
 */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Sent by the terminal to the child itself too, when both are in its foreground. */
const FROM_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

export interface ChildOptions {
  command: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
  /** Values to mask; undefined hands our own stdout and stderr through. */
  mask: readonly string[] | undefined;
}

export type ChildEnd =
  | { kind: "exited"; code: number }
  | { kind: "not-started"; reason: "not-found" | "not-executable" | "failed"; message: string };

async function pipeMasked(from: Readable, to: Writable, values: readonly string[]): Promise<void> {
  const masker = createMasker(values);
  const write = async (bytes: Buffer) => {
    if (bytes.length > 0 && !to.write(bytes)) await once(to, "drain");
  };
  for await (const chunk of from) await write(masker.push(chunk));
  await write(masker.end());
}

function startFailure(error: Error): ChildEnd {
  const code = "code" in error ? error.code : undefined;
  const reason = code === "ENOENT" ? "not-found" : code === "EACCES" ? "not-executable" : "failed";
  return { kind: "not-started", reason, message: error.message };
}

/** Some failures are thrown, others are told by an event: variables that are too large in all are thrown. */
function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess | Error {
  try {
    return spawn(command, args, options);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/**
 * Runs a program with our standard input, and waits for its end. Signals are passed on; a child that died of one gives
 * 128 plus its number, as shells do.
 */
export async function runChild({ command, args, env, mask }: ChildOptions): Promise<ChildEnd> {
  const output = mask ? "pipe" : "inherit";
  const child = start(command, args, { env, stdio: ["inherit", output, output] });
  if (child instanceof Error) return startFailure(child);
  // In a pipeline some of the three are no terminal, and Ctrl-C comes from there all the same.
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const forward = (signal: NodeJS.Signals) => {
    if (onTerminal && FROM_TERMINAL.includes(signal)) return;
    child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    const ended = new Promise<ChildEnd>((resolve) => {
      child.on("error", (error) => resolve(startFailure(error)));
      child.on("close", (code, signal) => {
        resolve({ kind: "exited", code: code ?? 128 + (signal ? constants.signals[signal] : 0) });
      });
    });
    const piped = mask
      ? [
          child.stdout ? pipeMasked(child.stdout, process.stdout, mask) : undefined,
          child.stderr ? pipeMasked(child.stderr, process.stderr, mask) : undefined,
        ]
      : [];
    const [end] = await Promise.all([ended, ...piped]);
    return end;
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
