import { dryRun } from "./shared-options.ts";
import { type CommandSpec, defineCommand } from "./spec.ts";

const make = defineCommand({
  name: "templates new",
  group: "Start",
  summary: "begin a template of your own from those that integ has",
  description:
    "A directory with `template.yaml` and, in `v1/`, the templates of a version's files: TypeScript that your editor and your compiler understand as it stands. Change what you need, delete what may stay as it is; further files are filled the same way.",
  args: { directory: { required: true, help: "where it is to lie; a new or an empty directory" } },
  options: { dryRun },
  examples: [
    { why: "Beside the code", command: "integ templates new templates/ours" },
    { why: "See which files it has", command: "integ templates new templates/ours --dry-run" },
    { why: "For a script", command: "integ templates new templates/ours --json" },
  ],
  json: true,
  load: () => import("../commands/templates/new.ts"),
});

const test = defineCommand({
  name: "templates test",
  group: "Start",
  summary: "try a template of your own with modules of every kind",
  description:
    "Fills it for the least and for the whole module with both test runners, and looks for holes and tokens that are not known and for syntax errors. Nothing of it is run, unless `--run` says so.",
  args: { source: { required: true, help: "a directory, npm:NAME or git+URL#REF" } },
  options: {
    run: { type: "boolean", help: "compile the modules and run their tests, with the project's own tools" },
  },
  examples: [
    { why: "A directory", command: "integ templates test templates/ours" },
    { why: "Only what is wrong", command: "integ templates test templates/ours --quiet" },
    { why: "For a script", command: "integ templates test templates/ours --json" },
  ],
  json: true,
  load: () => import("../commands/templates/test.ts"),
});

export const templates: readonly CommandSpec[] = [make, test];
