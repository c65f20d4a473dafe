import type { Command } from "commander";
import { EXIT_MEANING } from "../base/exit.ts";
import type { CommandSpec } from "./spec.ts";
import { usageOf } from "./usage.ts";

/** How titles and command words are styled; the identity without colour. */
export interface HelpStyle {
  title(text: string): string;
  command(text: string): string;
  dim(text: string): string;
}

export const PURPOSE =
  "integ looks after the third-party APIs your code depends on: scaffold a tested module, keep and rotate its\nsecrets, probe the live API, and learn which line of yours a provider's change breaks.";

const TOPICS = {
  "exit-codes": "what each exit code means",
  environment: "environment variables that integ reads",
} as const;

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ["INTEG_CONFIG", "configuration file to use instead of searching upward for integ.config.yaml"],
  ["INTEG_VAULT_PASSPHRASE", "passphrase of the encrypted file vault, where nobody can be asked"],
  ["INTEG_VAULT_KEY_FILE", "file that holds the vault's passphrase, or a key by `integ secrets keygen`"],
  ["NO_COLOR, FORCE_COLOR", "never, or always, colour the output; --color wins over both"],
  ["CI", "set by CI systems: no prompts, no progress"],
  ["HTTP_PROXY, HTTPS_PROXY, NO_PROXY", "proxies for requests to live APIs"],
  ["NODE_EXTRA_CA_CERTS", "further certificate authorities to trust, a PEM file"],
];

function table(rows: readonly (readonly [string, string])[], style: HelpStyle): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${style.command(left.padEnd(width))}  ${right}`).join("\n");
}

const rows = (commands: readonly CommandSpec[]) =>
  commands.map(({ name, summary }) => [name, summary] as const);

function section(title: string, body: string, style: HelpStyle): string {
  return `${style.title(title)}\n${body}\n`;
}

/** `integ`, `integ --help`: purpose, examples, commands by group, where to read on. */
export function rootHelp(
  commands: readonly CommandSpec[],
  style: HelpStyle,
  { concise = false } = {},
): string {
  const groups = [...new Set(commands.map(({ group }) => group))];
  const parts = [
    PURPOSE,
    "",
    section("Usage", "  integ <command> [arguments] [options]", style),
    section(
      "Examples",
      [
        "# The whole loop on an embedded API server",
        "$ integ demo",
        "# Latency and rate limits of any URL",
        "$ integ probe https://api.github.com/zen",
      ]
        .map((line) => `  ${line.startsWith("#") ? style.dim(line) : line}`)
        .join("\n"),
      style,
    ),
    ...groups.map((group) => {
      const inGroup = commands.filter((spec) => spec.group === group);
      return section(group, table(rows(inGroup), style), style);
    }),
  ];
  if (!concise) {
    const topics = Object.entries(TOPICS).map(([name, what]) => [`integ help ${name}`, what] as const);
    parts.push(section("Help topics", table(topics, style), style));
  }
  parts.push(style.dim("`integ <command> --help` tells more about a command."));
  return `${parts.join("\n")}\n`;
}

/** `integ secrets --help`: the commands of a group. */
export function groupHelp(group: string, commands: readonly CommandSpec[], style: HelpStyle): string {
  const inGroup = commands.filter(({ name }) => name.startsWith(`${group} `));
  return [
    section("Usage", `  integ ${group} <command> [arguments] [options]`, style),
    section("Commands", table(rows(inGroup), style), style),
    style.dim(`\`integ ${group} <command> --help\` tells more about a command.`),
    "",
  ].join("\n");
}

/** The text of `integ help exit-codes` and its like; `undefined` where there is no such topic. */
export function topicHelp(topic: string, style: HelpStyle): string | undefined {
  if (topic === "exit-codes") {
    return section(
      "Exit codes",
      table(
        Object.entries(EXIT_MEANING).map(([code, what]) => [code, what]),
        style,
      ),
      style,
    );
  }
  if (topic === "environment") return section("Environment variables", table(ENVIRONMENT, style), style);
  return undefined;
}

export const helpTopics: readonly string[] = Object.keys(TOPICS);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function examples(spec: CommandSpec, style: HelpStyle): string {
  const lines = spec.examples.flatMap(({ why, command }) => [`  ${style.dim(`# ${why}`)}`, `  $ ${command}`]);
  return `\n${section("Examples", lines.join("\n"), style)}`;
}

/** Gives a commander command our layout: description, usage, arguments, options by group, examples. */
export function configureHelp(command: Command, spec: CommandSpec, style: HelpStyle): void {
  command.configureHelp({
    styleTitle: (text) => style.title(text.replace(/:$/, "")),
    styleOptionTerm: (text) => style.command(text),
    // Arguments before options, as everyone writes them.
    commandUsage: (of) => of.usage(),
  });
  command.usage(usageOf(spec));
  command.helpOption("-h, --help", "show this help");
  command.description(`${capital(spec.summary)}.${spec.description ? `\n\n${spec.description}` : ""}`);
  if (spec.examples.length > 0) command.addHelpText("after", () => examples(spec, style).trimEnd());
}
