import { dryRun } from "./shared-options.ts";
import { type CommandSpec, defineCommand } from "./spec.ts";

const integration = { required: true, help: "name of the integration, such as stripe" } as const;
const version = { required: true, help: "a version of it, such as v2" } as const;

const list = defineCommand({
  name: "versions list",
  group: "Versions",
  summary: "versions of each integration: active, on trial, on their way out",
  args: { integrations: { variadic: true, help: "names of integrations; none means all" } },
  options: {},
  examples: [
    { why: "All of them", command: "integ versions list" },
    { why: "Of one integration", command: "integ versions list stripe" },
    { why: "For a script", command: "integ versions list --json" },
  ],
  json: true,
  load: () => import("../commands/versions/list.ts"),
});

const canary = defineCommand({
  name: "versions canary",
  group: "Versions",
  summary: "give a version a share of the traffic",
  description:
    "The same key always gets the same version, and a growing share takes nobody away from it. Changes the manifest and the router together; 0% ends the trial.",
  args: { integration, version, share: { required: true, help: "share of the keys, such as 10%" } },
  options: { dryRun },
  examples: [
    { why: "One key in ten", command: "integ versions canary stripe v2 10%" },
    { why: "See what changes", command: "integ versions canary stripe v2 50% --dry-run" },
    { why: "End the trial", command: "integ versions canary stripe v2 0%" },
  ],
  json: true,
  load: () => import("../commands/versions/canary.ts"),
});

const promote = defineCommand({
  name: "versions promote",
  group: "Versions",
  summary: "make a version the active one",
  args: { integration, version },
  options: { dryRun },
  examples: [
    { why: "Everything on v2", command: "integ versions promote stripe v2" },
    { why: "See what changes", command: "integ versions promote stripe v2 --dry-run" },
    { why: "And back again", command: "integ versions promote stripe v1" },
  ],
  json: true,
  load: () => import("../commands/versions/promote.ts"),
});

const deprecate = defineCommand({
  name: "versions deprecate",
  group: "Versions",
  summary: "note that our code is moving away from a version",
  args: { integration, version },
  options: {
    sunset: { type: "string", value: "DATE", help: "last day on which it may be called, such as 2027-03-01" },
    reason: { type: "string", value: "TEXT", help: "why, and what to use instead" },
    dryRun,
  },
  examples: [
    { why: "With a date", command: "integ versions deprecate stripe v1 --sunset 2027-03-01" },
    { why: "With a reason", command: 'integ versions deprecate stripe v1 --reason "v2 has decimal amounts"' },
    { why: "See what changes", command: "integ versions deprecate stripe v1 --dry-run" },
  ],
  json: true,
  load: () => import("../commands/versions/deprecate.ts"),
});

const retire = defineCommand({
  name: "versions retire",
  group: "Versions",
  summary: "remove a version that nothing uses any more",
  description:
    "Looks through the project first, and refuses while something still imports the version or pins it, naming the places.",
  args: { integration, version },
  options: { dryRun },
  examples: [
    { why: "Once v2 is active and v1 unused", command: "integ versions retire stripe v1" },
    { why: "See which files go", command: "integ versions retire stripe v1 --dry-run" },
    { why: "For a script", command: "integ versions retire stripe v1 --json" },
  ],
  json: true,
  load: () => import("../commands/versions/retire.ts"),
});

export const versions: readonly CommandSpec[] = [list, canary, promote, deprecate, retire];
