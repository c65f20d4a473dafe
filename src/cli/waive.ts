import { dryRun } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const waive = defineCommand({
  name: "waive",
  group: "Contracts",
  summary: "put a finding off until a date, with a reason",
  description:
    "Adds a waiver to integ.config.yaml for what a finding of the last `integ check` is about: its rule, its endpoint and its path. The finding stays in reports as waived; after the date it counts again.",
  args: {
    fingerprints: { required: true, variadic: true, help: "fingerprints of findings, or their beginnings" },
  },
  options: {
    until: {
      type: "string",
      value: "DATE",
      help: "last day on which the waiver holds, 2027-03-31; or from today, 30d",
      group: "Check",
    },
    reason: { type: "string", value: "TEXT", help: "why it can wait", group: "Check" },
    report: {
      type: "string",
      value: "FILE",
      help: "report that holds the finding (default: the last check here)",
      group: "Target",
    },
    dryRun,
  },
  json: true,
  examples: [
    {
      why: "For two weeks",
      command:
        'integ waive 3f2a91c0 --until 14d --reason "ticket 4711: the new field is read from Monday on"',
    },
    { why: "Asks for date and reason", command: "integ waive 3f2a91c0" },
    {
      why: "A finding of a report that CI made",
      command:
        'integ waive 3f2a91c0 --report report.json --until 2027-03-31 --reason "agreed with the provider"',
    },
  ],
  load: () => import("../commands/waive.ts"),
});
