import { Command, CommanderError } from "commander";
import { UsageError } from "../base/errors.ts";
import { globalFlags, toOption } from "./flags.ts";
import { configureHelp, type HelpStyle } from "./help.ts";
import type { CommandSpec } from "./spec.ts";
import { argumentsUsage, usageOf } from "./usage.ts";
import { unknownOption } from "./words.ts";

/** What a command's own words say: its help was asked for, or values by name. */
export type CommandLine =
  | { kind: "help"; text: string }
  | { kind: "values"; args: Record<string, unknown>; flags: Record<string, unknown> };

function toCommander(spec: CommandSpec, style: HelpStyle): Command {
  const command = new Command(`integ ${spec.name}`).helpCommand(false).exitOverride();
  const usage = argumentsUsage(spec);
  Object.values(spec.args).forEach((arg, index) => {
    command.argument(usage[index] ?? "", arg.help);
  });
  for (const [name, option] of Object.entries(spec.options)) command.addOption(toOption(name, option));
  for (const option of globalFlags(spec)) command.addOption(option);
  if (spec.passThrough) command.passThroughOptions();
  configureHelp(command, spec, style);
  return command;
}

/** The parser's complaint in our words: one sentence, and one line of what to do. */
function usageError(error: CommanderError, spec: CommandSpec): UsageError {
  const text = error.message.replace(/^error: /, "");
  const help = `see \`integ ${spec.name} --help\``;
  const [, quoted = ""] = /'([^']*)'/.exec(text) ?? [];
  switch (error.code) {
    case "commander.unknownOption":
      return unknownOption(quoted, spec);
    case "commander.missingArgument":
      return new UsageError(`Missing argument <${quoted}>`, {
        code: "usage/missing-argument",
        hint: `usage: ${usageOf(spec)}  ${help}`,
      });
    case "commander.excessArguments":
      return new UsageError("Too many arguments", {
        code: "usage/excess-argument",
        hint: `usage: ${usageOf(spec)}  ${help}`,
      });
    case "commander.optionMissingArgument":
      return new UsageError(`Option \`${quoted}\` needs a value`, {
        code: "usage/missing-value",
        hint: help,
      });
    default:
      return invalidValue(text, help);
  }
}

function invalidValue(text: string, help: string): UsageError {
  const parts =
    /^option '(?<flag>[^']*)' argument '(?<value>.*)' is invalid\. (?<reason>[^\n]*)(?:\n(?<meant>.*))?$/s.exec(
      text,
    )?.groups;
  if (!parts) return new UsageError(text, { code: "usage", hint: help });
  const meant = parts.meant ? `did you mean \`${parts.meant}\`?  ` : "";
  return new UsageError(
    `Option \`${parts.flag}\` cannot be \`${parts.value}\`: ${lowerFirst(parts.reason ?? "")}`,
    {
      code: "usage/invalid-value",
      hint: meant + help,
    },
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/**
 * Reads what follows a command's name; runs nothing.
 * @throws UsageError with one line of what is wrong and one of what to do
 */
export function parseCommand(spec: CommandSpec, words: readonly string[], style: HelpStyle): CommandLine {
  let help = "";
  const command = toCommander(spec, style);
  // Whether there is colour was decided before: the style is the identity where there is none.
  command.configureOutput({
    writeOut: (text) => (help += text),
    writeErr: () => {},
    getOutHasColors: () => true,
  });
  try {
    command.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return { kind: "help", text: help };
    throw usageError(error, spec);
  }
  const names = Object.keys(spec.args);
  const values: readonly unknown[] = command.processedArgs;
  return {
    kind: "values",
    args: Object.fromEntries(names.map((name, index) => [name, values[index]])),
    flags: command.opts(),
  };
}
