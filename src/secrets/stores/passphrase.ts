import { readFileSync } from "node:fs";
import type { Context, Io } from "../../base/context.ts";
import { locked, refused } from "../states.ts";

/** Asks the vault's passphrase of whoever has it: `INTEG_VAULT_PASSPHRASE`, the file `INTEG_VAULT_KEY_FILE`, a person. */
export type PassphraseSource = (question: { vault: string; isNew: boolean }) => Promise<string>;

const HOW = "set INTEG_VAULT_PASSPHRASE or INTEG_VAULT_KEY_FILE, or run the command in a terminal";

function fromFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw locked(`key file ${file}`, `it cannot be read (${why})`, "INTEG_VAULT_KEY_FILE names it", error);
  }
  const passphrase = text.replace(/\r?\n$/, "");
  if (passphrase === "") throw locked(`key file ${file}`, "it is empty", "INTEG_VAULT_KEY_FILE names it");
  return passphrase;
}

async function fromPerson(vault: string, isNew: boolean, prompt: Io["prompt"]): Promise<string> {
  if (!prompt) throw locked(vault, "nobody gave its passphrase", HOW);
  const first = await prompt.secret({
    message: isNew ? "Choose a passphrase for the vault" : "Passphrase of the vault",
  });
  if (first === "") throw locked(vault, "the passphrase was empty", HOW);
  if (isNew && (await prompt.secret({ message: "The same passphrase again" })) !== first) {
    throw refused("The two passphrases differ; the vault was not created", "run the command again");
  }
  return first;
}

/** The sources in their order; a person is asked at most once per run. */
export function passphraseSource(env: Context["env"], prompt: Io["prompt"]): PassphraseSource {
  let asked: Promise<string> | undefined;
  return async ({ vault, isNew }) => {
    if (env.INTEG_VAULT_PASSPHRASE) return env.INTEG_VAULT_PASSPHRASE;
    if (env.INTEG_VAULT_KEY_FILE) return fromFile(env.INTEG_VAULT_KEY_FILE);
    asked ??= fromPerson(vault, isNew, prompt);
    return asked;
  };
}
