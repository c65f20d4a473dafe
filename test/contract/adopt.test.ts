import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adopt, isAcceptable } from "../../src/contract/adopt.ts";
import { judge, type Sample } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
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

const bodied = (body: Sample["body"], type?: string, status = 200): Sample => ({
  status,
  headers: type === undefined ? {} : { "content-type": type },
  body,
});
const json = answer({ id: 1, name: "thing" });
const nothing = bodied({ kind: "empty" });
const page = bodied({ kind: "html", text: "<p>hello</p>" }, "text/html");

/** As `integ accept --all` does it with whole answers. */
function acceptedOf(recorded: Sample, live: readonly Sample[]) {
  const first = recordContract(
    times(5, () => recorded),
    { request: "GET /things", title: "things" },
  );
  const contract = parseContract(formatContract(first));
  const findings = judge({ contract, samples: live }).filter(isAcceptable);
  const next = parseContract(formatContract(adopt(contract, live, findings)));
  const left = judge({ contract: next, samples: live }).map(({ severity, rule }) => `${severity} ${rule}`);
  return { findings: findings.map(({ rule }) => rule), before: contract, next, left };
}

describe("accepting what is about whole answers", () => {
  test.each<[string, Sample, Sample]>([
    ["no body any more", json, nothing],
    ["204 without a body", json, bodied({ kind: "empty" }, undefined, 204)],
    ["a web page", json, page],
    ["lines of JSON", json, bodied({ kind: "text", text: "{}\n{}\n" }, "application/x-ndjson")],
    ["JSON for a web page", page, json],
    ["JSON where there was nothing", nothing, json],
    [
      "JSON by another name",
      json,
      answer({ id: 1, name: "x" }, { headers: { "content-type": "application/hal+json" } }),
    ],
    ["202", json, answer({ id: 1, name: "x" }, { status: 202 })],
  ])("%s: ends it", (_, recorded, live) => {
    const { findings, left } = acceptedOf(
      recorded,
      times(5, () => live),
    );
    expect(findings).toHaveLength(1);
    expect(left).toEqual([]);
  });

  test.each<[string, Sample]>([
    ["without a body", nothing],
    ["a web page", page],
    ["with another status", answer({ id: 1 }, { status: 202 })],
  ])("one of five %s: is nothing that a contract can hold, and changes none", (_, other) => {
    const { findings, before, next } = acceptedOf(json, [...times(4, () => json), other]);
    expect(findings).toEqual([]);
    expect(formatContract(next)).toBe(formatContract(before));
  });
});

test("a number beyond all doubles leaves a contract that says nothing of its size", () => {
  const huge = times(5, () => answer({ n: JSON.parse("1e400") as number, m: 5 }));
  const text = formatContract(recordContract(huge, { request: "GET /things", title: "things" }));
  expect(text).not.toContain("null");
  expect(text).toContain('"log10": [0, 0.7, 1]');
});
