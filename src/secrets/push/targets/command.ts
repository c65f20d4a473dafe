import type { Context } from "../../../base/context.ts";
import { IncompleteError } from "../../../base/errors.ts";
import { neutralize } from "../../../base/text.ts";
import type { PushPlace } from "../../../config/project.ts";
import { maskText } from "../../mask.ts";
import { execute } from "../../program.ts";
import type { Destination, Subject } from "../target.ts";

/**
 * A program of the user's: it reads the value, and nothing else, on its standard input. Which one it is stands in
 * INTEG_PUSH_SECRET, INTEG_PUSH_KEY and INTEG_PUSH_ENVIRONMENT.
 */
export class CommandDestination implements Destination {
  readonly #command: readonly string[];
  readonly #cwd: string;
  readonly #env: Context["env"];
  readonly #subject: Subject;
  readonly #signal: AbortSignal | undefined;

  constructor(
    { command }: PushPlace & { to: "command" },
    { cwd, env, signal }: { cwd: string; env: Context["env"]; signal?: AbortSignal | undefined },
    subject: Subject,
  ) {
    this.#command = command;
    this.#cwd = cwd;
    this.#env = env;
    this.#subject = subject;
    this.#signal = signal;
  }

  describe(key: string): string {
    return `command ${neutralize(this.#command.join(" "))}: ${key}`;
  }

  async put(key: string, value: string): Promise<void> {
    const { secret, environment } = this.#subject;
    const names = { INTEG_PUSH_SECRET: secret, INTEG_PUSH_KEY: key, INTEG_PUSH_ENVIRONMENT: environment };
    const signal = this.#signal;
    const program = { command: this.#command, cwd: this.#cwd, env: { ...this.#env, ...names }, signal };
    signal?.throwIfAborted();
    const outcome = await execute(program, value).catch((error: unknown) => {
      throw this.#failure(key, `it could not be started (${neutralize(String(error))})`);
    });
    if (outcome.code === 0) return;
    signal?.throwIfAborted();
    const said = neutralize(maskText(outcome.stderr.trim(), [value]), { multiline: true }).slice(-2000);
    throw this.#failure(key, `exit code ${outcome.code ?? "none, it was killed"}${said && `\n${said}`}`);
  }

  #failure(key: string, why: string): IncompleteError {
    return new IncompleteError(`${this.describe(key)}: ${why}`, {
      code: "push/failed",
      hint: "mend it, then run the command again: what was pushed is not pushed twice",
    });
  }
}
