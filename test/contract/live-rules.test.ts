import { describe, expect, test } from "vitest";
import { judge } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { ruleOf } from "../../src/contract/rules/table.ts";
import { formatContract, parseContract } from "../../src/contract/store.ts";
import { LIVE_CASES } from "./live-cases.ts";

describe.each(LIVE_CASES)("%s: %s", (rule, _why, recorded, live, place) => {
  test(place === undefined ? "stays silent" : "speaks", () => {
    const contract = recordContract(recorded, { request: "GET /things", title: "things" });
    const findings = judge({ contract: parseContract(formatContract(contract)), samples: live });
    const own = findings.filter((one) => one.rule === `contract/${rule}`);
    expect(own.map(({ severity, path }) => `${severity} ${path}`)).toEqual(
      place === undefined ? [] : [place],
    );
    expect(ruleOf(`contract/${rule}`)).toBeDefined();
    // Of what nothing was known nothing is claimed, so there is no chance to speak of.
    const without = ["contract/type-learned", "contract/unsafe-integer"];
    for (const { rule: said, evidence } of findings) {
      const counts = { m: expect.any(Number), x: expect.any(Number) };
      const all = { n: expect.any(Number), k: expect.any(Number), p: expect.any(Number), ...counts };
      expect([said, evidence]).toEqual([
        said,
        expect.objectContaining(without.includes(said) ? counts : all),
      ]);
      const { p = 0 } = evidence as { p?: number };
      expect(p >= 0 && p <= 1).toBe(true);
    }
  });
});
