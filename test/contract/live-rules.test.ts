import { describe, expect, test } from "vitest";
import { judge } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import { ruleOf } from "../../src/contract/rules/table.ts";
import { formatContract, parseContract } from "../../src/contract/store.ts";
import { LIVE_CASES } from "./live-cases.ts";

describe.each(LIVE_CASES)("%s: %s", (rule, _why, recorded, live, severity) => {
  test(severity === undefined ? "stays silent" : "speaks", () => {
    const contract = recordContract(recorded, { request: "GET /things", title: "things" });
    const findings = judge({ contract: parseContract(formatContract(contract)), samples: live });
    const said = findings.filter((one) => one.rule === `contract/${rule}`).map((one) => one.severity);
    expect([...new Set(said)]).toEqual(severity === undefined ? [] : [severity]);
    expect(ruleOf(`contract/${rule}`)).toBeDefined();
  });
});
