import { env, failOn, redis, targets, timeout } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const check = defineCommand({
  name: "check",
  group: "Contracts",
  summary: "the CI gate: configuration, secrets, probes and contracts in one pass",
  description: [
    "Sends one request per endpoint (or --samples), judges it against budgets, contract and our own zod schema, and names the line of ours that breaks. Changes nothing of the project; the report is kept in .integ/ for `integ waive`.",
    "An outage, a spent quota or a lapsed permission is inconclusive (exit code 3), never breaking. Findings at or above --fail-on give exit code 1.",
  ].join("\n\n"),
  args: { targets },
  options: {
    env,
    samples: {
      type: "integer",
      value: "N",
      min: 1,
      max: 1000,
      default: 1,
      help: "responses per endpoint to judge by",
      group: "Check",
    },
    only: {
      type: "string",
      value: "PARTS",
      help: "parts to check, by comma: config, secrets, probe, contract (default all)",
      group: "Check",
    },
    failOn,
    inconclusive: {
      type: "string",
      value: "HOW",
      choices: ["fail", "warn"],
      default: "fail",
      help: "fail: exit code 3 for what could not be judged; warn: show it only",
      group: "Check",
    },
    baseline: {
      type: "string",
      value: "FILE",
      help: "report of an earlier check: show only what is new since",
      group: "Check",
    },
    reporter: {
      type: "strings",
      value: "NAME[=FILE]",
      help: "json, sarif, junit, github, gitlab, markdown, html; repeatable, on stdout without a file",
      group: "Output",
    },
    annotations: {
      type: "string",
      value: "WHEN",
      choices: ["auto", "never"],
      default: "auto",
      help: "auto: under GitHub Actions annotate lines and write the step summary",
      group: "Output",
    },
    notify: {
      type: "strings",
      value: "CHANNEL",
      choices: ["slack", "webhook", "email"],
      help: "tell of what is new or gone since the last time (`notify` of the configuration)",
      group: "Output",
    },
    openIssues: {
      type: "boolean",
      help: "keep one GitHub issue per finding: opened, updated, closed",
      group: "Output",
    },
    prComment: {
      type: "boolean",
      help: "keep one comment on the pull request of this workflow",
      group: "Output",
    },
    timeout,
    changed: {
      type: "string",
      value: "REF",
      help: "only integrations that changed since this git ref, or whose importers did",
      group: "Target",
    },
    shard: {
      type: "string",
      value: "INDEX/COUNT",
      help: "check this part of the endpoints only; integ report merge joins the parts",
      group: "Target",
    },
    redis,
    harOut: { type: "string", value: "FILE", help: "write every exchange to a HAR file", group: "Network" },
    harIn: {
      type: "string",
      value: "FILE",
      help: "take the answers from a HAR file: no network, no credentials",
      group: "Network",
    },
    maxTime: {
      type: "duration",
      value: "DURATION",
      help: "end after this time; what was not reached is inconclusive",
      group: "Network",
    },
  },
  examples: [
    { why: "Everything, in the default environment", command: "integ check" },
    {
      why: "One integration against production, by five responses each",
      command: "integ check stripe --env prod --samples 5",
    },
    { why: "Without network: configuration and secrets only", command: "integ check --only config,secrets" },
    {
      why: "For a script, failing on warnings too",
      command: "integ check --json --fail-on warning --max-time 2m",
    },
    {
      why: "Reports for a pipeline, only what is new since the main branch",
      command: "integ check --reporter sarif=out.sarif --reporter junit=out.xml --baseline main.json",
    },
    {
      why: "Every day: tell the team what is new or gone, and keep an issue for each finding",
      command: "integ check --env prod --notify slack --open-issues",
    },
    {
      why: "On several machines: workers started with `integ worker` take the endpoints",
      command: "integ check --redis redis://127.0.0.1:6379",
    },
    {
      why: "Record once, then check offline",
      command: "integ check --har-out api.har && integ check --har-in api.har",
    },
  ],
  json: true,
  load: () => import("../commands/check/run.ts"),
});
