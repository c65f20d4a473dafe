import { type Finding, finding, type Severity } from "../../base/finding.ts";
import { neutralize } from "../../base/text.ts";
import type { Change, Direction } from "../compare/change.ts";
import type { Source } from "../shape.ts";
import { severityOfChange } from "./severity.ts";
import { ruleOf } from "./table.ts";

/** Whose change it is, and what the configuration says of its rule. */
export interface Subject {
  /** `GET /v1/customers`, or another name of what was compared. */
  endpoint?: string;
  integration?: string;
  version?: string;
  environment?: string;
}

/**
 * A change of a schema as a finding; undefined where the configuration silences its rule.
 * @param rules severities that the configuration sets
 */
export function findingOfChange(
  change: Change,
  direction: Direction,
  subject: Subject = {},
  rules: Readonly<Record<string, Severity | "off">> = {},
): Finding | undefined {
  const severity = severityOfChange(change, direction, rules);
  if (severity === "off") return undefined;
  const { rule, path, before, after, variant } = change;
  const location = locationOf(change.source?.after) ?? locationOf(change.source?.before);
  return finding(
    {
      rule,
      severity,
      message: messageOf(change),
      ...subject,
      path,
      ...(before === undefined ? {} : { before: neutralize(before) }),
      ...(after === undefined ? {} : { after: neutralize(after) }),
      evidence: { direction, ...(variant === undefined ? {} : { variant }) },
      ...(location ? { location } : {}),
    },
    [
      direction,
      variant ?? "",
      /enum-value|variant|dependency|pattern/.test(rule) ? (after ?? before ?? "") : "",
    ].join(" "),
  );
}

/** `$.email: a property that was always there is gone`; with the value, where the rule is about one. */
function messageOf({ rule, path, before, after, variant }: Change): string {
  const what = ruleOf(rule)?.summary ?? rule;
  const one = /enum-value|variant-(?:added|removed)/.test(rule) ? `: ${after ?? before}` : "";
  const within = variant === undefined ? "" : ` (in ${variant})`;
  const place = path === "$" ? "The body" : path;
  return neutralize(`${place}${within}: ${what}${one}`);
}

function locationOf(source: Source | undefined): Finding["location"] {
  if (source?.line === undefined) return undefined;
  return { file: source.file, line: source.line, column: source.column ?? 1 };
}
