import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareFindings } from "../../../src/base/finding.ts";
import { compareDocuments } from "../../../src/contract/document/compare-documents.ts";
import { findingsOf } from "../../../src/contract/document/findings.ts";
import { documentOf } from "../../../src/contract/document/load.ts";
import { documentsFor, pathOf } from "./oasdiff-cases.ts";

const TABLE = readFileSync(new URL("../../../docs/rules-oasdiff.md", import.meta.url), "utf8");

/** Check, what we have for it, and how grave that is. */
const ROWS = [...TABLE.matchAll(/^\| `([^`]+)` *\| \w+ *\| \w+ *\|(.*)\| *([a-z-]+) *\|$/gm)].map(
  ([, check = "", here = "", severity = ""]) => ({
    check,
    rules: [...here.matchAll(/`(contract\/[a-z-]+)`/g)].map(([, rule = ""]) => rule),
    silent: here.includes("not reported, because"),
    effect: here.includes("because its effect is"),
    severity,
  }),
);

function findings(check: string) {
  const [before, after] = documentsFor(check).map((document, index) =>
    documentOf(document, index === 0 ? "old" : "new"),
  );
  if (!before || !after) throw new Error("there are two");
  const { changes } = compareDocuments(before, after, { today: "2026-11-22" });
  return findingsOf(changes, { before: before.locator, after: after.locator }).findings.sort(compareFindings);
}

describe("two documents for each check of oasdiff", () => {
  test("the table has all of them", () => {
    expect(ROWS).toHaveLength(509);
  });

  test.each(ROWS)("$check", ({ check, rules, silent, effect, severity }) => {
    const all = findings(check);
    const ours = all.filter(({ rule }) => rules.includes(rule));
    if (silent && !effect) {
      expect(all.filter(({ rule }) => rule !== "contract/version-not-bumped")).toEqual([]);
      return;
    }
    if (!effect)
      expect([ours[0]?.severity, all.map(({ rule }) => rule)]).toEqual([severity, expect.anything()]);
    expect(ours).not.toEqual([]);
    const path = pathOf(check);
    if (path === undefined) return;
    // The default of a parameter is one of the parameter, not of its schema.
    for (const { rule, path: said = "" } of ours)
      expect([rule, said.slice(0, path.length)]).toEqual([rule, rule.includes("/parameter-") ? "" : path]);
  });
});
