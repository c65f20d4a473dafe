import { normalize } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { REPORTERS } from "../../report/reporters/list.ts";
import type { Reporter } from "../../report/reporters/reporter.ts";

/** One `--reporter NAME[=FILE]`: without a file it takes the place of the text on stdout. */
export interface ReportRequest {
  reporter: Reporter;
  file?: string;
}

/**
 * Reads what `--reporter` asks for.
 * @throws UsageError for an unknown format, for two on stdout or in one file, and for one on stdout together with --json
 */
export function parseReporters(texts: readonly string[]): ReportRequest[] {
  const requests = texts.map((text) => {
    const [name = "", ...rest] = text.split("=");
    const reporter = REPORTERS.find((candidate) => candidate.name === name);
    if (!reporter) {
      throw new UsageError(`There is no reporter \`${name}\``, {
        code: "usage/reporter",
        hint: didYouMean(
          name,
          REPORTERS.map((known) => known.name),
          "reporters",
        ),
      });
    }
    const file = rest.join("=");
    if (rest.length > 0 && file === "") {
      throw new UsageError(`--reporter ${text}: the file is missing`, {
        code: "usage/reporter",
        hint: `--reporter ${name}=FILE`,
      });
    }
    return { reporter, ...(file === "" ? {} : { file }) };
  });
  const onStdout = requests.filter(({ file }) => file === undefined);
  if (onStdout.length > 1) {
    throw new UsageError("Only one reporter can write to stdout", {
      code: "usage/reporter",
      hint: `give the others a file: --reporter ${onStdout[1]?.reporter.name}=FILE`,
    });
  }
  const files = requests.flatMap(({ file }) => (file === undefined ? [] : [normalize(file)]));
  const shared = files.find((file, index) => files.indexOf(file) < index);
  if (shared !== undefined) {
    throw new UsageError(`Two reporters cannot write to one file: ${shared}`, {
      code: "usage/reporter",
      hint: "give each a file of its own",
    });
  }
  return requests;
}
