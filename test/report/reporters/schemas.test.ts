import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { finding, SEVERITIES } from "../../../src/base/finding.ts";
import { buildReport } from "../../../src/base/report.ts";
import { gitlab } from "../../../src/report/reporters/gitlab.ts";
import { junit } from "../../../src/report/reporters/junit.ts";
import type { ReportView } from "../../../src/report/reporters/reporter.ts";
import { sarif } from "../../../src/report/reporters/sarif.ts";

const TEXTS = ["plain", "<&>\"' ]]>", "\u001b[2J\n::error::x", "", "ü 🙂 \ud800"];

/** Findings of every severity, with every member and with none, over hostile texts. */
const findings = SEVERITIES.flatMap((severity) =>
  TEXTS.flatMap((text, index) => [
    finding({ rule: "probe/bare", severity, message: text, endpoint: `bare-${index}` }),
    finding({
      rule: "contract/property-removed",
      severity,
      message: text,
      help: text,
      integration: "acme",
      version: "v1",
      environment: "dev",
      endpoint: `full-${severity}-${index}`,
      path: text,
      before: text,
      after: { [text]: null },
      evidence: { readBy: [{ file: `src/${text}.ts`, line: 3, column: 1 }], [text]: text },
      location: { file: `src/${text} a.ts`, line: 2, column: 5, endLine: 2, endColumn: 9 },
    }),
  ]),
);

const viewOf = (list: typeof findings): ReportView => ({
  report: buildReport({
    command: "check",
    startedAt: 1_790_000_000_000,
    durationMs: 1234.5,
    findings: list,
    data: { endpoints: [{ integration: "acme", version: "v1", environment: "dev", endpoint: "fine" }] },
  }),
  version: "1.2.3",
  rules: new Map([["contract/property-removed", { id: "x", summary: "gone <b>", help: "look" }]]),
  place: ({ location }) => location && { path: location.file, ...location },
});

/** The schema that Microsoft's own matchers validate with. It is of draft 4, of which it uses nothing that later drafts read otherwise. */
function sarifSchema() {
  const file = createRequire(import.meta.url).resolve(
    "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
  );
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  // One of its patterns has a bracket too many, which only the mode without `u` takes.
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  ajv.addFormat("uri", (text: string) => URL.canParse(text));
  ajv.addFormat("uri-reference", (text: string) => URL.canParse(text, "file:///"));
  ajv.addFormat("date-time", (text: string) => !Number.isNaN(Date.parse(text)));
  return ajv.compile(schema);
}

describe.each([
  ["everything", findings],
  ["nothing", []],
])("a report of %s", (_, list) => {
  test("is SARIF 2.1.0 by the schema of OASIS", () => {
    const log = JSON.parse(sarif.render(viewOf(list)));
    const validate = sarifSchema();
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    // What the schema cannot say: places are encoded paths within the repository, and rules are there that results name.
    const [{ results, tool }] = log.runs;
    for (const { ruleIndex, locations = [] } of results) {
      expect(tool.driver.rules[ruleIndex]).toBeDefined();
      for (const { physicalLocation } of locations) {
        expect(physicalLocation.artifactLocation.uri).toMatch(/^(?:[\w!'()*.~/-]|%[0-9A-F]{2})*$/);
      }
    }
    // The schema says no where it should.
    validate({ ...log, version: "2.0.0" });
    expect(validate.errors).not.toBeNull();
    validate({ ...log, runs: [{ tool: { driver: { name: "x" } }, results: [{ message: "no object" }] }] });
    expect(validate.errors).not.toBeNull();
  });

  // GitLab's server validates with app/validators/json_schemas/codeclimate.json of its source: description, fingerprint,
  // severity and location, and their types. Its documentation asks for more; what both ask for is here.
  test("is what GitLab's server validates of code quality, and what its documentation asks for beyond", () => {
    const validate = new Ajv().compile({
      type: "array",
      items: {
        type: "object",
        required: ["description", "check_name", "fingerprint", "severity", "location"],
        properties: {
          description: { type: "string" },
          check_name: { type: "string", minLength: 1 },
          fingerprint: { type: "string", minLength: 1 },
          severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
          location: {
            type: "object",
            required: ["path", "lines"],
            properties: {
              path: { type: "string", pattern: "^(?!\\./|/)" },
              lines: {
                type: "object",
                required: ["begin"],
                properties: { begin: { type: "integer", minimum: 1 } },
              },
            },
          },
        },
      },
    });
    const entries = JSON.parse(gitlab.render(viewOf(list)));
    validate(entries);
    expect(validate.errors ?? []).toEqual([]);
    // The schema says no where it should.
    const [entry = { description: "d", check_name: "c", fingerprint: "f", location: {} }] = entries;
    for (const wrong of [{ severity: "error" }, { location: { path: "./a", lines: { begin: 1 } } }]) {
      expect(validate([{ ...entry, ...wrong }])).toBe(false);
    }
    const prints = entries.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  describe("as JUnit", () => {
    let schema: string | undefined;
    beforeAll(() => {
      // The schema of Ant's reports, the only one that is widely kept to; a package has it in its own tests.
      const source = createRequire(import.meta.url).resolve("junit-xml/src/index.test.ts");
      const [, quoted = ""] =
        /antJunitSchema =\s*'((?:[^'\\]|\\.)*)'/.exec(readFileSync(source, "utf8")) ?? [];
      schema = quoted.replace(/\\(.)/g, "$1");
    });

    test("holds to the schema of Ant, but for what readers take beyond it", async () => {
      expect(schema).toContain("<xs:element");
      const xml = junit.render(viewOf(list));
      // Counts of the whole, skipped cases, a case's file and its output: every reader of today shows them, and the schema is older.
      const known = xml
        .replace(/<testsuites [^>]*>/, "<testsuites>")
        .replaceAll(/(<testsuite [^>]*?) skipped="\d+"/g, "$1")
        .replaceAll(/<skipped [^>]*\/>/g, "")
        .replaceAll(/(<testcase [^>]*?) file="[^"]*"/g, "$1")
        .replaceAll(/<system-out>[^<]*<\/system-out>/g, "");
      const { errors } = await validateXML({
        xml: [{ fileName: "report.xml", contents: known }],
        schema: [{ fileName: "junit.xsd", contents: schema ?? "" }],
      });
      expect(errors.map(({ message }) => message)).toEqual([]);
    });
  });
});
