import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, expectTypeOf, test } from "vitest";
import type * as z from "zod";
import { type Finding, finding } from "../../src/base/finding.ts";
import { buildReport, type Report } from "../../src/base/report.ts";
import { type findingSchema, publishedReportSchema, type reportSchema } from "../../src/report/published.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess as integ } from "../support/in-process.ts";

const { file, content } = publishedReportSchema();
const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { "date-time": true } }).compile(
  JSON.parse(content),
);

describe("the published schema of the JSON report", () => {
  test("is what `node scripts/generate-schemas.mjs` makes of the code", () => {
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  test("says the same as the types", () => {
    expectTypeOf<z.infer<typeof findingSchema>>().toExtend<Partial<Record<keyof Finding, unknown>>>();
    expectTypeOf<Finding>().toExtend<z.infer<typeof findingSchema>>();
    expectTypeOf<Report>().toExtend<z.infer<typeof reportSchema>>();
  });

  test("takes a full report", () => {
    const report = buildReport({
      command: "check",
      startedAt: 0,
      durationMs: 1.5,
      findings: [
        finding({
          rule: "contract/property-removed",
          severity: "error",
          message: "m",
          help: "h",
          integration: "i",
          version: "v1",
          environment: "dev",
          endpoint: "e",
          path: "$.a",
          before: null,
          after: { any: ["thing"] },
          evidence: { n: 1 },
          location: { file: "f", line: 1, column: 1, endLine: 1, endColumn: 2 },
          waiver: { reason: "r", until: "2027-01-01" },
        }),
      ],
      data: { endpoints: [] },
    });
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  });

  test("takes what a failing command prints, and refuses another document", async () => {
    const cwd = await temporaryDirectory();
    const { code, stdout } = await integ(["check", "--json"], { cwd });
    expect(code).toBe(2);
    expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ report: "integ/1" })).toBe(false);
    expect(validate({ report: "integ/2", error: { code: "c", message: "m" } })).toBe(false);
  });
});
