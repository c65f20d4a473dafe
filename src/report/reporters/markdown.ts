import type { Finding, Severity } from "../../base/finding.ts";
import { neutralize, plural, truncate } from "../../base/text.ts";
import { consumerWords, evidenceWords, readerWords, valueWords } from "../words.ts";
import { open, type Reporter, type ReportView, subjectText } from "./reporter.ts";

/** The first line of every comment, by which the next run finds and replaces it. */
export function markerOf(subject?: string): string {
  return subject === undefined
    ? "<!-- integ:report -->"
    : `<!-- integ:report ${encodeURIComponent(subject)} -->`;
}

/** GitHub takes comments of 65,536 characters; some room is left for whoever adds to it. */
const LONGEST = 60_000;
/** A provider may name a property by a whole book: no entry alone may be longer than what is taken. */
const LONGEST_PART = 2000;
const short = (text: string) => truncate(text, LONGEST_PART);

const SIGN: Readonly<Record<Severity, string>> = {
  error: "🔴 error",
  warning: "🟡 warning",
  inconclusive: "⚪ inconclusive",
  info: "🔵 info",
};

/** Text that no Markdown reads as more than text: no markup, no HTML, no link, no mention, no reference to an issue. */
export function markdownText(text: string): string {
  return neutralize(text)
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&$:@]/g, (char) =>
      char === "<" ? "&lt;" : char === ">" ? "&gt;" : char === "&" ? "&amp;" : `\\${char}`,
    )
    .replace(/\\[@#]|\\:\/\/|www\\\./gi, (match) => `${match.slice(0, 2)}<!-- -->${match.slice(2)}`);
}

/** Text in a code span that it cannot end: fenced by one backtick more than it holds in a row. */
export function codeSpan(text: string): string {
  const inner = neutralize(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...inner.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = inner.startsWith("`") || inner.endsWith("`") || inner === "" ? " " : "";
  return `${fence}${pad}${inner}${pad}${fence}`;
}

/** One finding as an item of a list. */
export function markdownEntry(finding: Finding, view: ReportView): string {
  const place = view.place(finding);
  const { before, after, evidence, help, path } = finding;
  const consumer = consumerWords(finding);
  const words = evidence ? evidenceWords(evidence) : "";
  const lines = [
    `- **${SIGN[finding.severity]}** ${markdownText(short(finding.message))}`,
    `  ${[codeSpan(finding.rule), ...(path === undefined ? [] : [codeSpan(short(path))])].join(" ")}`,
    ...(before === undefined && after === undefined
      ? []
      : [`  ${codeSpan(valueWords(before ?? "nothing"))} → ${codeSpan(valueWords(after ?? "nothing"))}`]),
    ...(place ? [`  ${codeSpan(`${place.path}:${place.line}`)}`] : []),
    ...(consumer === undefined ? [] : [`  ${markdownText(short(consumer))}`]),
    ...(words === "" ? [] : [`  ${markdownText(short(words))}`]),
    ...readerWords(finding).map((readers) => `  ${markdownText(short(readers))}`),
    ...(help === undefined ? [] : [`  → ${codeSpan(short(help))}`]),
  ];
  return lines.join("  \n");
}

function headline({ report }: ReportView): string {
  const { errors, warnings, infos, inconclusive, waived } = report.summary;
  const parts = [
    ...(errors > 0 ? [plural(errors, "error")] : []),
    ...(warnings > 0 ? [plural(warnings, "warning")] : []),
    ...(inconclusive > 0 ? [`${inconclusive} inconclusive`] : []),
    ...(infos > 0 ? [plural(infos, "info")] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
  ];
  const verdict = errors > 0 ? "❌" : warnings > 0 || inconclusive > 0 ? "⚠️" : "✅";
  return `${verdict} ${parts.length === 0 ? "no findings" : parts.join(", ")}`;
}

/** Markdown for a comment on a pull request: marked, so that it can be replaced, and short enough to be taken. */
export const markdown: Reporter = {
  name: "markdown",
  render: (view) => {
    const groups = new Map<string, Finding[]>();
    for (const finding of open(view)) {
      const subject = subjectText(finding);
      groups.set(subject, [...(groups.get(subject) ?? []), finding]);
    }
    const blocks = [...groups].flatMap(([subject, findings]) => [
      `#### ${codeSpan(subject)}`,
      ...findings.map((finding) => markdownEntry(finding, view)),
    ]);
    const of = view.subject === undefined ? "" : ` of ${codeSpan(view.subject)}`;
    const head = [markerOf(view.subject), `### integ ${view.report.command}${of}: ${headline(view)}`];
    let length = head.join("\n\n").length;
    const shown: string[] = [];
    for (const block of blocks) {
      if (length + block.length + 2 > LONGEST) break;
      shown.push(block);
      length += block.length + 2;
    }
    const hidden = blocks.length - shown.length;
    const rest = hidden > 0 ? [`… and ${hidden} more: see the log.`] : [];
    return `${[...head, ...shown, ...rest].join("\n\n")}\n`;
  },
};
