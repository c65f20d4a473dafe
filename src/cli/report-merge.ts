import { failOn } from "./shared-options.ts";
import { defineCommand } from "./spec.ts";

export const reportMerge = defineCommand({
  name: "report merge",
  group: "Contracts",
  summary: "join the reports of several shards into one",
  description:
    "Each endpoint and each finding is in the result once. The exit code is that of the whole check.",
  args: {
    files: { required: true, variadic: true, help: "JSON reports that `integ check --shard` wrote" },
  },
  options: {
    reporter: {
      type: "strings",
      value: "NAME[=FILE]",
      help: "json, sarif, junit, github, gitlab, markdown, html; repeatable, on stdout without a file",
      group: "Output",
    },
    failOn,
  },
  json: true,
  examples: [
    { why: "After two shards", command: "integ report merge part-1.json part-2.json" },
    {
      why: "As one file for code scanning",
      command: "integ report merge part-1.json part-2.json --reporter sarif=out.sarif",
    },
    { why: "As one JSON report", command: "integ report merge part-1.json part-2.json --json" },
  ],
  load: () => import("../commands/report-merge.ts"),
});
