import { failOn } from "../shared-options.ts";
import { defineCommand } from "../spec.ts";

export const scan = defineCommand({
  name: "secrets scan",
  group: "Secrets",
  summary: "find keys in files, in what is staged, or in the git history",
  description: [
    "Looks for what presets and manifests say that keys look like, for random text assigned to something called like a secret, and for the very values that the project's stores hold. Of a key no more than four characters are shown.",
    "What git ignores is left out. A line that says integ:not-a-secret is passed over; --baseline shows only what is new.",
  ].join("\n\n"),
  args: { paths: { variadic: true, help: "files and directories; none means all" } },
  options: {
    staged: { type: "boolean", help: "what is about to be committed", group: "Target" },
    history: { type: "boolean", help: "every version of every file, of all branches", group: "Target" },
    range: {
      type: "string",
      value: "RANGE",
      help: "commits of the history, such as main..HEAD",
      group: "Target",
    },
    skipStored: {
      type: "boolean",
      help: "open no store, look for no stored values",
      group: "Check",
    },
    baseline: {
      type: "string",
      value: "FILE",
      help: "report of an earlier scan: show only what is new since",
      group: "Check",
    },
    failOn,
    reporter: {
      type: "strings",
      value: "NAME[=FILE]",
      help: "json, sarif, junit, github, gitlab, markdown; repeatable, on stdout without a file",
      group: "Output",
    },
    installHook: {
      type: "boolean",
      help: "write git's pre-commit hook, and do nothing else",
      group: "Output",
    },
  },
  examples: [
    { why: "All files of the repository", command: "integ secrets scan" },
    { why: "Before each commit, from now on", command: "integ secrets scan --install-hook" },
    { why: "Everything that was ever committed", command: "integ secrets scan --history" },
    {
      why: "What a branch adds, for code scanning",
      command: "integ secrets scan --range main..HEAD --reporter sarif=scan.sarif",
    },
  ],
  json: true,
  load: () => import("../../commands/secrets/scan/scan.ts"),
});
