import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adopt, isAcceptable } from "../../src/contract/adopt.ts";
import { judge } from "../../src/contract/judge.ts";
import { formatContract, parseContract, type StoredContract } from "../../src/contract/store.ts";
import { value } from "./arbitrary-shape.ts";
import { answer, contractOf, times } from "./samples.ts";

const samples = fc.array(value, { minLength: 1, maxLength: 6 });
const said = (contract: StoredContract, live: readonly unknown[]) =>
  judge({ contract, samples: live.map((one) => answer(one)) });

/** As `integ accept` does it: adopted, written and read back. */
function accepted(contract: StoredContract, live: readonly unknown[], only?: string): StoredContract {
  const findings = said(contract, live).filter(isAcceptable);
  const chosen = only === undefined ? findings : findings.filter(({ rule }) => rule === `contract/${only}`);
  const next = adopt(
    contract,
    live.map((one) => answer(one)),
    chosen,
  );
  return parseContract(formatContract(next));
}

describe("accepting everything", () => {
  test("leaves no error and no warning against the same answers", () => {
    fc.assert(
      fc.property(samples, samples, (recorded, live) => {
        const next = accepted(contractOf(recorded), live);
        const left = said(next, live).filter(
          ({ severity }) => severity === "error" || severity === "warning",
        );
        expect(left).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

const customer = (n: number) => ({
  id: n,
  email: `u${n}@example.com`,
  plan: ["free", "paid"][n % 2],
  address: { city: "x" },
});
const recorded = times(60, customer);

describe.each<[string, (one: ReturnType<typeof customer>, n: number) => unknown]>([
  ["property-removed", ({ email: _, ...rest }) => rest],
  ["property-added", (one) => ({ ...one, region: "eu" })],
  ["property-renamed", ({ email, ...rest }) => ({ ...rest, email_address: email })],
  ["property-became-optional", ({ email, ...rest }, n) => (n % 2 ? rest : { ...rest, email })],
  ["became-nullable", (one) => ({ ...one, address: null })],
  ["type-changed", (one) => ({ ...one, id: `x${one.id}` })],
  ["type-added", (one, n) => (n % 2 ? one : { ...one, id: "none" })],
  ["envelope-changed", (one) => ({ ...one, address: [one.address] })],
  ["integer-became-number", (one) => ({ ...one, id: one.id + 0.5 })],
  ["enum-value-added", (one, n) => (n % 2 ? one : { ...one, plan: "trial" })],
])("accepting %s", (rule, change) => {
  const live = times(40, (n) => change(customer(n + 100), n));

  test("ends it, and leaves other drift as it was", () => {
    const both = live.map((one) => ({ ...Object(one), extra: 1 }));
    const before = said(contractOf(recorded), both).map((one) => one.rule);
    expect(before).toContain(`contract/${rule}`);
    const next = accepted(contractOf(recorded), both, rule);
    const after = said(next, both).map((one) => one.rule);
    expect(after).not.toContain(rule === "property-added" ? "none" : `contract/${rule}`);
    if (rule !== "property-added") expect(after).toContain("contract/property-added");
  });

  test("changes only the lines that are about it", () => {
    const before = formatContract(contractOf(recorded)).split("\n");
    const after = formatContract(accepted(contractOf(recorded), live, rule)).split("\n");
    const changed = after.filter((line) => !before.includes(line)).length;
    expect(changed).toBeLessThanOrEqual(14);
    expect(after).not.toEqual(before);
  });
});
