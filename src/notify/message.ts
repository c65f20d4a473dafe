import type { Finding } from "../base/finding.ts";
import { neutralize, plural } from "../base/text.ts";
import { subjectText } from "../report/reporters/reporter.ts";
import { valueWords } from "../report/words.ts";
import type { Changes, Told } from "./changes.ts";

/** What a channel tells people. */
export interface Message {
  project: string;
  environment: string;
  /** ISO 8601. */
  at: string;
  /** Where the run's log is, if somebody knows. */
  link?: string | undefined;
  changes: Changes;
}

/** `shop (prod): 2 new findings, 1 gone`. */
export function titleOf({ project, environment, changes: { appeared, gone } }: Message): string {
  const parts = [
    ...(appeared.length > 0 ? [plural(appeared.length, "new finding")] : []),
    ...(gone.length > 0 ? [`${gone.length} gone`] : []),
  ];
  return neutralize(`${project} (${environment}): ${parts.join(", ")}`);
}

function appearedLines(finding: Finding): string[] {
  const { severity, message, path, before, after, location, help, rule, fingerprint } = finding;
  const changed =
    before === undefined && after === undefined
      ? []
      : [`${valueWords(before ?? "nothing")} → ${valueWords(after ?? "nothing")}`];
  return [
    `${severity.toUpperCase()} ${neutralize(message)}`,
    neutralize(`${subjectText(finding)}${path === undefined ? "" : ` ${path}`}`),
    ...changed,
    ...(location ? [neutralize(`${location.file}:${location.line}`)] : []),
    ...(help === undefined ? [] : [`→ ${neutralize(help)}`]),
    `${rule} ${fingerprint.slice(0, 8)}`,
  ];
}

const goneLine = (told: Told) => `GONE ${neutralize(told.message)} (${neutralize(subjectText(told))})`;

/** The message as blocks of plain text, the worst first. */
export function blocksOf({ changes: { appeared, gone }, link }: Message): string[] {
  return [
    ...appeared.map((one) => appearedLines(one).join("\n")),
    ...(gone.length > 0 ? [gone.map(goneLine).join("\n")] : []),
    ...(link === undefined ? [] : [`Log: ${link}`]),
  ];
}
