import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../base/duration.ts";
import { suggest } from "../base/suggest.ts";
import { globalOptions } from "./shared-options.ts";
import type { CommandSpec, OptionSpec } from "./spec.ts";

export const kebab = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

function parseNumber(spec: OptionSpec, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It is not a number");
  if (spec.type === "integer" && !Number.isSafeInteger(value))
    throw new InvalidArgumentError("It is not a whole number");
  if (spec.min !== undefined && value < spec.min) throw new InvalidArgumentError(`The least is ${spec.min}`);
  if (spec.max !== undefined && value > spec.max) throw new InvalidArgumentError(`The most is ${spec.max}`);
  return value;
}

function parseShare(text: string): number {
  const share = /^(\d+(?:\.\d+)?)%?$/.exec(text.trim())?.[1];
  if (share === undefined || Number(share) > 100)
    throw new InvalidArgumentError("It is not a percentage from 0 to 100, such as 20%");
  return Number(share) / 100;
}

function parseValue(spec: OptionSpec, text: string): string | number {
  if (spec.choices && !spec.choices.includes(text)) {
    const meant = suggest(text, spec.choices);
    const allowed = `Allowed are ${spec.choices.join(", ")}`;
    throw new InvalidArgumentError(meant ? `${allowed}\n${meant}` : allowed);
  }
  switch (spec.type) {
    case "integer":
    case "number":
      return parseNumber(spec, text);
    case "duration": {
      // Nothing needs no unit.
      const ms = text.trim() === "0" ? 0 : parseDuration(text);
      if (ms === undefined)
        throw new InvalidArgumentError("It is not a duration such as 800ms, 30s, 1h30m or 90d");
      return ms;
    }
    case "percent":
      return parseShare(text);
    default:
      return text;
  }
}

/** Where the values are known none holds a comma, and several may stand in one text. */
const oneOrMore = ({ choices }: OptionSpec, text: string): string[] => (choices ? text.split(",") : [text]);

/** The parser's form of one flag: its value checked, its default shown in help. */
export function toOption(name: string, spec: OptionSpec): Option {
  const short = spec.short ? `-${spec.short}, ` : "";
  const value = spec.type === "boolean" ? "" : ` <${spec.value ?? name.toUpperCase()}>`;
  const option = new Option(`${short}--${kebab(name)}${value}`, spec.help);
  option.helpGroup(`${spec.group ?? "Options"}:`);
  if (spec.type === "strings")
    return option.argParser((text: string, before: string[] = []) => [
      ...before,
      ...oneOrMore(spec, text).map((part) => String(parseValue(spec, part))),
    ]);
  if (spec.type !== "boolean") option.argParser((text: string) => parseValue(spec, text));
  if (spec.default !== undefined)
    option.default(spec.default, spec.type === "duration" ? `${spec.default}ms` : undefined);
  return option;
}

/** What of the flags that every command has this one has: what has no report has no `--json`. */
const sharedNames = (json: boolean) => Object.keys(globalOptions).filter((name) => json || name !== "json");

/** The flags that every command has, in the parser's form. */
export function globalFlags({ json }: Pick<CommandSpec, "json">): Option[] {
  const options = sharedNames(json).map((name) => {
    const spec = globalOptions[name as keyof typeof globalOptions];
    if (name !== "input") return toOption(name, spec);
    return new Option("--no-input", spec.help.replace(/^--no-input: /, "")).helpGroup(`${spec.group}:`);
  });
  return [...options, new Option("--no-color", "same as --color never").helpGroup("Output:")];
}

/** Long flags of a command, the shared ones included; without a command, the shared ones. */
export function longFlags(spec?: CommandSpec): string[] {
  const own = Object.keys(spec?.options ?? {}).map((name) => `--${kebab(name)}`);
  const shared = sharedNames(spec?.json ?? true).map((name) =>
    name === "input" ? "--no-input" : `--${kebab(name)}`,
  );
  return [...own, ...shared, "--no-color", "--help", ...(spec ? [] : ["--version"])];
}
