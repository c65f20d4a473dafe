import { compareText, type Finding } from "../../base/finding.ts";
import { plural } from "../../base/text.ts";
import { consumerWords, evidenceWords, readerWords, valueWords } from "../words.ts";
import { endpointsOf } from "./endpoints.ts";
import { markupText } from "./markup.ts";
import { open, type Reporter, type ReportView } from "./reporter.ts";

const attribute = (text: string) => markupText(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

function detailsOf(finding: Finding, view: ReportView): string {
  const place = view.place(finding);
  const consumer = consumerWords(finding);
  return [
    ...(finding.path === undefined ? [] : [finding.path]),
    ...(finding.before === undefined ? [] : [`before: ${valueWords(finding.before)}`]),
    ...(finding.after === undefined ? [] : [`after: ${valueWords(finding.after)}`]),
    ...(consumer === undefined ? [] : [consumer]),
    ...(finding.evidence ? [evidenceWords(finding.evidence)] : []),
    ...(place ? [`${place.path}:${place.line}`] : []),
    ...readerWords(finding),
    ...(finding.help === undefined ? [] : [finding.help]),
    finding.fingerprint,
  ].join("\n");
}

/** One test case: an endpoint, or what is said of an integration or the project as a whole. */
interface Case {
  suite: string;
  name: string;
  file?: string;
  findings: Finding[];
}

const suiteOf = ({ integration, version, environment }: Partial<Finding>) =>
  `${integration ?? "project"}${version === undefined ? "" : `@${version}`}${environment === undefined ? "" : ` ${environment}`}`;

function casesOf(view: ReportView): Case[] {
  const cases = new Map<string, Case>();
  const caseOf = (subject: Partial<Finding>, rule?: string): Case => {
    const suite = suiteOf(subject);
    const name = subject.endpoint ?? rule ?? "integration";
    const key = `${suite}\n${name}`;
    const known = cases.get(key) ?? { suite, name, findings: [] };
    cases.set(key, known);
    return known;
  };
  for (const { subject } of endpointsOf(view)) caseOf(subject);
  for (const finding of open(view)) caseOf(finding, finding.rule).findings.push(finding);
  return [...cases.values()].sort((a, b) => compareText(a.suite, b.suite) || compareText(a.name, b.name));
}

const failuresOf = ({ findings }: Case) => findings.filter(({ severity }) => severity === "error");

/** One element for all errors of a case: most readers look at the first only. */
function failureXml(failures: readonly Finding[], view: ReportView): string[] {
  const [first, ...more] = failures;
  if (!first) return [];
  const message =
    more.length === 0 ? first.message : `${first.message} (and ${plural(more.length, "error")} more)`;
  const details = failures.map(
    (finding) => `${finding.rule}: ${finding.message}\n${detailsOf(finding, view)}`,
  );
  const body = markupText(details.join("\n\n"));
  return [`<failure message="${attribute(message)}" type="${attribute(first.rule)}">${body}</failure>`];
}

function caseXml({ suite, name, findings }: Case, view: ReportView): string {
  const failures = findings.filter(({ severity }) => severity === "error");
  const skipped =
    failures.length === 0 ? findings.find(({ severity }) => severity === "inconclusive") : undefined;
  const notes = findings.filter((finding) => !failures.includes(finding) && finding !== skipped);
  const file = findings.map((finding) => view.place(finding)?.path).find((path) => path !== undefined);
  const inner = [
    ...(skipped ? [`<skipped message="${attribute(skipped.message)}"/>`] : []),
    ...failureXml(failures, view),
    ...(notes.length > 0
      ? [
          `<system-out>${markupText(notes.map((note) => `${note.severity}: ${note.rule}: ${note.message}`).join("\n"))}</system-out>`,
        ]
      : []),
  ];
  const open = `<testcase classname="${attribute(suite)}" name="${attribute(name)}"${file === undefined ? "" : ` file="${attribute(file)}"`} time="0"`;
  return inner.length === 0
    ? `    ${open}/>`
    : `    ${open}>\n${inner.map((line) => `      ${line}`).join("\n")}\n    </testcase>`;
}

const skippedIn = (cases: readonly Case[]) =>
  cases.filter(
    (one) => failuresOf(one).length === 0 && one.findings.some(({ severity }) => severity === "inconclusive"),
  ).length;

function suiteXml(name: string, id: number, cases: readonly Case[], view: ReportView): string {
  const failed = cases.filter((one) => failuresOf(one).length > 0).length;
  const head = `  <testsuite name="${attribute(name)}" package="integ" id="${id}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skippedIn(cases)}" time="0" timestamp="${attribute(view.report.startedAt.slice(0, 19))}" hostname="localhost">`;
  // Readers that hold to the schema of Ant want these, empty or not, and in this order.
  const tail = ["    <system-out/>", "    <system-err/>", "  </testsuite>"];
  return [head, "    <properties/>", ...cases.map((one) => caseXml(one, view)), ...tail].join("\n");
}

/** JUnit XML: a suite per integration, a case per endpoint; errors fail it, what is inconclusive skips it. */
export const junit: Reporter = {
  name: "junit",
  render: (view) => {
    const cases = casesOf(view);
    const suites = [...new Set(cases.map(({ suite }) => suite))];
    const failed = cases.filter((one) => failuresOf(one).length > 0).length;
    const seconds = (view.report.durationMs / 1000).toFixed(3);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="integ ${attribute(view.report.command)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skippedIn(cases)}" time="${seconds}">`,
      ...suites.map((suite, id) =>
        suiteXml(
          suite,
          id,
          cases.filter((one) => one.suite === suite),
          view,
        ),
      ),
      "</testsuites>",
      "",
    ].join("\n");
  },
};
