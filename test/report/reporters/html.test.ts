import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { describe, expect, test } from "vitest";
import { finding } from "../../../src/base/finding.ts";
import { buildReport } from "../../../src/base/report.ts";
import { htmlPage } from "../../../src/report/reporters/html.ts";
import type { ReportView } from "../../../src/report/reporters/reporter.ts";

const subject = { integration: "acme", version: "v1", environment: "dev", endpoint: "get-thing" };
const removed = finding({
  rule: "contract/property-removed",
  severity: "error",
  message: "$.email is gone",
  ...subject,
  path: "$.email",
  before: "string",
  evidence: { n: 40, k: 40, m: 10, x: 0, readBy: [{ file: "src/mail.ts", line: 7, column: 3 }] },
  location: { file: "src/v1/schemas.ts", line: 2, column: 3 },
  help: "integ accept acme@v1/get-thing",
});
const waived = finding({ rule: "probe/budget-p95", severity: "warning", message: "slow", ...subject });
const view: ReportView = {
  report: buildReport({
    command: "check",
    startedAt: 0,
    durationMs: 1500,
    findings: [removed, { ...waived, waiver: { reason: "known", until: "2027-01-01" } }],
    data: { endpoints: [{ ...subject, state: "checked", latencyMs: { p50: 12.4, p95: 40 } }] },
  }),
  version: "1.2.3",
  rules: new Map([[removed.rule, { id: removed.rule, summary: "a property is gone" }]]),
  place: ({ location }) => location && { path: location.file, ...location },
  source: () => "export const Thing = z.object({\n  email: z.string(),\n});\n",
};

type Node = DefaultTreeAdapterTypes.Node;
function textOf(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}
function all(node: Node, name: string): DefaultTreeAdapterTypes.Element[] {
  const own = "tagName" in node && node.tagName === name ? [node] : [];
  return [...own, ...("childNodes" in node ? node.childNodes.flatMap((child) => all(child, name)) : [])];
}

describe("the HTML page", () => {
  const rendered = htmlPage.render(view);
  const page = parse(rendered);
  const text = (name: string) => all(page, name).map(textOf);

  test("says the verdict, each finding with its change, lines and readers, what is waived, and every endpoint", () => {
    expect(text("h1")).toEqual(["integ check: 1 error to mend"]);
    expect(text("h2")).toEqual(["acme@v1/get-thing (dev)", "Waived", "Endpoints"]);
    const [article = "", accepted = ""] = text("article");
    for (const part of ["$.email is gone", "string", "read at src/mail.ts:7", "src/v1/schemas.ts:2"]) {
      expect(article).toContain(part);
    }
    expect(text("mark").map((line) => line.trim())).toEqual(["> 2 |   email: z.string(),"]);
    expect(accepted).toContain("until 2027-01-01: known");
    expect(text("tbody").join("")).toMatch(/acme@v1\/get-thing\s*dev\s*checked\s*2\s*12\s*40/);
  });

  test("loads nothing and runs nothing, and says so to the browser", () => {
    for (const name of ["script", "link", "img", "iframe", "object", "form", "base", "a"]) {
      expect(all(page, name)).toEqual([]);
    }
    expect(rendered).not.toMatch(/@import|url\(/);
    const hash = createHash("sha256")
      .update(text("style")[0] ?? "")
      .digest("base64");
    expect(rendered).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  });

  test("can be read by a screen reader: language, title, landmarks, headings in order, headers of the table", () => {
    expect(all(page, "html")[0]?.attrs).toContainEqual({ name: "lang", value: "en" });
    expect(text("title")).toEqual(text("h1"));
    expect([all(page, "main").length, all(page, "header").length, text("caption").length]).toEqual([1, 1, 1]);
    const scopes = all(page, "th").map(({ attrs }) => attrs.find(({ name }) => name === "scope")?.value);
    expect(scopes).toEqual([...Array(6).fill("col"), "row"]);
    const levels = [...rendered.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
    // Severity is a word, not only a colour.
    expect(text("h3")[0]).toBe("error $.email is gone");
  });

  test("a clean check is a page too", () => {
    const report = buildReport({ command: "check", startedAt: 0, durationMs: 1, findings: [] });
    const clean = parse(htmlPage.render({ ...view, report }));
    expect(all(clean, "h1").map(textOf)).toEqual(["integ check: nothing to mend"]);
    expect(all(clean, "main").map(textOf).join()).toContain("No findings.");
  });
});
