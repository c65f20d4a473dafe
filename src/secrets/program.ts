import { spawn } from "node:child_process";
import type { Context } from "../base/context.ts";

/** Milliseconds a program may take. */
const DEADLINE_MS = 5 * 60_000;
const MOST_OUTPUT = 2 ** 20;

export interface Program {
  command: readonly string[];
  /** Working directory: the project's root. */
  cwd: string;
  env: Context["env"];
  /** Milliseconds it may take; default: five minutes. */
  deadlineMs?: number;
  /** Ctrl-C: the program is asked to end. */
  signal?: AbortSignal | undefined;
}

export interface ProgramOutcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Neither the vault's passphrase nor the secrets' own variables: values go by stdin and stdout only. */
function environmentOf({ env }: Program): Record<string, string | undefined> {
  const { INTEG_VAULT_PASSPHRASE: _, INTEG_VAULT_KEY_FILE: __, ...rest } = env;
  return rest;
}

/** Runs a program of the user's, without a shell. Rejects where it cannot be started. */
export function execute(place: Program, input: string): Promise<ProgramOutcome> {
  const [program = "", ...args] = place.command;
  const deadline = AbortSignal.timeout(place.deadlineMs ?? DEADLINE_MS);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: place.cwd,
      env: environmentOf(place),
      // Not `timeout`: where the program is not there, that keeps our process waiting for its end.
      signal: deadline,
      killSignal: "SIGKILL",
    });
    const outcome: ProgramOutcome = { code: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (outcome.stdout.length < MOST_OUTPUT) outcome.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (outcome.stderr.length < MOST_OUTPUT) outcome.stderr += text;
    });
    // What it started may live on and hold its output open: nobody waits for that.
    const hangUp = () => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const end = () => {
      child.kill();
      hangUp();
    };
    deadline.addEventListener("abort", hangUp);
    place.signal?.addEventListener("abort", end);
    // A program that does not read its input is judged by its answer.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("error", (error) => {
      // Of a program that was stopped its end is told below.
      if (error.name !== "AbortError") reject(error);
    });
    child.on("close", (code) => {
      place.signal?.removeEventListener("abort", end);
      resolve({ ...outcome, code });
    });
  });
}
