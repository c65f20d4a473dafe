import { dryRun, env } from "../shared-options.ts";
import { defineCommand } from "../spec.ts";

export const rotate = defineCommand({
  name: "secrets rotate",
  group: "Secrets",
  summary: "replace secrets without ever losing a working one",
  description: [
    "Without a name: what is due in the environment, and rotations that are under way. Shows the plan and asks. A new key is made beside the old one, stored as `pending` before anything else, tested by a live request (the manifest's `rotation.verify`) and compared with what the old one may do; then one write makes it `current`. The old key lives for a grace of 24 hours, in which --abort brings it back, and is then revoked and watched until it is dead.",
    "Every step is written down first: a run that was killed is taken up by the next. A new key that fails its test is taken back, and the old one stays in use.",
  ].join("\n\n"),
  args: { secrets: { variadic: true, help: "stripe, stripe/api_key; none means what is due" } },
  options: {
    env,
    allEnvironments: { type: "boolean", help: "every environment", group: "Target" },
    dueWithin: {
      type: "duration",
      value: "DURATION",
      help: "what falls due within this time counts as due (default 14d)",
      group: "Target",
    },
    grace: {
      type: "duration",
      value: "DURATION",
      help: "how long the old key lives on; 0s for a leaked one (default 24h)",
    },
    endGrace: { type: "boolean", help: "revoke old keys whose grace is not over yet" },
    resume: { type: "boolean", help: "only go on with what is under way" },
    abort: { type: "boolean", help: "undo what is under way: the old value stays or comes back" },
    unverified: { type: "boolean", help: "promote new values without a live test" },
    acceptDowntime: {
      type: "boolean",
      help: "also what the provider replaces at once: the old value is dead before the new one is in use",
    },
    fromFile: {
      type: "string",
      value: "FILE",
      help: "driver manual: read the new value from a file, - for stdin",
    },
    fromEnv: { type: "string", value: "NAME", help: "driver manual: read the new value from a variable" },
    dryRun,
  },
  examples: [
    { why: "What is due in prod; shows the plan and asks", command: "integ secrets rotate --env prod" },
    { why: "Unattended, every environment", command: "integ secrets rotate --all-environments --yes" },
    {
      why: "A key that leaked: no grace",
      command: "integ secrets rotate stripe/api_key --env prod --grace 0s",
    },
    { why: "Back to the old key", command: "integ secrets rotate stripe/api_key --env prod --abort" },
  ],
  json: true,
  load: () => import("../../commands/secrets/rotate/rotate.ts"),
});

export const push = defineCommand({
  name: "secrets push",
  group: "Secrets",
  summary: "put secrets where the deployed application reads them",
  description:
    "Targets stand under `secrets.push` in integ.config.yaml: GitHub Actions, HashiCorp Vault, AWS Secrets Manager, or a program. Shows the plan and asks. A target that has the value already is left alone; after a failure the same command does what is open.",
  args: { secrets: { variadic: true, help: "stripe, stripe/api_key; none means all" } },
  options: {
    env,
    to: { type: "string", value: "NAME", help: "only to this target", group: "Target" },
    force: { type: "boolean", help: "push also what is there already" },
    dryRun,
  },
  examples: [
    { why: "What would go where", command: "integ secrets push --env prod --dry-run" },
    { why: "Shows the plan and asks", command: "integ secrets push --env prod" },
    { why: "One secret, unattended", command: "integ secrets push stripe/api_key --env prod --yes" },
  ],
  json: true,
  load: () => import("../../commands/secrets/push.ts"),
});

export const calendar = defineCommand({
  name: "secrets calendar",
  group: "Secrets",
  summary: "when which secret is to be rotated",
  description:
    "From the ledger, of every environment; no store is opened. --ics prints whole-day events with a reminder a week before, whose ids stay the same, so that a calendar program moves them.",
  args: {},
  options: {
    env: { ...env, help: "only this environment" },
    ics: { type: "boolean", help: "print an iCalendar document", group: "Output" },
  },
  examples: [
    { why: "The next rotations", command: "integ secrets calendar" },
    { why: "For a calendar program", command: "integ secrets calendar --ics > rotations.ics" },
    { why: "For a script", command: "integ secrets calendar --env prod --json" },
  ],
  json: true,
  load: () => import("../../commands/secrets/calendar.ts"),
});

export const audit = defineCommand({
  name: "secrets audit",
  group: "Secrets",
  summary: "who did what with secrets, and proof that the log is whole",
  description:
    "Every change, and every time values are handed out (get, run, export), is a line of .integ/audit.jsonl that holds the hash of the line before; where the chain ends is kept outside the repository. --verify exits with 1 when a line was changed, removed or moved.",
  args: {},
  options: {
    env: { ...env, help: "only this environment" },
    format: {
      type: "string",
      value: "NAME",
      choices: ["table", "markdown"],
      help: "markdown: a report of the rotations, for auditors",
      group: "Output",
    },
    verify: { type: "boolean", help: "verify the whole chain", group: "Check" },
    limit: {
      type: "integer",
      value: "COUNT",
      min: 1,
      default: 50,
      help: "the most entries to show",
      group: "Output",
    },
  },
  examples: [
    {
      why: "Which key was rotated when, by whom, and is the old one dead",
      command: "integ secrets audit --format markdown",
    },
    { why: "The last deeds", command: "integ secrets audit" },
    { why: "Prove that the log is whole", command: "integ secrets audit --verify" },
    { why: "For a script", command: "integ secrets audit --env prod --limit 1000 --json" },
  ],
  json: true,
  load: () => import("../../commands/secrets/audit.ts"),
});
