import { expect, test } from "vitest";
import { type Finding, finding } from "../../../src/base/finding.ts";
import { newAgainst } from "../../../src/check/outcome/baseline.ts";

const of = (rule: string, severity: Finding["severity"]) => finding({ rule, severity, message: "m" });

test("only what the baseline does not hold is new, or what it holds with a lesser severity", () => {
  const baseline = [
    of("a/known", "error"),
    of("a/worse", "warning"),
    of("a/better", "error"),
    of("a/gone", "info"),
  ];
  const now = [of("a/known", "error"), of("a/worse", "error"), of("a/better", "info"), of("a/new", "info")];
  const { fresh, known, gone } = newAgainst(now, baseline);
  expect(fresh.map(({ rule }) => rule)).toEqual(["a/worse", "a/new"]);
  expect({ known, gone }).toEqual({ known: 2, gone: 1 });
});

test("what could not be judged is never known", () => {
  const down = of("a/down", "inconclusive");
  expect(newAgainst([down], [down]).fresh).toEqual([down]);
});

test("a finding that was inconclusive and is an error now is new", () => {
  expect(newAgainst([of("a/x", "error")], [of("a/x", "inconclusive")]).fresh).toHaveLength(1);
});

test("a finding whose waiver has ended is new, though the baseline holds it; one that was waived since is not", () => {
  const waiver = { reason: "agreed", until: "2026-06-30" };
  const broken = of("a/broken", "error");
  const waived = { ...broken, waiver };
  expect(newAgainst([broken], [waived]).fresh).toEqual([broken]);
  expect(newAgainst([waived], [broken]).fresh).toEqual([]);
  expect(newAgainst([waived], [waived]).fresh).toEqual([]);
});
