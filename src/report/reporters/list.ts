import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { Reporter } from "./reporter.ts";
import { sarif } from "./sarif.ts";

const json: Reporter = {
  name: "json",
  render: ({ report }) => `${JSON.stringify(report, undefined, 2)}\n`,
};

/** Every format that `--reporter` knows. */
export const REPORTERS: readonly Reporter[] = [json, sarif, junit, github, gitlab, markdown];
