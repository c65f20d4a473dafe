import { UsageError } from "../base/errors.ts";
import { suggest } from "../base/suggest.ts";
import { longFlags } from "./flags.ts";
import type { CommandSpec } from "./spec.ts";

/** A command line taken apart: which command, or group of commands, and what is left for it. */
export interface Words {
  /** Nothing: flags without a command. */
  command?: CommandSpec;
  /** `secrets`, where no command of it was named. */
  group?: string;
  rest: string[];
}

const TAKES_VALUE = ["--color", "--config"];
/** What may stand before the command: the flags that every command has. */
const leadingNames = () => ["-q", "-y", "-h", "-V", ...longFlags()];

/** Flags before the command, with the values of those that take one. */
function leadingFlags(argv: readonly string[]): string[] {
  const flags: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (!word.startsWith("-") || word === "--") break;
    const [name = ""] = word.split("=");
    if (!leadingNames().includes(name)) throw unknownOption(word);
    flags.push(word);
    if (TAKES_VALUE.includes(name) && !word.includes("=") && argv[i + 1] !== undefined)
      flags.push(argv[++i] ?? "");
  }
  return flags;
}

/** `did you mean …?  see …`: the one line below an error of usage. */
function hintOf(meant: string | undefined, help: string): string {
  return meant === undefined ? `see \`${help}\`` : `did you mean \`${meant}\`?  see \`${help}\``;
}

/** An option that a command, or without one `integ` itself, does not have. */
export function unknownOption(flag: string, spec?: CommandSpec): UsageError {
  const [name = ""] = flag.split("=");
  // `-json` is `--json` in a hurry; one letter resembles nothing.
  const meant = name.length > 2 ? suggest(`--${name.replace(/^-+/, "")}`, longFlags(spec)) : undefined;
  const help = spec ? `integ ${spec.name} --help` : "integ --help";
  return new UsageError(`Unknown option \`${flag}\``, {
    code: "usage/unknown-option",
    hint: hintOf(meant, help),
  });
}

/** A command that is not there: the closest one is looked for among whole names and among last words. */
export function unknownCommand(words: readonly string[], commands: readonly CommandSpec[]): UsageError {
  const [first = "", second] = words;
  const inGroup = commands.filter(({ name }) => name.startsWith(`${first} `));
  const isGroup = inGroup.length > 0;
  const last = (spec: CommandSpec) => spec.name.split(" ").at(-1) ?? "";
  const wanted = isGroup ? (second ?? "") : first;
  const pool = isGroup ? inGroup.map(last) : firstWords(commands);
  const close = suggest(wanted, pool);
  // `integ rotate` where there is `integ secrets rotate`.
  const elsewhere = commands.find((spec) => last(spec) === wanted)?.name;
  const meant = close === undefined ? elsewhere : isGroup ? `${first} ${close}` : close;
  return new UsageError(`Unknown command \`${isGroup ? `${first} ${wanted}` : wanted}\``, {
    code: "usage/unknown-command",
    hint: hintOf(
      meant === undefined ? undefined : `integ ${meant}`,
      isGroup ? `integ ${first} --help` : "integ --help",
    ),
  });
}

/** First words of all commands, each once: `probe`, `secrets`. */
export function firstWords(commands: readonly CommandSpec[]): string[] {
  return [...new Set(commands.map(({ name }) => name.split(" ")[0] ?? ""))];
}

/**
 * Finds the command. Shared flags may stand before it, as in `integ --json probe`.
 * @throws UsageError for an unknown command or flag
 */
export function findCommand(argv: readonly string[], commands: readonly CommandSpec[]): Words {
  const leading = leadingFlags(argv);
  const words = argv.slice(leading.length);
  if (words[0] === "--") words.shift();
  const [first, second] = words;
  if (first === undefined) return { rest: leading };
  const nested = commands.find(({ name }) => name === `${first} ${second}`);
  if (nested) return { command: nested, rest: [...leading, ...words.slice(2)] };
  const command = commands.find(({ name }) => name === first);
  if (command) return { command, rest: [...leading, ...words.slice(1)] };
  const isGroup = commands.some(({ name }) => name.startsWith(`${first} `));
  if (isGroup && (second === undefined || second.startsWith("-")))
    return { group: first, rest: [...leading, ...words.slice(1)] };
  throw unknownCommand(words, commands);
}
