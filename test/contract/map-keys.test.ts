import { describe, expect, test } from "vitest";
import { adopt } from "../../src/contract/adopt.ts";
import { judge } from "../../src/contract/judge.ts";
import { answer, contractOf, times, verdicts } from "./samples.ts";

const prefixed = (n: number) => `cus_${1000 + n}aB3dE5fG7hI`;
const uuid = (n: number) => `3f2b8c1d-0e4a-4b6c-9d8e-${String(100000000000 + n)}`;
const currency = (n: number) => ["USD", "EUR", "CHF", "GBP", "JPY"][n % 5] ?? "USD";
const bodies = (count: number, key: (n: number) => string, from = 0) =>
  times(count, (n) => ({
    id: n,
    byId: Object.fromEntries(times(4, (i) => [key(from + n * 4 + i), { seen: true, count: n }])),
  }));
const said = (recorded: unknown[], live: unknown[]) => verdicts(recorded, live);

describe("keys of a map", () => {
  test("ids with a prefix that became UUIDs are a warning, and the other way round", () => {
    const drift = ["warning key-format-changed $.byId"];
    expect(said(bodies(20, prefixed), bodies(10, uuid))).toEqual(drift);
    expect(said(bodies(20, uuid), bodies(10, prefixed))).toEqual(drift);
    expect(
      said(
        bodies(20, currency),
        bodies(10, (n) => currency(n).toLowerCase()),
      ),
    ).toEqual(drift);
  });

  test("few answers make it an info, fewer nothing", () => {
    expect(said(bodies(5, prefixed), bodies(3, uuid))).toEqual(["info key-format-changed $.byId"]);
    expect(said(bodies(3, prefixed), bodies(1, uuid))).toEqual([]);
  });

  test("other keys of the same kind, and odd ones among them, are silent", () => {
    expect(said(bodies(20, prefixed), bodies(10, prefixed, 5000))).toEqual([]);
    expect(said(bodies(20, uuid), bodies(10, uuid, 5000))).toEqual([]);
    expect(
      said(
        bodies(20, prefixed),
        bodies(10, (n) => (n % 4 ? prefixed(n) : "default")),
      ),
    ).toEqual([]);
    expect(
      said(
        bodies(20, prefixed),
        times(10, (id) => ({ id, byId: {} })),
      ),
    ).toEqual([]);
  });

  test("keys are not in the finding, and accepting it is the end of it", () => {
    const contract = contractOf(bodies(20, prefixed));
    const samples = bodies(10, uuid).map((body) => answer(body));
    const findings = judge({ contract, samples });
    expect(findings.map(({ before, after }) => [before, after])).toEqual([["id with a prefix", "uuid"]]);
    expect(JSON.stringify(findings)).not.toContain("3f2b8c1d");
    expect(judge({ contract: adopt(contract, samples, findings), samples })).toEqual([]);
  });
});
