import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import { suggest } from "../base/suggest.ts";
import { configureHelp, type HelpStyle, rootHelp, topicHelp } from "./help.ts";
import { globalOptions } from "./shared-options.ts";
import type { CommandSpec, OptionSpec } from "./spec.ts";

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

const kebab = (name: string) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

function parseNumber(spec: OptionSpec, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new InvalidArgumentError(`'${text}' is not a number.`);
  if (spec.type === "integer" && !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError(`'${text}' is not a whole number.`);
  }
  if (spec.min !== undefined && value < spec.min) throw new InvalidArgumentError(`The least is ${spec.min}.`);
  if (spec.max !== undefined && value > spec.max) throw new InvalidArgumentError(`The most is ${spec.max}.`);
  return value;
}

function parseValue(spec: OptionSpec, text: string): string | number {
  if (spec.choices && !spec.choices.includes(text)) {
    throw new InvalidArgumentError(`Allowed are ${spec.choices.join(", ")}.`);
  }
  switch (spec.type) {
    case "integer":
    case "number":
      return parseNumber(spec, text);
    case "duration": {
      const ms = parseDuration(text);
      if (ms === undefined)
        throw new InvalidArgumentError(`'${text}' is not a duration such as 800ms, 30s, 90d.`);
      return ms;
    }
    case "percent": {
      const share = /^(\d+(?:\.\d+)?)%?$/.exec(text.trim())?.[1];
      if (share === undefined || Number(share) > 100) {
        throw new InvalidArgumentError(`'${text}' is not a percentage from 0 to 100, such as 20%.`);
      }
      return Number(share) / 100;
    }
    default:
      return text;
  }
}

function toOption(name: string, spec: OptionSpec): Option {
  const short = spec.short ? `-${spec.short}, ` : "";
  const value = spec.type === "boolean" ? "" : ` <${spec.value ?? name.toUpperCase()}>`;
  const option = new Option(`${short}--${kebab(name)}${value}`, spec.help);
  if (spec.type === "strings") {
    return option
      .default([], "none")
      .argParser((text: string, before: string[]) => [...before, String(parseValue(spec, text))]);
  }
  if (spec.type !== "boolean") option.argParser((text: string) => parseValue(spec, text));
  if (spec.default !== undefined) option.default(spec.default);
  return option.helpGroup(`${spec.group ?? "Options"}:`);
}

function addGlobalOptions(command: Command, { json }: { json: boolean }): void {
  for (const [name, spec] of Object.entries(globalOptions)) {
    if (name === "json" && !json) continue;
    if (name === "input")
      command.addOption(
        new Option("--no-input", spec.help.replace(/^--no-input: /, "")).helpGroup("Interaction:"),
      );
    else command.addOption(toOption(name, spec));
  }
  command.addOption(new Option("--no-color", "same as --color never").helpGroup("Output:"));
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

function argumentsOf(spec: CommandSpec, values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(Object.keys(spec.args).map((name, index) => [name, values[index]]));
}

function toCommand(spec: CommandSpec, found: (parsed: Parsed) => void): Command {
  const command = new Command(spec.name.split(" ").at(-1)).summary(spec.summary).helpGroup(`${spec.group}:`);
  for (const [name, arg] of Object.entries(spec.args)) {
    const inner = `${kebab(name)}${arg.variadic ? "..." : ""}`;
    command.argument(arg.required ? `<${inner}>` : `[${inner}]`, arg.help);
  }
  for (const [name, option] of Object.entries(spec.options)) command.addOption(toOption(name, option));
  addGlobalOptions(command, spec);
  if (spec.passThrough) command.passThroughOptions();
  command.action((...given: unknown[]) => {
    const values = command.opts();
    const own = Object.keys(spec.options).map((name) => [name, values[name]]);
    const args = argumentsOf(spec, given);
    found({
      kind: "run",
      command: spec,
      options: { ...args, ...Object.fromEntries(own) },
      globals: globalsOf(values),
    });
  });
  return command;
}

function buildProgram(
  commands: readonly CommandSpec[],
  style: HelpStyle,
  found: (parsed: Parsed) => void,
): Command {
  const program = new Command("integ").helpCommand(false).enablePositionalOptions();
  const parents = new Map<string, Command>();
  const all = [program];
  for (const spec of commands) {
    const words = spec.name.split(" ");
    const [first = ""] = words;
    let parent = program;
    if (words.length > 1) {
      parent = parents.get(first) ?? program.command(first).helpCommand(false);
      if (!parents.has(first)) all.push(parent);
      parents.set(first, parent);
    }
    const command = toCommand(spec, found);
    parent.addCommand(command);
    all.push(command);
  }
  for (const command of all) configureHelp(command, commands, style);
  return program;
}

function usageError(
  error: CommanderError,
  argv: readonly string[],
  commands: readonly CommandSpec[],
): UsageError {
  const [first = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const meant = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(more.join(" ").trim())?.[1];
  const unknown = error.code === "commander.unknownCommand" ? /'(.+)'/.exec(first)?.[1] : undefined;
  const names = commands.map(({ name }) => name);
  const nested =
    unknown === undefined
      ? undefined
      : suggest(
          unknown,
          names.map((name) => name.split(" ").at(-1) ?? name),
        );
  const full = meant ?? names.find((name) => name === nested || name.endsWith(` ${nested}`));
  const known = names.filter(
    (name) => argv[0] !== undefined && (name === argv[0] || name.startsWith(`${argv[0]} `)),
  );
  const help =
    known.length === 1
      ? `integ ${known[0]} --help`
      : known.length > 1
        ? `integ ${argv[0]} --help`
        : "integ --help";
  const hint = full ? `did you mean \`${full}\`?  see \`${help}\`` : `see \`${help}\``;
  const sentence = first.replace(/\.$/, "");
  return new UsageError(sentence.charAt(0).toUpperCase() + sentence.slice(1), { code: "usage", hint });
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
  if (argv.length === 0) return { kind: "text", text: rootHelp(commands, style, { concise: true }) };
  const topic = argv[0] === "help" && argv[1] !== undefined ? topicHelp(argv[1], style) : undefined;
  if (topic !== undefined) return { kind: "text", text: topic };
  let parsed: Parsed | undefined;
  let printed = "";
  const program = buildProgram(commands, style, (found) => {
    parsed = found;
  });
  const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
  try {
    // Each command on its own: copyInheritedSettings would copy the root's help layout too.
    for (const command of [program, ...descendants(program)]) {
      command.exitOverride().configureOutput({ writeOut: (text) => (printed += text), writeErr: () => {} });
    }
    program.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed" || error.code === "commander.help")
      return { kind: "text", text: printed };
    throw usageError(error, words, commands);
  }
  return parsed ?? { kind: "text", text: printed };
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}
