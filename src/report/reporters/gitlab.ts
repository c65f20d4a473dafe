import type { Finding, Severity } from "../../base/finding.ts";
import { jsonText } from "../../base/json.ts";
import { neutralize } from "../../base/text.ts";
import { open, type Reporter, sentenceOf, subjectText } from "./reporter.ts";

const SEVERITY: Readonly<Record<Severity, "info" | "minor" | "major" | "critical" | "blocker">> = {
  error: "critical",
  warning: "major",
  inconclusive: "info",
  info: "info",
};

/** GitLab shows an entry only with a place; what has none is shown at the file that every project has. */
const NOWHERE = { path: "integ.config.yaml", line: 1 };

const describe = (finding: Finding) => neutralize(`${subjectText(finding)}: ${sentenceOf(finding)}`);

/** GitLab's code quality report: an array; fingerprints must be unique in it. */
export const gitlab: Reporter = {
  name: "gitlab",
  render: (view) => {
    const entries = open(view).map((finding) => {
      const { path, line } = view.place(finding) ?? NOWHERE;
      return {
        description: describe(finding),
        check_name: neutralize(finding.rule),
        fingerprint: finding.fingerprint,
        severity: SEVERITY[finding.severity],
        location: { path: neutralize(path), lines: { begin: line } },
      };
    });
    const unique = [...new Map(entries.map((entry) => [entry.fingerprint, entry])).values()];
    return jsonText(unique);
  },
};
