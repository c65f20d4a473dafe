import type { Prompter } from "../base/context.ts";
import { InterruptedError } from "../base/errors.ts";

/** What a list that is searched offers: what has all the typed words, in its order; an end once something is picked. */
function offers(
  choices: readonly string[],
  picked: readonly string[],
  typed: string,
): { name: string; value: string | undefined }[] {
  const words = typed.toLowerCase().split(/\s+/);
  const open = choices.filter(
    (choice) => !picked.includes(choice) && words.every((word) => choice.toLowerCase().includes(word)),
  );
  const end = picked.length > 0 && typed === "" ? [{ name: "that is all", value: undefined }] : [];
  return [...end, ...open.map((name) => ({ name, value: name }))];
}

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
    pick: ({ message, choices }) =>
      ask(async ({ search }) => {
        const picked: string[] = [];
        for (;;) {
          const count = picked.length === 0 ? "" : ` (${picked.length} picked)`;
          const source = (typed: string | undefined) => offers(choices, picked, typed ?? "");
          const answer = await search({ message: `${message}${count}`, source, pageSize: 12 }, context);
          if (answer === undefined) return picked;
          picked.push(answer);
        }
      }),
    checkbox: <T>({ message, choices }: Parameters<Prompter["checkbox"]>[0]) =>
      ask(({ checkbox }) => checkbox({ message, choices }, context)) as Promise<T[]>,
  };
}
