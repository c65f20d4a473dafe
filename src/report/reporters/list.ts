import { jsonText } from "../../base/json.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { htmlPage } from "./html.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { Reporter } from "./reporter.ts";
import { sarif } from "./sarif.ts";

const json: Reporter = {
  name: "json",
  render: ({ report }) => jsonText(report),
};

/** Every format that `--reporter` knows. */
export const REPORTERS: readonly Reporter[] = [json, sarif, junit, github, gitlab, markdown, htmlPage];
