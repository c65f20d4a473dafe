import { dryRun, env } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const catalog = defineCommand({
  name: "catalog",
  group: "Versions",
  summary: "every integration with owner, versions, rotation due and how it was last doing",
  description:
    "Brings INTEGRATIONS.md up to date between its markers, and shows the same with what the last probes of this working copy measured. The file holds what the manifests and the ledger of secrets say, nothing that was measured: it is the same on every machine.",
  args: {},
  options: {
    env: { ...env, help: "environment whose measurements are shown" },
    format: {
      type: "string",
      value: "FORMAT",
      choices: ["text", "html"],
      help: "what is printed: a table (default), or one self-contained page",
      group: "Output",
    },
    dryRun,
  },
  examples: [
    { why: "Update INTEGRATIONS.md and show it", command: "integ catalog" },
    { why: "What would change", command: "integ catalog --dry-run" },
    { why: "A page for who has no terminal", command: "integ catalog --format html > integrations.html" },
    { why: "For a dashboard", command: "integ catalog --env prod --json" },
  ],
  json: true,
  load: () => import("../commands/catalog/catalog.ts"),
});
