import { dryRun } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const init = defineCommand({
  name: "init",
  group: "Start",
  summary: "set up integ in this repository",
  description: [
    "Writes integ.config.yaml, a line in .gitignore, INTEGRATIONS.md and a CI workflow that runs `integ check` on pull requests and every day. Asks on a terminal; every answer is also a flag.",
    "A file that is there is left as it is and named; .gitignore gets what is missing. All files are written, or none.",
  ].join("\n\n"),
  args: {},
  options: {
    project: { type: "string", value: "NAME", help: "name in keychains (default: package.json's name)" },
    environments: {
      type: "strings",
      value: "NAMES",
      help: "environments, comma-separated (default dev,staging,prod)",
    },
    store: {
      type: "string",
      value: "STORE",
      choices: ["keychain", "vault", "env", "hashicorp-vault", "aws-secrets-manager"],
      help: "where secrets live (default: what this machine has)",
    },
    ci: {
      type: "string",
      value: "SYSTEM",
      choices: ["github", "gitlab", "none"],
      help: "CI workflow to write (default: what this repository uses)",
    },
    notify: {
      type: "strings",
      value: "CHANNEL",
      choices: ["slack", "webhook", "email"],
      help: "the workflow's daily run tells this channel of what is new or gone",
    },
    openIssues: { type: "boolean", help: "the workflow's daily run keeps one GitHub issue per finding" },
    dir: { type: "string", value: "DIR", help: "directory of the integrations (default src/integrations)" },
    dryRun,
  },
  examples: [
    { why: "Ask what cannot be guessed", command: "integ init" },
    {
      why: "In a script: all answers as flags",
      command: "integ init --project shop --environments dev,prod --store vault --ci none",
    },
    {
      why: "The daily run tells Slack, and keeps GitHub issues",
      command: "integ init --ci github --notify slack --open-issues --yes",
    },
    { why: "See what would be written", command: "integ init --dry-run --yes" },
  ],
  json: true,
  load: () => import("../commands/init.ts"),
});
