import type { Prompter } from "../base/context.ts";
import { InterruptedError } from "../base/errors.ts";

/** Prompts on the terminal, on stderr so that stdout stays data; the library is loaded with the first question. */
export function terminalPrompter(signal: AbortSignal): Prompter {
  const context = { output: process.stderr, signal, clearPromptOnDone: false };
  const ask = async <T>(
    question: (inquirer: typeof import("./prompt-library.ts")) => Promise<T>,
  ): Promise<T> => {
    try {
      return await question(await import("./prompt-library.ts"));
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      if (name === "ExitPromptError" || name === "AbortPromptError") throw new InterruptedError();
      throw error;
    }
  };
  return {
    text: ({ message, default: preset, validate }) =>
      ask(({ input }) =>
        input(
          {
            message,
            ...(preset === undefined ? {} : { default: preset }),
            ...(validate ? { validate } : {}),
          },
          context,
        ),
      ),
    secret: ({ message }) => ask(({ password }) => password({ message, mask: "*" }, context)),
    confirm: ({ message, default: preset }) =>
      ask(({ confirm }) => confirm({ message, default: preset ?? false }, context)),
    select: <T>({ message, choices, default: preset }: Parameters<Prompter["select"]>[0]) =>
      ask(({ select }) =>
        select({ message, choices, ...(preset === undefined ? {} : { default: preset }) }, context),
      ) as Promise<T>,
    checkbox: <T>({ message, choices }: Parameters<Prompter["checkbox"]>[0]) =>
      ask(({ checkbox }) => checkbox({ message, choices }, context)) as Promise<T[]>,
  };
}
