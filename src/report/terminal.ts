import { compareFindings, type Finding, type Severity } from "../base/finding.ts";
import { summarize } from "../base/report.ts";
import type { Style } from "../base/result.ts";
import { neutralize, plural } from "../base/text.ts";
import { codeFrame } from "./frame.ts";
import { consumerWords, evidenceWords, readerWords, valueWords } from "./words.ts";
import { wrap } from "./wrap.ts";

export { type Cell, renderTable } from "./table.ts";

/** How findings are shown. */
export interface FindingsView {
  style: Style;
  columns: number;
  /** Contents of the files that findings point at, by `location.file`; a file that is not there gets no code frame. */
  sources?: ReadonlyMap<string, string>;
}

const WORD: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warn",
  info: "info",
  inconclusive: "inconclusive",
};
const MARGIN = 9;
const INFOS_SHOWN = 10;
const NARROWEST = 40;
/** Digits of a fingerprint that are shown: enough to name a finding of one project. */
const SHORT = 8;

function tone(severity: Severity, style: Style): (text: string) => string {
  if (severity === "error") return (text) => style.red(style.bold(text));
  if (severity === "warning") return (text) => style.yellow(style.bold(text));
  return severity === "inconclusive" ? (text) => style.cyan(style.bold(text)) : (text) => style.dim(text);
}

/** `stripe@v1/get-balance  prod`, as far as the finding says. */
function subjectOf(finding: Finding): string {
  if (finding.integration === undefined) return finding.environment ?? finding.endpoint ?? "project";
  const version = finding.version === undefined ? "" : `@${finding.version}`;
  const endpoint = finding.endpoint === undefined ? "" : `/${finding.endpoint}`;
  const environment = finding.environment === undefined ? "" : `  ${finding.environment}`;
  return `${finding.integration}${version}${endpoint}${environment}`;
}

function groupBySubject(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  // Sorted by severity first, so the group with the worst finding comes first.
  for (const finding of [...findings].sort(compareFindings)) {
    const subject = subjectOf(finding);
    const group = groups.get(subject);
    if (group) group.push(finding);
    else groups.set(subject, [finding]);
  }
  return groups;
}

function changeLine({ before, after }: Finding, style: Style): string[] {
  if (before === undefined && after === undefined) return [];
  const was = before === undefined ? style.dim("(nothing)") : style.red(valueWords(before));
  const is = after === undefined ? style.dim("(nothing)") : style.green(valueWords(after));
  return [`${was} ${style.dim("→")} ${is}`];
}

function placeLines({ location }: Finding, view: FindingsView): string[] {
  if (!location) return [];
  const place = neutralize(`${location.file}:${location.line}:${location.column}`);
  const source = view.sources?.get(location.file);
  const frame =
    source === undefined
      ? []
      : codeFrame(source, location, { style: view.style, columns: view.columns - MARGIN });
  return [view.style.cyan(place), ...frame];
}

function evidenceLines(finding: Finding, brief: boolean, width: number, style: Style): string[] {
  const consumer = consumerWords(finding);
  const words = finding.evidence && !brief ? evidenceWords(finding.evidence) : "";
  return [
    ...(words === "" ? [] : wrap(words, width).map(style.dim)),
    ...(consumer === undefined ? [] : wrap(consumer, width).map(brief ? style.dim : (line) => line)),
  ];
}

/** Severity and message, the rule; then, indented: path, change, evidence, place, help. Infos without evidence. */
function findingLines(finding: Finding, view: FindingsView): string[] {
  const { style } = view;
  const margin = Math.max(MARGIN, WORD[finding.severity].length + 4);
  const width = Math.max(NARROWEST, view.columns) - margin;
  const [first = "", ...more] = wrap(neutralize(finding.message), width);
  const brief = finding.severity === "info";
  const details = [
    ...more,
    style.dim(
      [finding.rule, finding.path, brief ? undefined : finding.fingerprint.slice(0, SHORT)]
        .filter((part) => part !== undefined)
        .map((part) => neutralize(part))
        .join("  "),
    ),
    ...changeLine(finding, style),
    ...evidenceLines(finding, brief, width, style),
    ...placeLines(finding, brief ? { style, columns: view.columns } : view),
    ...readerWords(finding).flatMap((words) => wrap(words, width)),
    ...(finding.help === undefined ? [] : [`${style.cyan("help:")} ${neutralize(finding.help)}`]),
  ];
  const word = tone(finding.severity, style)(WORD[finding.severity]);
  const pad = " ".repeat(margin - 2 - WORD[finding.severity].length);
  return [`  ${word}${pad}${first}`, ...details.map((line) => `${" ".repeat(MARGIN)}${line}`)];
}

function groupLines(subject: string, findings: readonly Finding[], view: FindingsView): string[] {
  const infos = findings.filter(({ severity }) => severity === "info");
  const hidden = infos.length - INFOS_SHOWN;
  const shown = hidden > 0 ? findings.filter((one) => !infos.slice(INFOS_SHOWN).includes(one)) : findings;
  const lines = [view.style.bold(neutralize(subject)), ""];
  for (const one of shown) lines.push(...findingLines(one, view), "");
  if (hidden > 0)
    lines.push(view.style.dim(`  … and ${plural(hidden, "info")} more; --json has them all`), "");
  return lines;
}

/** `1 error, 2 warnings, 1 inconclusive, 3 waived`; `no findings` where there is none. */
export function renderSummary(findings: readonly Finding[], style: Style): string {
  const { errors, warnings, infos, inconclusive, waived } = summarize(findings);
  const parts = [
    errors > 0 ? style.red(plural(errors, "error")) : "",
    warnings > 0 ? style.yellow(plural(warnings, "warning")) : "",
    inconclusive > 0 ? style.cyan(`${inconclusive} inconclusive`) : "",
    infos > 0 ? plural(infos, "info") : "",
    waived > 0 ? style.dim(`${waived} waived`) : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? style.green("no findings") : parts.join(", ");
}

/**
 * Findings for a person: grouped by what they are about, the worst group and the worst finding first, with the line of
 * code that breaks, and a summary at the end. Waived findings are only counted. All text is neutralised here.
 */
export function renderFindings(findings: readonly Finding[], view: FindingsView): string {
  const open = findings.filter(({ waiver }) => waiver === undefined);
  const lines = [...groupBySubject(open)].flatMap(([subject, group]) => groupLines(subject, group, view));
  return [...lines, renderSummary(findings, view.style)].join("\n");
}
