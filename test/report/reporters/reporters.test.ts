import { describe, expect, test } from "vitest";
import { type Finding, finding } from "../../../src/base/finding.ts";
import { buildReport } from "../../../src/base/report.ts";
import { github } from "../../../src/report/reporters/github.ts";
import { gitlab } from "../../../src/report/reporters/gitlab.ts";
import { junit } from "../../../src/report/reporters/junit.ts";
import { markdown, markerOf } from "../../../src/report/reporters/markdown.ts";
import type { ReportView } from "../../../src/report/reporters/reporter.ts";
import { sarif } from "../../../src/report/reporters/sarif.ts";

const subject = { integration: "acme", version: "v1", environment: "dev", endpoint: "get-thing" };
const removed = finding({
  rule: "contract/property-removed",
  severity: "error",
  message: "$.email is gone",
  ...subject,
  path: "$.email",
  before: "string",
  evidence: { n: 40, k: 40, m: 10, x: 0, p: 1e-6 },
  location: { file: "src/v1/schemas.ts", line: 5, column: 3, endLine: 5, endColumn: 8 },
  help: "integ accept acme@v1/get-thing",
});
const budget = finding({
  rule: "probe/budget-p95",
  severity: "warning",
  message: "p95 is 900 ms",
  ...subject,
});
const down = finding({
  rule: "probe/server-error",
  severity: "inconclusive",
  message: "503",
  ...subject,
  endpoint: "down",
});
const waived = { ...removed, path: "$.old", waiver: { reason: "r", until: "2027-01-01" } };

function viewOf(findings: readonly Finding[], endpoints: readonly object[] = []): ReportView {
  return {
    report: buildReport({ command: "check", startedAt: 0, durationMs: 1500, findings, data: { endpoints } }),
    version: "1.2.3",
    rules: new Map([[removed.rule, { id: removed.rule, summary: "a property is gone", help: "look" }]]),
    place: ({ location }) => location && { path: location.file, ...location },
  };
}

const all = viewOf(
  [removed, budget, down, waived],
  [subject, { ...subject, endpoint: "down" }, { ...subject, endpoint: "fine" }],
);

describe("SARIF", () => {
  const { runs } = JSON.parse(sarif.render(all));
  test("has a result for each finding that counts, with rule, place and GitHub's fingerprint", () => {
    expect(runs[0].results).toMatchObject([
      {
        ruleId: "contract/property-removed",
        ruleIndex: 0,
        level: "error",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "src/v1/schemas.ts", uriBaseId: "%SRCROOT%" },
              region: { startLine: 5, startColumn: 3, endLine: 5, endColumn: 8 },
            },
          },
        ],
        partialFingerprints: { primaryLocationLineHash: removed.fingerprint },
      },
      { ruleId: "probe/budget-p95", ruleIndex: 1, level: "warning" },
    ]);
    expect(runs[0].tool.driver).toMatchObject({ name: "integ", semanticVersion: "1.2.3" });
    expect(runs[0].tool.driver.rules[0]).toMatchObject({ shortDescription: { text: "a property is gone" } });
  });

  test("what is inconclusive notifies and opens no alert", () => {
    expect(runs[0].invocations[0].toolExecutionNotifications).toMatchObject([
      { level: "warning", descriptor: { id: "probe/server-error" } },
    ]);
  });
});

describe("JUnit", () => {
  test("fails a case for an error, skips it for what is inconclusive, passes the rest", () => {
    const xml = junit.render(all);
    expect(xml).toContain(
      '<testsuites name="integ check" tests="3" failures="1" errors="0" skipped="1" time="1.500">',
    );
    expect(xml).toContain('<testcase classname="acme@v1 dev" name="fine" time="0"/>');
    expect(xml).toContain('<failure message="$.email is gone" type="contract/property-removed">');
    expect(xml).toContain('<skipped message="503"/>');
    expect(xml).toContain("warning: probe/budget-p95: p95 is 900 ms");
  });
});

describe("GitHub annotations", () => {
  test("name file, line and columns, errors first", () => {
    expect(github.render(all).split("\n")).toEqual([
      "::error title=contract/property-removed,file=src/v1/schemas.ts,line=5,col=3,endColumn=8::acme@v1/get-thing (dev): $.email is gone. integ accept acme@v1/get-thing",
      "::warning title=probe/budget-p95::acme@v1/get-thing (dev): p95 is 900 ms",
      "::warning title=probe/server-error::acme@v1/down (dev): 503",
      "",
    ]);
  });

  test("stay within GitHub's ten of each level and say how many more there are", () => {
    const many = Array.from({ length: 25 }, (_, i) =>
      finding({ rule: `r/r${i}`, severity: "error", message: "m" }),
    );
    const lines = github.render(viewOf(many)).trimEnd().split("\n");
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe("::notice title=integ::15 findings more in the log and the step summary");
  });
});

describe("GitLab code quality", () => {
  test("has what GitLab asks for: description, check_name, unique fingerprint, severity, path and line", () => {
    expect(JSON.parse(gitlab.render(all))).toEqual([
      {
        description: "acme@v1/get-thing (dev): $.email is gone",
        check_name: "contract/property-removed",
        fingerprint: removed.fingerprint,
        severity: "critical",
        location: { path: "src/v1/schemas.ts", lines: { begin: 5 } },
      },
      expect.objectContaining({
        severity: "major",
        location: { path: "integ.config.yaml", lines: { begin: 1 } },
      }),
      expect.objectContaining({ check_name: "probe/server-error", severity: "info" }),
    ]);
  });
});

describe("Markdown", () => {
  test("begins with the marker and names finding, path, change, place and help", () => {
    const text = markdown.render(all);
    expect(text.split("\n")[0]).toBe(markerOf());
    expect(text).toContain("1 error, 1 warning, 1 inconclusive, 1 waived");
    expect(text).toContain("`contract/property-removed` `$.email`");
    expect(text).toContain("`src/v1/schemas.ts:5`");
  });

  test("stays below the length that GitHub takes", () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      finding({ rule: `r/r${i}`, severity: "error", message: "m".repeat(200), integration: `i${i}` }),
    );
    const text = markdown.render(viewOf(many));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/… and \d+ more: see the log\./);
    // A property's name may be longer than a whole comment, and of any characters.
    const path = `$['${"😀`".repeat(40_000)}']`;
    const message = `${path} is gone`;
    const one = finding({ rule: "r/r", severity: "error", message, path, help: path });
    const entry = markdown.render(viewOf([one]));
    expect(entry).toContain("`r/r`");
    expect(entry.length).toBeLessThan(65_536);
    expect(JSON.stringify(entry)).not.toMatch(/\\ud[89a-f]/);
  });
});
