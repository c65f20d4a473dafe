import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { UsageError } from "../../base/errors.ts";
import { decodeUtf8 } from "../../base/utf8.ts";

/** The longest value that is taken: 1 MiB of UTF-8. A longer one is a mistake. */
const LONGEST = 2 ** 20;

export interface InputOptions {
  fromFile: string | undefined;
  fromEnv: string | undefined;
}

function fail(message: string, hint: string): UsageError {
  return new UsageError(message, { code: "usage/secret-input", hint });
}

async function readValueFile(file: string, cwd: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(cwd, file));
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw fail(`Cannot read ${file}: ${why}`, "--from-file takes a file that holds nothing but the value");
  }
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw fail(`${file} is not UTF-8 text`, `store bytes as base64: base64 ${file} | integ secrets set …`);
}

function readVariable(name: string, env: Context["env"]): string {
  const value = env[name];
  if (value === undefined)
    throw fail(`The variable ${name} is not set`, "--from-env takes a variable's name");
  return value;
}

async function ask(name: string, ctx: Context): Promise<string> {
  if (ctx.io.prompt) return ctx.io.prompt.secret({ message: `Value of ${name}` });
  if (!ctx.io.stdinIsTTY) return ctx.io.readStdin();
  throw fail(
    `The value of ${name} is missing`,
    "pipe it in, or use --from-file FILE or --from-env NAME; a value never stands on the command line",
  );
}

async function read(name: string, { fromFile, fromEnv }: InputOptions, ctx: Context): Promise<string> {
  if (fromFile !== undefined && fromEnv !== undefined) {
    throw fail("--from-file and --from-env exclude each other", "give one of them");
  }
  if (fromFile !== undefined && fromFile !== "-") return readValueFile(fromFile, ctx.cwd);
  if (fromEnv !== undefined) return readVariable(fromEnv, ctx.env);
  return fromFile === "-" ? ctx.io.readStdin() : ask(name, ctx);
}

/** Takes a secret's value from where the command line says. One line end at its end is dropped: editors and `echo` add it. */
export async function readValue(name: string, options: InputOptions, ctx: Context): Promise<string> {
  const value = (await read(name, options, ctx)).replace(/\r?\n$/, "");
  if (value === "") throw fail(`The value of ${name} is empty`, "nothing was stored");
  if (Buffer.byteLength(value) > LONGEST) {
    throw fail(`The value of ${name} is longer than 1 MiB`, "nothing was stored; is this the right file?");
  }
  return value;
}
