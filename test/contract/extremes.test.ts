import { describe, expect, test } from "vitest";
import { Collector } from "../../src/contract/infer.ts";
import { judge, type Sample } from "../../src/contract/judge.ts";
import { recordContract } from "../../src/contract/record.ts";
import type { Json } from "../../src/contract/shape.ts";
import { formatContract, parseContract } from "../../src/contract/store.ts";
import { readBody } from "../../src/http/body.ts";
import { contractOf, judged, sample } from "./drift/evaluate.ts";

const body = (text: string) =>
  readBody({ body: new TextEncoder().encode(text), headers: { "content-type": "application/json" } });

const json = (text: string): Json => JSON.parse(text);

/** Recorded, written, read back and judged against itself: nothing is said. */
function isQuiet(answers: readonly Json[]): void {
  expect(judged(contractOf(answers), answers)).toEqual([]);
}

describe("answers at the edge of JSON", () => {
  test.each([
    ["names of Object.prototype", '{"__proto__": {"a": 1}, "constructor": 1, "toString": null}'],
    ["lone surrogates", String.raw`{"\ud800": "\udfff", "a": "\ud83d"}`],
    ["a number too large for a double", '{"n": 1e400, "m": -1e400}'],
    ["a number that underflows", '{"n": 1e-400, "m": 5e-324}'],
    ["integers beyond 2^53", '{"n": 9007199254740993, "m": 18446744073709551615}'],
    ["the same name twice", '{"a": 1, "a": "x"}'],
    ["an empty name", '{"": {"": []}}'],
    [
      "names with quotes, dots, slashes and line breaks",
      String.raw`{"a.b": 1, "c/d~e": 2, "'": 3, "\"\n": 4}`,
    ],
    ["nothing but null", "null"],
    ["a bare string", '"x"'],
    ["10,000 empty objects", `[${"{},".repeat(9_999)}{}]`],
  ])("%s: written, read back, and no drift against itself", (_, text) => {
    isQuiet(Array.from({ length: 5 }, () => json(text)));
  });

  test("deeper than the file's reader allows: told down to a bound, and read back", () => {
    const text = `${'{"a":['.repeat(5_000)}1${"]}".repeat(5_000)}`;
    const live: Sample = { status: 200, headers: {}, body: { kind: "json", value: json(text), text } };
    const contract = recordContract([sample(json('{"a": 1}'))], { request: "", title: "" });
    expect(judge({ contract, samples: [live] }).map(({ rule }) => rule)).toContain("contract/type-changed");
    const collector = new Collector().add(json(text));
    const written = formatContract({ ...contract, shape: collector.shape() });
    expect(parseContract(written).shape.objects).toHaveLength(1);
  });

  test("250,000 names are one map, recorded and judged", () => {
    const value = Object.fromEntries(Array.from({ length: 250_000 }, (_, n) => [`k${n}`, n]));
    const contract = contractOf([value]);
    expect(formatContract(contract).length).toBeLessThan(1_000);
    expect(judged(contract, [{ ...value, other: 1 }])).toEqual([]);
  });

  test("100,000 new names in a record: a bounded number of them is said", () => {
    const strange = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, { deep: [n] }]));
    const contract = contractOf(Array.from({ length: 5 }, () => ({ id: "a", ok: true })));
    const findings = judged(contract, [{ id: "a", ok: true, ...strange }]);
    expect(findings.length).toBeLessThanOrEqual(100);
  });
});

describe("answers that are no JSON", () => {
  const contract = contractOf([{ a: 1 }]);

  test.each([
    ["NaN", '{"a": NaN}', "contract/body-invalid"],
    ["two documents, a line each", '{"a": 1}\n{"a": 2}\n', "contract/body-invalid"],
    ["cut off", '{"a": [1, 2', "contract/body-invalid"],
    ["nested without end", "[".repeat(100_000), "contract/body-invalid"],
    ["nothing", "  ", "contract/body-missing"],
  ])("%s: a finding that says so", (_, text, rule) => {
    const live = { status: 200, headers: { "content-type": "application/json" }, body: body(text) };
    expect(judge({ contract, samples: [live] }).map((one) => one.rule)).toEqual([rule]);
  });

  test("a byte order mark is no part of the answer", () => {
    expect(body('\ufeff{"a": 1}')).toMatchObject({ kind: "json", value: { a: 1 } });
  });
});
