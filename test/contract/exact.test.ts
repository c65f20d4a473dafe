import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adopt } from "../../src/contract/adopt.ts";
import { exactValue } from "../../src/contract/judge/exact.ts";
import { judge, type Sample } from "../../src/contract/judge.ts";
import { contractOf, times } from "./samples.ts";

const exact = (text: string): unknown => exactValue({ kind: "json", value: JSON.parse(text), text });
const raw = (text: string): Sample => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: { kind: "json", value: JSON.parse(text), text },
});

describe("exact values", () => {
  test.each([
    ["9007199254740993", 9007199254740993n],
    ["-9007199254740993", -9007199254740993n],
    ['{"id":9223372036854775807}', { id: 9223372036854775807n }],
    [
      '[1,"\\"9007199254740993",{"a":[9007199254740993,2]}]',
      [1, '"9007199254740993', { a: [9007199254740993n, 2] }],
    ],
  ])("what JSON.parse rounds is a bigint: %s", (text, value) => {
    expect(exact(text)).toEqual(value);
  });

  test.each([
    "9007199254740992",
    "100000000000000000000",
    "1e20",
    "9007199254740993.5",
    "12345678901234567e3",
    '"9007199254740993"',
    '{"9007199254740993":"9007199254740993"}',
    '["\\u00001",9007199254740993]',
  ])("what it holds exactly, fractions, powers and strings are as ever: %s", (text) => {
    expect(exact(text)).toEqual(JSON.parse(text));
  });

  test("a million digits are no hang", () => {
    expect(exact(`[${"9".repeat(1_000_000)}]`)).toEqual([BigInt("9".repeat(300))]);
  });

  test("of any JSON, the same value comes out, but for the integers that are not held exactly", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.bigInt({ min: 10n ** 15n, max: 10n ** 19n }), (value, large) => {
        const text = `{"value":${JSON.stringify(value)},"large":${large}}`;
        const held = BigInt(Number(large)) === large ? Number(large) : large;
        const inner = JSON.stringify(value);
        if (/\d{16}/.test(inner)) return;
        expect(exact(text)).toEqual({ value: JSON.parse(inner), large: held });
      }),
    );
  });
});

describe("contract/unsafe-integer", () => {
  const contract = contractOf(times(10, (n) => ({ id: n + 1, name: `n${n}`, next: null })));
  const said = (text: string, given = contract) =>
    judge({ contract: given, samples: [raw(text)] })
      .filter(({ rule }) => rule === "contract/unsafe-integer")
      .map(({ severity, path }) => `${severity} ${path}`);

  test("fires on lost precision where there were integers, and on new values of that kind", () => {
    expect(said('{"id":9223372036854775807,"name":"a","next":null}')).toEqual(["error $.id"]);
    expect(said('{"id":1,"name":"a","next":null,"big":9223372036854775807}')).toEqual(["warning $.big"]);
    expect(said('{"id":1,"name":"a","next":9223372036854775807}')).toEqual(["warning $.next"]);
  });

  test("is silent on large numbers that are held, on strings, on fractions and where they were recorded", () => {
    expect(said('{"id":100000000000000000000,"name":"a","next":null}')).toEqual([]);
    expect(said('{"id":9007199254740992,"name":"9223372036854775807","next":null}')).toEqual([]);
    expect(said('{"id":1e300,"name":"a","next":null}')).toEqual([]);
    const large = contractOf(times(5, (n) => ({ id: 2 ** 60 + n * 4096 })));
    expect(said('{"id":9223372036854775807}', large)).toEqual([]);
  });

  test("accepting it is the end of it", () => {
    for (const text of [
      '{"id":9223372036854775807,"name":"a","next":null}',
      '{"id":1,"name":"a","next":null,"big":9223372036854775807}',
      '{"id":1,"name":"a","next":9223372036854775807}',
    ]) {
      const findings = judge({ contract, samples: [raw(text)] }).filter(({ rule }) =>
        rule.endsWith("unsafe-integer"),
      );
      expect(said(text, adopt(contract, [raw(text)], findings))).toEqual([]);
    }
  });
});
