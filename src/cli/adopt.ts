import { samples } from "./contracts.ts";
import { dryRun, env, timeout } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const adopt = defineCommand({
  name: "adopt",
  group: "Versions",
  summary: "make a new version of a module from the drift of its API",
  description: [
    "Asks the active version's endpoints, and where the answers contradict the contract makes the next version beside it: your code with your edits, contracts as the answers are now, consumer schemas and test samples amended where they would refuse these, the router wired. The lines to look at are listed.",
    "The active version stays as it is. Where nothing has drifted, or the latest version has taken it over already, nothing is written. All files are written, or none.",
  ].join("\n\n"),
  args: { integration: { required: true, help: "name of the integration, such as stripe" } },
  options: {
    version: { type: "string", value: "VERSION", help: "name of the new version (default: the next one)" },
    env,
    samples,
    dryRun,
    timeout,
  },
  examples: [
    { why: "See it first, as a diff", command: "integ adopt stripe --dry-run" },
    { why: "The next version from what the API returns now", command: "integ adopt stripe" },
    { why: "For a script, with more evidence", command: "integ adopt stripe --samples 20 --json" },
  ],
  json: true,
  load: () => import("../commands/adopt/run.ts"),
});
