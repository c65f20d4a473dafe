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

describe.each([
  ["everything", findings],
  ["nothing", []],
])("a report of %s", (_, list) => {
  test("is SARIF 2.1.0", () => {
    // That every member is one of SARIF's is kept by the compiler: the log is built as the types of its schema.
    const [run] = JSON.parse(sarif.render(viewOf(list))).runs;
    const text = { type: "object", required: ["text"], properties: { text: { type: "string" } } };
    const region = {
      type: "object",
      required: ["startLine"],
      additionalProperties: false,
      properties: Object.fromEntries(
        ["startLine", "startColumn", "endLine", "endColumn"].map((name) => [
          name,
          { type: "integer", minimum: 1 },
        ]),
      ),
    };
    const location = {
      type: "object",
      properties: {
        id: { type: "integer", minimum: -1 },
        physicalLocation: {
          type: "object",
          required: ["artifactLocation"],
          properties: {
            artifactLocation: {
              type: "object",
              properties: { uri: { type: "string", pattern: "^(?:[\\w!'()*.~/-]|%[0-9A-F]{2})*$" } },
            },
            region,
          },
        },
      },
    };
    const rules = run.tool.driver.rules.length;
    const validate = new Ajv({ strict: false }).compile({
      type: "object",
      required: ["tool", "results"],
      properties: {
        tool: {
          type: "object",
          required: ["driver"],
          properties: {
            driver: {
              type: "object",
              required: ["name"],
              properties: {
                rules: {
                  type: "array",
                  uniqueItems: true,
                  items: { type: "object", required: ["id"], properties: { shortDescription: text } },
                },
              },
            },
          },
        },
        invocations: { type: "array", items: { type: "object", required: ["executionSuccessful"] } },
        results: {
          type: "array",
          items: {
            type: "object",
            required: ["message"],
            properties: {
              ruleIndex: { type: "integer", minimum: 0, maximum: Math.max(0, rules - 1) },
              level: { enum: ["none", "note", "warning", "error"] },
              message: text,
              locations: { type: "array", items: location },
              relatedLocations: { type: "array", uniqueItems: true, items: location },
            },
          },
        },
      },
    });
    validate(run);
    expect(validate.errors ?? []).toEqual([]);
  });

  test("is what GitLab documents of code quality", () => {
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
