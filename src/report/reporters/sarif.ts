import type { Location, Log, Notification, ReportingDescriptor, Result, Run } from "sarif";
import type { Finding, Severity } from "../../base/finding.ts";
import { jsonText } from "../../base/json.ts";
import { neutralize } from "../../base/text.ts";
import { readerPlaces, valueWords } from "../words.ts";
import { open, type Place, type Reporter, type ReportView, sentenceOf, subjectText } from "./reporter.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const LEVEL: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
  inconclusive: "note",
};

/** Text of a SARIF message: neutral, and never an embedded link, which `[text](target)` would be. */
export function sarifText(text: string): string {
  return neutralize(text).replaceAll("](", "] (");
}

function messageOf(finding: Finding): string {
  const { before, after, help } = finding;
  const change =
    before === undefined && after === undefined
      ? ""
      : ` (${valueWords(before ?? "nothing")} → ${valueWords(after ?? "nothing")})`;
  return sarifText(
    `${subjectText(finding)}: ${sentenceOf(finding)}${change}${help === undefined ? "" : `. ${help}`}`,
  );
}

function uriOf(path: string): string {
  // A lone surrogate has no URI encoding.
  return path
    .replace(/[\ud800-\udfff]/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
}

function locationOf({ path, line, column, endLine, endColumn }: Place): Location {
  const region = {
    startLine: Math.max(1, line),
    ...(column === undefined ? {} : { startColumn: Math.max(1, column) }),
    ...(endLine === undefined ? {} : { endLine: Math.max(1, line, endLine) }),
    ...(endColumn === undefined ? {} : { endColumn: Math.max(1, endColumn) }),
  };
  return { physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: "%SRCROOT%" }, region } };
}

function ruleOf(id: string, view: ReportView, severity: Severity): ReportingDescriptor {
  const info = view.rules.get(id);
  const summary = sarifText(info?.summary ?? id);
  return {
    id: neutralize(id),
    shortDescription: { text: summary },
    ...(info?.help === undefined ? {} : { help: { text: sarifText(info.help) } }),
    defaultConfiguration: { level: LEVEL[severity] },
  };
}

/** The lines of ours that read what the finding is about, as other places of the same alert. */
function readersOf(finding: Finding, view: ReportView): Location[] {
  const places = readerPlaces(finding).flatMap((location) => view.place({ ...finding, location }) ?? []);
  return places.map((place, index) => ({
    ...locationOf(place),
    id: index + 1,
    message: { text: "reads it" },
  }));
}

function resultOf(finding: Finding, ruleIndex: number, view: ReportView): Result {
  const place = view.place(finding);
  const readers = readersOf(finding, view);
  return {
    ruleId: neutralize(finding.rule),
    ruleIndex,
    level: LEVEL[finding.severity],
    message: { text: messageOf(finding) },
    ...(place ? { locations: [locationOf(place)] } : {}),
    ...(readers.length > 0 ? { relatedLocations: readers } : {}),
    // The one key by which GitHub recognises an alert from run to run.
    partialFingerprints: { primaryLocationLineHash: finding.fingerprint, "integ/v1": finding.fingerprint },
  };
}

/**
 * SARIF 2.1.0 as GitHub code scanning takes it. What is inconclusive is no result (an alert would come and go with an
 * outage) but a notification of the run; what is waived is left out, for GitHub does not know suppressions.
 */
export const sarif: Reporter = {
  name: "sarif",
  render: (view) => {
    const findings = open(view);
    const results = findings.filter(({ severity }) => severity !== "inconclusive");
    const ids = [...new Set(results.map(({ rule }) => rule))].sort();
    const severityOf = (id: string) => results.find(({ rule }) => rule === id)?.severity ?? "warning";
    const notifications = findings
      .filter(({ severity }) => severity === "inconclusive")
      .map(
        (finding): Notification => ({
          level: "warning",
          message: { text: messageOf(finding) },
          descriptor: { id: neutralize(finding.rule) },
        }),
      );
    const { startedAt, durationMs } = view.report;
    const run: Run = {
      tool: {
        driver: {
          name: "integ",
          semanticVersion: view.version,
          rules: ids.map((id) => ruleOf(id, view, severityOf(id))),
        },
      },
      automationDetails: { id: `integ/${view.report.command}/` },
      columnKind: "utf16CodeUnits",
      originalUriBaseIds: { "%SRCROOT%": { description: { text: "The repository's root." } } },
      invocations: [
        {
          executionSuccessful: true,
          startTimeUtc: startedAt,
          endTimeUtc: new Date(Date.parse(startedAt) + durationMs).toISOString(),
          ...(notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}),
        },
      ],
      results: results.map((finding) => resultOf(finding, ids.indexOf(finding.rule), view)),
    };
    const log: Log = { $schema: SCHEMA, version: "2.1.0", runs: [run] };
    return jsonText(log);
  },
};
