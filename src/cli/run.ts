import { env } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const run = defineCommand({
  name: "run",
  group: "Secrets",
  summary: "a command with the environment's secrets in its variables",
  description: [
    "Each secret of the project is put into the variable its manifest names, and the environment's name into INTEG_ENV. In what the command prints, values of 6 characters and more are replaced by ***, also where they are base64, URL or JSON encoded. Signals are passed on, standard input is the command's, and the exit code is the command's.",
    "So that output can be masked, the command writes into a pipe; on a terminal it is told to keep its colours. A program that needs the terminal itself (an editor, a pager) runs with --unmasked.",
  ].join("\n\n"),
  args: { command: { variadic: true, required: true, help: "the command with its arguments, behind --" } },
  options: {
    env,
    only: {
      type: "strings",
      value: "SECRET",
      help: "hand on only these: stripe, stripe/api_key; repeatable",
    },
    allowMissing: { type: "boolean", help: "start the command even where secrets are missing" },
    unmasked: { type: "boolean", help: "leave the output alone and give the command the terminal" },
  },
  examples: [
    { why: "An application with its dev secrets", command: "integ run --env dev -- npm start" },
    { why: "Only one integration's", command: "integ run --env dev --only stripe -- node sync.js" },
    { why: "A program that needs the terminal", command: "integ run --env dev --unmasked -- vim notes.txt" },
  ],
  json: false,
  passThrough: true,
  load: () => import("../commands/run/run.ts"),
});
