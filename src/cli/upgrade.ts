import { dryRun } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const upgrade = defineCommand({
  name: "upgrade",
  group: "Versions",
  summary: "bring newer templates into scaffolded modules; your edits survive",
  description:
    "A three-way merge of what was generated, what you made of it, and what is generated now. Where both changed the same lines, both stand there between git's conflict markers, and the exit code is 1. All files are written, or none.",
  args: { integrations: { variadic: true, help: "names of integrations; none means all" } },
  options: {
    dryRun,
    force: { type: "boolean", help: "also where git knows of changes that are not committed" },
  },
  examples: [
    { why: "What would change", command: "integ upgrade --dry-run" },
    { why: "One module", command: "integ upgrade stripe" },
    { why: "All of them, whatever git says", command: "integ upgrade --force" },
  ],
  json: true,
  load: () => import("../commands/upgrade/upgrade.ts"),
});
