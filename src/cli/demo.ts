import { defineCommand } from "./spec.ts";

export const demo = defineCommand({
  name: "demo",
  group: "Start",
  summary: "the whole loop on an embedded API, in a temporary directory, explained",
  description:
    "Runs the real commands against an API server of its own: a project is set up, a module scaffolded, a key stored, a contract recorded and checked. Then the provider changes its responses, and the check names the line of code that breaks. Needs no network, no keychain and no project; takes a few seconds and leaves nothing behind.",
  args: {},
  options: {
    keep: { type: "boolean", help: "keep the temporary project, to look around in it" },
  },
  examples: [
    { why: "See what integ does", command: "integ demo" },
    { why: "And look at the files it made", command: "integ demo --keep" },
    { why: "Only how it ended, for a script", command: "integ demo --json" },
  ],
  json: true,
  load: () => import("../commands/demo/demo.ts"),
});
