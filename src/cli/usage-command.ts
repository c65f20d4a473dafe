import { env, targets } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const usage = defineCommand({
  name: "usage",
  group: "Contracts",
  summary: "which fields of the responses our schemas and our code read, and where",
  description:
    "Lays each contract beside the zod schema that reads the response: needed, read where it is there, unknown (the schema takes anything), unused. Beside it stand the lines of the code that read the field through the schema's type, found with the project's own TypeScript (5 or newer). Sends nothing.",
  args: { targets },
  options: {
    env,
    unused: {
      type: "boolean",
      help: "only what our schema does not read, or no code takes from it",
      group: "Output",
    },
  },
  examples: [
    { why: "Every endpoint", command: "integ usage" },
    {
      why: "What could be dropped from a request's fields",
      command: "integ usage stripe/list-customers --unused",
    },
    { why: "For a script", command: "integ usage --json" },
  ],
  json: true,
  load: () => import("../commands/usage/run.ts"),
});
