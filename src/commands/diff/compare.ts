import { UsageError } from "../../base/errors.ts";
import type { Finding } from "../../base/finding.ts";
import { neutralize, plural } from "../../base/text.ts";
import type { Direction } from "../../contract/compare/change.ts";
import { compareDocuments } from "../../contract/document/compare-documents.ts";
import { compareHars, compareSamples } from "../../contract/document/compare-samples.ts";
import { compareSchemaDocuments } from "../../contract/document/compare-schemas.ts";
import { KIND_NAMES } from "../../contract/document/detect.ts";
import { findingsOf, type RuleSettings } from "../../contract/document/findings.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";

export type Side = Direction | "both";

export interface CompareSettings {
  /** `undefined`: both sides of an OpenAPI document, the response side of a schema. */
  direction: Side | undefined;
  /** ISO date. */
  today: string;
  rules?: RuleSettings;
  /** Called now and then in a long comparison; may throw to end it. */
  pause?: () => void;
}

/** What two documents of one kind differ in. */
export interface Compared {
  findings: Finding[];
  /** What was compared with what. */
  title: string;
  /** How much of it there was. */
  summary: string;
  data: Record<string, unknown>;
  /** What the user should know of the pair itself. */
  hint?: string;
}

type Compare = (before: LoadedDocument, after: LoadedDocument, settings: CompareSettings) => Compared;

/**
 * Compares two documents of the same kind.
 * @throws UsageError for two that have nothing to do with one another
 */
export function compareLoaded(
  before: LoadedDocument,
  after: LoadedDocument,
  settings: CompareSettings,
): Compared {
  if (before.kind !== after.kind) throw unlike(before, after);
  return COMPARE[before.kind](before, after, settings);
}

function unlike(before: LoadedDocument, after: LoadedDocument): UsageError {
  const say = ({ name, kind }: LoadedDocument) => `${neutralize(name)} is ${KIND_NAMES[kind]}`;
  return new UsageError(`${say(before)}, ${say(after)}: they cannot be compared`, {
    code: "usage/unlike-documents",
    hint: "Give two OpenAPI documents, two JSON Schemas, two files of samples or two HAR recordings",
  });
}

const names = (before: LoadedDocument, after: LoadedDocument): string => `${before.name} → ${after.name}`;

const compareApis: Compare = (before, after, { direction, today, rules, pause }) => {
  const compared = compareDocuments(before, after, {
    today,
    ...(direction ? { direction } : {}),
    ...(pause ? { pause } : {}),
  });
  const { operations, pairs, versions, titles } = compared;
  const { findings, affected } = findingsOf(
    compared.changes,
    { before: before.locator, after: after.locator },
    rules,
  );
  const title =
    titles.after === "" ? names(before, after) : `${titles.after} ${versions.before} → ${versions.after}`;
  const counted = `${plural(operations.before, "operation")} before, ${operations.after} after`;
  return {
    findings,
    title,
    summary: `${counted}; ${operations.added} added, ${operations.removed} removed`,
    data: { operations, pairs, versions, affected },
    ...(haveNothingInCommon(operations) ? { hint: UNRELATED } : {}),
  };
};

const UNRELATED =
  "The documents have no operation in common: are they of the same API, and do their paths begin alike?";

/** Two APIs, or one whose paths got another beginning: a list of everything as gone helps nobody who is not told. */
const haveNothingInCommon = ({
  before,
  after,
  added,
  removed,
}: Record<"before" | "after" | "added" | "removed", number>) =>
  before > 0 && after > 0 && removed === before && added === after;

const compareJsonSchemas: Compare = (before, after, { direction = "response", rules, pause }) => {
  const { changes, pairs } = compareSchemaDocuments(before, after, direction, pause);
  const { findings } = findingsOf(changes, { before: before.locator, after: after.locator }, rules);
  return {
    findings,
    title: names(before, after),
    summary: direction === "both" ? "as responses and as requests" : `as ${direction}s`,
    data: { pairs },
  };
};

const COMPARE: Readonly<Record<LoadedDocument["kind"], Compare>> = {
  openapi: compareApis,
  "json-schema": compareJsonSchemas,
  sample: (before, after, { rules = {} }) => ({
    findings: compareSamples(before, after, rules),
    title: names(before, after),
    summary: "samples, judged by evidence",
    data: {},
  }),
  har: (before, after, { rules = {} }) => {
    const { findings, endpoints } = compareHars(before, after, rules);
    const summary = `${plural(endpoints.compared, "endpoint")} in both recordings`;
    return { findings, title: names(before, after), summary, data: { endpoints } };
  },
};
