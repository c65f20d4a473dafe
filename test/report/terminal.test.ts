import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Finding, finding } from "../../src/base/finding.ts";
import { plainStyle, styleFor } from "../../src/host/color.ts";
import { renderFindings, renderTable } from "../../src/report/terminal.ts";

const view = { style: plainStyle, columns: 80 };
const removed = finding({
  rule: "contract/property-removed",
  severity: "error",
  message: "The property email is gone",
  integration: "acme",
  version: "v1",
  environment: "dev",
  endpoint: "get-customer",
  path: "$.email",
  before: "string",
  evidence: { samples: 40, missing: 12, probability: 0.000042 },
  location: { file: "src/integrations/acme/v1/schemas.ts", line: 3, column: 3 },
  help: "integ accept acme/get-customer --rule contract/property-removed",
});
const source = 'import * as z from "zod";\nexport const Customer = z.object({\n  email: z.string(),\n});\n';

describe("findings on a terminal", () => {
  test("shows what changed, where in our code it breaks, by which evidence, and what to do", () => {
    const sources = new Map([["src/integrations/acme/v1/schemas.ts", source]]);
    expect(renderFindings([removed], { ...view, sources })).toBe(
      [
        "acme@v1/get-customer  dev",
        "",
        "  error  The property email is gone",
        `         contract/property-removed  $.email  ${removed.fingerprint.slice(0, 8)}`,
        "         string → (nothing)",
        "         samples 40, missing 12, probability 4.2e-5",
        "         src/integrations/acme/v1/schemas.ts:3:3",
        "           2 | export const Customer = z.object({",
        "         > 3 |   email: z.string(),",
        "             |   ^^^^^",
        "           4 | });",
        "         help: integ accept acme/get-customer --rule contract/property-removed",
        "",
        "1 error",
      ].join("\n"),
    );
  });

  test("puts the worst group first and the worst finding of a group first", () => {
    const of = (integration: string, severity: Finding["severity"], rule: string) =>
      finding({ integration, severity, rule, message: rule });
    const text = renderFindings(
      [of("a", "info", "r/1"), of("b", "warning", "r/2"), of("a", "warning", "r/3"), of("b", "error", "r/4")],
      view,
    );
    const order = [...text.matchAll(/(?:error|warn|info) +(r\/\d)/g)].map(([, rule]) => rule);
    expect(order).toEqual(["r/4", "r/2", "r/3", "r/1"]);
  });

  test("counts waived findings and shows nothing else of them", () => {
    const waived = { ...removed, waiver: { reason: "known", until: "2027-01-01" } };
    expect(renderFindings([waived], view)).toBe("1 waived");
  });

  test("says so when there is nothing to say", () => {
    expect(renderFindings([], view)).toBe("no findings");
  });

  test("hides no error and no warning behind the limit of infos", () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      finding({ rule: `r/${i}`, severity: i % 2 ? "info" : "warning", message: `m${i}`, integration: "a" }),
    );
    const text = renderFindings(many, view);
    expect(text.match(/^ {2}warn/gm)).toHaveLength(15);
    expect(text).toContain("… and 5 infos more");
  });

  test("lets no control character of a hostile server through, wherever it stands", async () => {
    const style = await styleFor(false);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (evil) => {
        const text = renderFindings(
          [
            {
              ...removed,
              message: `a${evil}\u001b]0;x\u0007`,
              path: evil,
              before: evil,
              after: { [evil]: [evil] },
              evidence: { [`k${evil}`]: evil },
              endpoint: evil,
              help: evil,
              location: { file: evil, line: 1, column: 1 },
            },
          ],
          { style, columns: 80, sources: new Map([[evil, evil]]) },
        );
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is there is the point
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe("tables", () => {
  const head = ["endpoint", "p95"];
  test("stand without borders, numbers to the right", () => {
    const rows = [
      ["get-balance", "120 ms"],
      ["list", "9.10 ms"],
    ];
    expect(renderTable(head, rows, { ...view, align: ["left", "right"] })).toBe(
      "endpoint         p95\nget-balance   120 ms\nlist         9.10 ms",
    );
  });

  test("are cut to the width of the terminal", () => {
    const rows = [["x".repeat(200), "y".repeat(50)]];
    for (const line of renderTable(head, rows, { ...view, columns: 60 }).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(60);
    }
  });

  test("colour a cell by its meaning", async () => {
    const style = await styleFor(true);
    const text = renderTable(["a"], [[{ text: "late", tone: "red" }]], { style, columns: 80 });
    expect(text).toContain(style.red("late"));
  });
});

test("what drift rests on, and what our schema makes of it, stand in words", () => {
  const evidence = {
    n: 40,
    k: 40,
    m: 10,
    x: 0,
    p: 1.2e-10,
    thin: true,
    consumer: "Thing expects string, got nothing",
    rejected: 10,
  };
  const lines = renderFindings([{ ...removed, evidence }], view)
    .split("\n")
    .map((line) => line.trim());
  expect(lines).toContain("in 40 of 40 recorded, in 0 of 10 now, chance 1.2e-10, few samples");
  expect(lines).toContain("Thing expects string, got nothing");
  const brief = renderFindings([{ ...removed, severity: "info", evidence }], view);
  expect(brief).toContain("Thing expects string, got nothing");
  expect(brief).not.toContain("recorded");
});
