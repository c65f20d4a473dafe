import { UsageError } from "../base/errors.ts";
import { didYouMean, suggest } from "../base/suggest.ts";
import { VERSION } from "../version.ts";
import { parseCommand } from "./command.ts";
import { groupHelp, type HelpStyle, helpTopics, rootHelp, topicHelp } from "./help.ts";
import type { CommandSpec } from "./spec.ts";
import { findCommand, firstWords } from "./words.ts";

/** What the command line asks for: text to print, or a command with its options. */
export type Parsed =
  | { kind: "text"; text: string }
  | { kind: "run"; command: CommandSpec; options: Record<string, unknown>; globals: Globals };

export interface Globals {
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  color: "auto" | "always" | "never";
  config: string | undefined;
  yes: boolean;
  input: boolean;
}

function colorOf(value: unknown): Globals["color"] {
  if (value === false) return "never";
  return value === "always" || value === "never" ? value : "auto";
}

function globalsOf(values: Record<string, unknown>): Globals {
  return {
    json: values.json === true,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    color: colorOf(values.color),
    config: typeof values.config === "string" ? values.config : undefined,
    yes: values.yes === true,
    input: values.input !== false,
  };
}

/** What help and errors look at before, or without, a full parse: flags up to `--`. */
export function peekGlobals(argv: readonly string[]): Pick<Globals, "json" | "verbose" | "color"> {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  let color: Globals["color"] = "auto";
  words.forEach((word, index) => {
    if (word === "--no-color") color = "never";
    else if (word === "--color") color = colorOf(words[index + 1]);
    else if (word.startsWith("--color=")) color = colorOf(word.slice("--color=".length));
  });
  return { json: words.includes("--json"), verbose: words.includes("--verbose"), color };
}

/** `integ help`, `integ help secrets set`, `integ help exit-codes`. */
function help(words: readonly string[], commands: readonly CommandSpec[], style: HelpStyle): Parsed {
  const named = words.filter((word) => !word.startsWith("-"));
  const [first] = named;
  const topic = first === undefined || first === "help" ? rootHelp(commands, style) : topicHelp(first, style);
  if (topic !== undefined) return { kind: "text", text: topic };
  const known = [...firstWords(commands), ...helpTopics];
  if (first !== undefined && !known.includes(first)) {
    const meant = suggest(first, known);
    throw new UsageError(`There is no help for \`${first}\``, {
      code: "usage/unknown-topic",
      hint: meant ? `did you mean \`integ help ${meant}\`?` : didYouMean(first, helpTopics, "help topics"),
    });
  }
  return parseCommandLine([...named, "--help"], commands, style);
}

const asksFor = (words: readonly string[], flags: readonly string[]): boolean =>
  words.some((word) => flags.includes(word));

function group(
  name: string,
  rest: readonly string[],
  commands: readonly CommandSpec[],
  style: HelpStyle,
): Parsed {
  if (asksFor(rest, ["-h", "--help"])) return { kind: "text", text: groupHelp(name, commands, style) };
  const names = commands.flatMap((spec) =>
    spec.name.startsWith(`${name} `) ? [spec.name.slice(name.length + 1)] : [],
  );
  throw new UsageError(`\`integ ${name}\` needs a command: ${names.join(", ")}`, {
    code: "usage/missing-command",
    hint: `see \`integ ${name} --help\``,
  });
}

/**
 * Reads a command line against the table of commands; runs nothing.
 * @param argv what comes after `integ`
 * @throws UsageError with the closest command or flag as its hint
 */
export function parseCommandLine(
  argv: readonly string[],
  commands: readonly CommandSpec[],
  style: HelpStyle,
): Parsed {
  if (argv[0] === "help") return help(argv.slice(1), commands, style);
  const { command, group: groupName, rest } = findCommand(argv, commands);
  if (groupName !== undefined) return group(groupName, rest, commands, style);
  if (!command) {
    if (asksFor(rest, ["--version", "-V"])) return { kind: "text", text: `${VERSION}\n` };
    return { kind: "text", text: rootHelp(commands, style, { concise: !asksFor(rest, ["-h", "--help"]) }) };
  }
  const line = parseCommand(command, rest, style);
  if (line.kind === "help") return { kind: "text", text: line.text };
  const own = Object.entries(command.options).map(([name, { type }]) => [
    name,
    line.flags[name] ?? (type === "strings" ? [] : undefined),
  ]);
  return {
    kind: "run",
    command,
    options: { ...line.args, ...Object.fromEntries(own) },
    globals: globalsOf(line.flags),
  };
}
