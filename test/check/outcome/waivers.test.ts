import { describe, expect, test } from "vitest";
import { type Finding, finding } from "../../../src/base/finding.ts";
import { applyRuleSeverities } from "../../../src/check/outcome/overrides.ts";
import { applyWaivers, type Covered } from "../../../src/check/outcome/waivers.ts";
import type { Waiver } from "../../../src/config/project.ts";

const removed = finding({
  rule: "contract/property-removed",
  severity: "error",
  message: "m",
  integration: "stripe",
  version: "v1",
  environment: "dev",
  endpoint: "list-customers",
  path: "$.data[*].email",
});
const all: Covered = { rule: () => true, target: () => true };

function apply(waiver: Partial<Waiver>, { on = removed, covered = all, today = "2026-06-15" } = {}) {
  const full: Waiver = {
    rule: "contract/property-removed",
    reason: "agreed",
    until: "2026-12-31",
    location: { file: "integ.config.yaml", line: 3, column: 5 },
    ...waiver,
  };
  const [first, ...rest] = applyWaivers([on], [full], { today, covered });
  return { waived: first?.waiver !== undefined, rest: rest.map(({ rule }) => rule), finding: first };
}

describe("a waiver", () => {
  test.each<[string, Partial<Waiver>, boolean]>([
    ["rule alone covers it everywhere", {}, true],
    ["of the integration", { target: "stripe" }, true],
    ["of the version", { target: "stripe@v1" }, true],
    ["of the endpoint", { target: "stripe/list-customers" }, true],
    ["of the endpoint in the version", { target: "stripe@v1/list-customers" }, true],
    ["of the path", { path: "$.data[*].email" }, true],
    ["of any property at that depth", { path: "$.data[*].*" }, true],
    ["of another rule", { rule: "contract/type-changed" }, false],
    ["of another integration", { target: "github" }, false],
    ["of another version", { target: "stripe@v2" }, false],
    ["of another endpoint", { target: "stripe/get-balance" }, false],
    ["of another path", { path: "$.data[*].name" }, false],
    ["of a path above", { path: "$.data[*]" }, false],
    ["of a path below", { path: "$.data[*].email.domain" }, false],
    ["of a wildcard at another depth", { path: "$.*" }, false],
    ["that an item is no property", { path: "$.data.*.email" }, false],
  ])("%s", (_, waiver, expected) => {
    expect(apply(waiver).waived).toBe(expected);
  });

  test("holds to the end of its last day and not longer", () => {
    expect(apply({ until: "2026-06-15" })).toMatchObject({ waived: true, rest: [] });
    expect(apply({ until: "2026-06-14" })).toMatchObject({ waived: false, rest: ["check/waiver-expired"] });
  });

  test("that covers nothing is named, unless the run did not look there", () => {
    const other = { rule: "contract/type-changed" };
    expect(apply(other).rest).toEqual(["check/waiver-unused"]);
    expect(apply(other, { covered: { ...all, rule: () => false } }).rest).toEqual([]);
    expect(apply(other, { covered: { ...all, target: () => false } }).rest).toEqual([]);
  });

  test("leaves severity and fingerprint of the finding as they are", () => {
    const { finding: waived } = apply({});
    expect(waived).toEqual({ ...removed, waiver: { reason: "agreed", until: "2026-12-31" } });
  });

  test("covers one thing among several that share its rule", () => {
    const name = finding({ ...removed, path: "$.data[*].name" });
    const waiver: Waiver = {
      rule: removed.rule,
      path: "$.data[*].name",
      reason: "r",
      until: "2027-01-01",
      location: { file: "f", line: 1, column: 1 },
    };
    const found = applyWaivers([removed, name], [waiver], { today: "2026-06-15", covered: all });
    expect(found.map(({ waiver: held }) => held !== undefined)).toEqual([false, true]);
  });
});

describe("severities of the configuration", () => {
  const rules = { "contract/property-removed": "warning", "probe/budget-p95": "off" } as const;
  const of = (rule: string, severity: Finding["severity"]) => finding({ rule, severity, message: "m" });

  test("replace what the rule says, or drop its findings", () => {
    const found = [removed, of("probe/budget-p95", "error"), of("other/rule", "error")];
    expect(applyRuleSeverities(found, rules).map(({ rule, severity }) => [rule, severity])).toEqual([
      ["contract/property-removed", "warning"],
      ["other/rule", "error"],
    ]);
  });

  test("never turn what could not be judged into something known", () => {
    const [one] = applyRuleSeverities([of("contract/property-removed", "inconclusive")], rules);
    expect(one?.severity).toBe("inconclusive");
  });

  test("a rule called like a property of every object is no setting", () => {
    expect(applyRuleSeverities([of("toString", "error")], {})).toHaveLength(1);
  });
});
