import { describe, expect, test } from "vitest";
import { compare, type Direction } from "../../src/contract/compare.ts";
import { LIFECYCLE_RULES } from "../../src/contract/rules/lifecycle.ts";
import { PROPERTY_RULES } from "../../src/contract/rules/properties.ts";
import { severityOfChange } from "../../src/contract/rules/severity.ts";
import { ruleOf } from "../../src/contract/rules/table.ts";
import { TYPE_RULES } from "../../src/contract/rules/types.ts";
import { VALUE_RULES } from "../../src/contract/rules/values.ts";
import { readSchema } from "./document/support.ts";
import { PLACES, RULE_CASES } from "./rule-cases.ts";

/** `error property-removed $.p.b` for each change. */
function said(before: unknown, after: unknown, direction: Direction): string[] {
  return compare(readSchema(before).shape, readSchema(after).shape, direction).map((change) => {
    const severity = severityOfChange(change, direction);
    return `${severity} ${change.rule.replace("contract/", "")} ${change.path}`;
  });
}

describe.each(RULE_CASES)("%s: %j → %j", (rule, before, after, response, request, below = "") => {
  test.each(PLACES)("at %s for readers and for senders", (path, around) => {
    const place = path === "$" && below !== "" ? `$${below}` : `${path}${below}`;
    expect(said(around(before), around(after), "response")).toContain(`${response} ${rule} ${place}`);
    expect(said(around(before), around(after), "request")).toContain(`${request} ${rule} ${place}`);
  });

  test("stays silent where nothing changed, and the other way round", () => {
    for (const direction of ["response", "request"] as const) {
      expect(said(before, before, direction)).toEqual([]);
      expect(said(after, after, direction)).toEqual([]);
      const symmetric = /-changed$|^not-judged$/.test(String(rule));
      const back = said(after, before, direction).filter((line) => line.split(" ")[1] === rule);
      if (!symmetric) expect(back).toEqual([]);
    }
  });

  test("is explained", () => {
    expect(ruleOf(`contract/${rule}`)).toBeDefined();
  });
});

test("every rule about schemas has its cases, but the one that only live answers bring up", () => {
  const rules = [...PROPERTY_RULES, ...TYPE_RULES, ...VALUE_RULES, ...LIFECYCLE_RULES];
  const tried = new Set(RULE_CASES.map(([rule]) => `contract/${rule}`));
  expect(rules.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual(["contract/property-renamed"]);
});
