import type { Finding, Severity } from "../../base/finding.ts";
import { neutralize, plural } from "../../base/text.ts";
import { open, type Reporter, type ReportView, sentenceOf, subjectText } from "./reporter.ts";

/** GitHub shows so many annotations of one level in one step; the rest would be dropped without a word. */
const SHOWN = 10;
const LEVEL: Readonly<Record<Severity, "error" | "warning" | "notice">> = {
  error: "error",
  warning: "warning",
  info: "notice",
  inconclusive: "warning",
};

/** Escapes the data of a workflow command, so that no text can begin a command of its own. */
export function commandData(text: string): string {
  return neutralize(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Escapes a property of a workflow command. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function annotation(finding: Finding, view: ReportView): string {
  const place = view.place(finding);
  // Columns are left out where they would be of two lines: the runner refuses them then.
  const oneLine = place && (place.endLine === undefined || place.endLine === place.line);
  const properties = [
    `title=${commandProperty(finding.rule)}`,
    ...(place ? [`file=${commandProperty(place.path)}`, `line=${place.line}`] : []),
    ...(oneLine && place.column !== undefined ? [`col=${place.column}`] : []),
    ...(oneLine && place.endColumn !== undefined ? [`endColumn=${place.endColumn}`] : []),
  ];
  const help = finding.help === undefined ? "" : `. ${finding.help}`;
  return `::${LEVEL[finding.severity]} ${properties.join(",")}::${commandData(`${subjectText(finding)}: ${sentenceOf(finding)}${help}`)}`;
}

/** Annotations for a GitHub Actions log: errors first, infos left to the log; beyond the limit only their number. */
export const github: Reporter = {
  name: "github",
  render: (view) => {
    const findings = open(view).filter(({ severity }) => severity !== "info");
    const lines: string[] = [];
    let hidden = 0;
    for (const level of ["error", "warning"] as const) {
      const all = findings.filter(({ severity }) => LEVEL[severity] === level);
      lines.push(...all.slice(0, SHOWN).map((finding) => annotation(finding, view)));
      hidden += Math.max(0, all.length - SHOWN);
    }
    if (hidden > 0)
      lines.push(`::notice title=integ::${plural(hidden, "finding")} more in the log and the step summary`);
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  },
};
