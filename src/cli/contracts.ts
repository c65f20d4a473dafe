import {
  allowOutsideRefs,
  allowRemoteRefs,
  dryRun,
  env,
  failOn,
  targets,
  timeout,
} from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

/** `--samples` of what judges answers by evidence. */
export const samples = {
  type: "integer",
  short: "s",
  value: "COUNT",
  min: 1,
  max: 10_000,
  default: 5,
  help: "requests to each endpoint; more make the judgement surer",
  group: "Check",
} as const;

export const record = defineCommand({
  name: "record",
  group: "Contracts",
  summary: "observe live responses and write them down as contracts",
  description: [
    "A contract is a JSON Schema beside the integration's module, with what it rests on under `x-integ`: how many responses, how often each optional property was there. No value of a response is in it but the members of closed sets, such as statuses.",
    "Recording again without drift changes no line. Where the live responses contradict a contract it is kept, and the drift is shown: take it over with `integ accept`, or start over with --force.",
    "--from-openapi writes down what a provider promises about the endpoints' answers. Such a contract rests on no answer: live ones are judged by it as it is written, without statistics.",
  ].join("\n\n"),
  args: { targets },
  options: {
    env,
    samples,
    from: {
      type: "strings",
      value: "FILE",
      help: "answers from files, JSON or a JSON on each line; - is stdin",
      group: "Target",
    },
    fromHar: { type: "string", value: "FILE", help: "answers from a HAR file", group: "Target" },
    fromOpenapi: {
      type: "string",
      value: "FILE|URL",
      help: "what an OpenAPI document promises, in place of answers",
      group: "Target",
    },
    allowRemoteRefs,
    allowOutsideRefs,
    out: {
      type: "string",
      value: "FILE",
      help: "write the contract of --from here, with no project; - prints it",
      group: "Output",
    },
    force: { type: "boolean", short: "f", help: "replace contracts, drifted ones too", group: "Output" },
    deepen: {
      type: "boolean",
      help: "add these samples to the evidence of contracts that have not drifted",
      group: "Output",
    },
    dryRun,
    timeout,
    failOn,
  },
  json: true,
  examples: [
    { why: "Every endpoint of the project", command: "integ record" },
    {
      why: "One endpoint, from enough samples to be sure",
      command: "integ record stripe/get-balance --samples 30",
    },
    {
      why: "Before the first request, from what the provider promises",
      command: "integ record stripe/get-balance --from-openapi openapi.json --dry-run",
    },
    { why: "Start over after a change that you know of", command: "integ record stripe --force" },
  ],
  load: () => import("../commands/record/run.ts"),
});

export const diff = defineCommand({
  name: "diff",
  group: "Contracts",
  summary: "show what live responses, or a newer document, changed",
  description: [
    "Targets are asked and judged against their contracts by evidence: each finding says on how many recorded and live responses it rests, and how likely it is without any change (n recorded, k of them had it, m live, x of them have it, p). Where the manifest names a consumer schema, that decides how bad it is, as in `integ check`.",
    "A failure of the provider, a missing permission or an empty list is inconclusive, never a change.",
    "Two documents, old and new, are compared with no project at all: OpenAPI 2.0 to 3.2 (all operations, both sides), JSON Schema of any draft, samples (JSON, or NDJSON with one in each line) or HAR recordings; files or URLs, JSON or YAML.",
  ].join("\n\n"),
  args: { targets: { ...targets, help: "targets of the project, OLD NEW, or one URL with --against" } },
  options: {
    env,
    samples,
    against: { type: "string", value: "FILE", help: "contract to compare one URL with", group: "Target" },
    direction: {
      type: "string",
      value: "SIDE",
      choices: ["response", "request", "both"],
      help: "what of documents is compared: what is read, or what is sent",
      group: "Check",
    },
    allowRemoteRefs,
    allowOutsideRefs,
    format: {
      type: "string",
      value: "FORMAT",
      choices: ["text", "markdown"],
      help: "markdown: a changelog of two documents",
      group: "Output",
    },
    timeout,
    failOn,
  },
  json: true,
  examples: [
    { why: "Everything against its contracts", command: "integ diff" },
    {
      why: "One endpoint in production, for a script",
      command: "integ diff stripe/get-balance --env prod --json",
    },
    {
      why: "Any URL against a contract, with no project at all",
      command: "integ diff https://api.github.com/users/octocat --against contract/get-user.json",
    },
    {
      why: "What a provider's new OpenAPI document breaks",
      command: "integ diff old/openapi.yaml new/openapi.yaml",
    },
    {
      why: "The same as a changelog",
      command: "integ diff old/openapi.yaml new/openapi.yaml --format markdown",
    },
  ],
  load: () => import("../commands/diff/run.ts"),
});

export const accept = defineCommand({
  name: "accept",
  group: "Contracts",
  summary: "take drift that live responses show into the contracts",
  description:
    "Asks the targets, shows their drift and takes what is chosen into the contract: interactively on a terminal, else by flags. What is not chosen stays as it was.",
  args: { targets },
  options: {
    env,
    samples,
    rule: {
      type: "strings",
      value: "RULE",
      help: "accept findings of this rule (repeatable)",
      group: "Check",
    },
    path: {
      type: "strings",
      value: "PATH",
      help: "accept findings at this path, $.data[*].email",
      group: "Check",
    },
    fingerprint: {
      type: "strings",
      value: "HEX",
      help: "accept the finding of this fingerprint",
      group: "Check",
    },
    all: { type: "boolean", help: "accept everything", group: "Check" },
    dryRun,
    timeout,
  },
  json: true,
  examples: [
    { why: "Choose on the terminal", command: "integ accept stripe/get-balance" },
    {
      why: "Every new property of an integration",
      command: "integ accept stripe --rule contract/property-added",
    },
    { why: "Everything, without a question", command: "integ accept --all" },
  ],
  load: () => import("../commands/accept/run.ts"),
});

export const rules = defineCommand({
  name: "rules",
  group: "Contracts",
  summary: "list every rule with its default severity, or explain one",
  args: { rule: { help: "id of a rule, with or without contract/" } },
  options: {},
  json: true,
  examples: [
    { why: "All rules with their default severities", command: "integ rules" },
    { why: "What one rule means and what to do about it", command: "integ rules contract/property-removed" },
    { why: "For a script", command: "integ rules --json" },
  ],
  load: () => import("../commands/rules.ts"),
});
