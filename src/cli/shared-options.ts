import type { OptionSpec } from "./spec.ts";

/** Flags that every command has. */
export const globalOptions = {
  json: { type: "boolean", help: "print one JSON document on stdout", group: "Output" },
  quiet: { type: "boolean", short: "q", help: "only results and errors", group: "Output" },
  verbose: { type: "boolean", help: "say more, with stack traces of errors", group: "Troubleshooting" },
  color: {
    type: "string",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    help: "colour the output (default auto)",
    group: "Output",
  },
  config: { type: "string", value: "FILE", help: "configuration file (env INTEG_CONFIG)", group: "Target" },
  yes: { type: "boolean", short: "y", help: "take every confirmation as given", group: "Interaction" },
  input: {
    type: "boolean",
    help: "--no-input: never ask; fail with the flag that is missing",
    group: "Interaction",
  },
} as const satisfies Record<string, OptionSpec>;

/** `--env`, on every command that needs an environment. */
export const env = {
  type: "string",
  short: "e",
  value: "NAME",
  help: "environment (default: defaultEnvironment of integ.config.yaml)",
  group: "Target",
} as const satisfies OptionSpec;

export const dryRun = {
  type: "boolean",
  short: "n",
  help: "show what would be written, write nothing",
  group: "Output",
} as const satisfies OptionSpec;

export const failOn = {
  type: "string",
  value: "SEVERITY",
  choices: ["error", "warning", "info", "never"],
  default: "error",
  help: "lowest severity that makes the exit code 1",
  group: "Check",
} as const satisfies OptionSpec;

export const timeout = {
  type: "duration",
  value: "DURATION",
  help: "deadline for one exchange with all its redirects (default 30s)",
  group: "Network",
} as const satisfies OptionSpec;

export const targets = {
  variadic: true,
  help: "stripe, stripe@v1, stripe/get-balance, stripe@v2/get-balance; none means all",
} as const;

/** `--redis`, by which a check and its workers meet. */
export const redis = {
  type: "string",
  value: "URL",
  help: "Redis by which check and workers meet; its password: INTEG_REDIS_PASSWORD",
  group: "Network",
} as const satisfies OptionSpec;

/** `--allow-remote-refs`, wherever a document is read. */
export const allowRemoteRefs = {
  type: "boolean",
  help: "follow references of documents to URLs",
  group: "Network",
} as const satisfies OptionSpec;

/** `--allow-outside-refs`, wherever a document is read. */
export const allowOutsideRefs = {
  type: "boolean",
  help: "follow references of documents to files outside their directory and the working directory",
  group: "Network",
} as const satisfies OptionSpec;
