import { type Finding, finding, type Severity } from "../../base/finding.ts";
import { neutralize, plural } from "../../base/text.ts";
import { severityOfChange } from "../rules/severity.ts";
import { ruleOf } from "../rules/table.ts";
import type { Source } from "../shape.ts";
import type { DocumentChange } from "./changes.ts";
import type { Locator } from "./text/locate.ts";
import type { Position } from "./text/text.ts";

/** Severities that the configuration sets. */
export type RuleSettings = Readonly<Record<string, Severity | "off">>;

/** The texts of the two documents: where places are looked up. */
export interface Locators {
  before: Locator;
  after: Locator;
}

/** Other operations that are named in the finding itself; the report's data has all of them. */
const NAMED = 3;

interface Judged {
  change: DocumentChange;
  severity: Severity;
}

/** Changes as findings, and for each that touches several operations all of them, by its fingerprint. */
export interface DocumentFindings {
  findings: Finding[];
  affected: Record<string, string[]>;
}

/** Judges changes by the rules and the configuration, and finds their lines in both documents. */
export function findingsOf(
  changes: readonly DocumentChange[],
  locators: Locators,
  rules: RuleSettings = {},
): DocumentFindings {
  const judged = changes.flatMap((change): Judged[] => {
    const severity = severityOfChange(
      change,
      change.direction === "response" ? "response" : "request",
      rules,
    );
    return severity === "off" ? [] : [{ change, severity }];
  });
  const old = positions(
    judged.map(({ change }) => change.source.before),
    locators.before,
  );
  const fresh = positions(
    judged.map(({ change }) => change.source.after),
    locators.after,
  );
  const affected: Record<string, string[]> = {};
  const findings = judged.map((one, index) => {
    const made = toFinding(one, old[index], fresh[index]);
    if (one.change.operations.length > 1)
      affected[made.fingerprint] = one.change.operations.map((name) => neutralize(name));
    return made;
  });
  return { findings, affected };
}

/** One pass over each text for all of them. */
function positions(sources: readonly (Source | undefined)[], locator: Locator): (Position | undefined)[] {
  const known = sources.flatMap((source, index) => (source ? [{ source, index }] : []));
  const found = locator.locate(known.map(({ source }) => source));
  const all: (Position | undefined)[] = sources.map(() => undefined);
  for (const [at, { index }] of known.entries()) all[index] = found[at];
  return all;
}

const ABOUT_VALUES =
  /enum-value|variant|dependency|pattern|tag-|scope|media-type|security|default|constraint|contains/;

function toFinding(
  { change, severity }: Judged,
  old: Position | undefined,
  fresh: Position | undefined,
): Finding {
  const { rule, subject, where, path, before, after, source, direction, variant } = change;
  const location = source.after && fresh ? { file: neutralize(source.after.file), ...fresh } : undefined;
  return finding(
    {
      rule,
      severity,
      message: messageOf(change),
      ...(subject === "" ? {} : { endpoint: neutralize(subject) }),
      ...(path === "" ? {} : { path: neutralize(path) }),
      ...(before === undefined ? {} : { before: neutralize(before) }),
      ...(after === undefined ? {} : { after: neutralize(after) }),
      evidence: evidenceOf(change, old),
      ...(location ? { location } : {}),
    },
    [direction, where, variant ?? "", ABOUT_VALUES.test(rule) ? (after ?? before ?? "") : ""].join(" "),
  );
}

function evidenceOf({ direction, operations, source, subject }: DocumentChange, old: Position | undefined) {
  const others = operations.filter((name) => name !== subject);
  const more = others.length - NAMED;
  const alsoIn = [
    ...others.slice(0, NAMED).map((name) => neutralize(name)),
    ...(more > 0 ? [`${plural(more, "more operation")}`] : []),
  ];
  return {
    ...(direction === "both" ? {} : { side: direction }),
    ...(source.before && old ? { was: { file: neutralize(source.before.file), ...old } } : {}),
    ...(alsoIn.length > 0 ? { alsoIn } : {}),
  };
}

/** `response 200 application/json $.email: a property that was always there is gone`. */
function messageOf({ rule, where, path, before, after, variant }: DocumentChange): string {
  const what = rule === NOT_JUDGED ? `this cannot be judged${colon(after)}` : (ruleOf(rule)?.summary ?? rule);
  const one = /enum-value|variant-(?:added|removed)|tag-|scope-/.test(rule) ? colon(after ?? before) : "";
  const within = variant === undefined ? "" : ` (in ${variant})`;
  const place = [where, path].filter((part) => part !== "" && part !== "$").join(" ");
  return neutralize(
    place === "" ? `${capital(what)}${within}${one}` : `${capital(place)}${within}: ${what}${one}`,
  );
}

const NOT_JUDGED = "contract/not-judged";

const colon = (text: string | undefined): string => (text === undefined ? "" : `: ${text}`);

const capital = (text: string): string => (text === "" ? text : `${text[0]?.toUpperCase()}${text.slice(1)}`);
