import fc from "fast-check";
import { serializeList, Token } from "structured-headers";
import { expect, test } from "vitest";
import { parseList } from "../../src/quota/structured.ts";

const key = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const text = fc.stringMatching(/^[ -~]{0,20}$/);
const token = fc.stringMatching(/^[A-Za-z*][A-Za-z0-9:/_.-]{0,10}$/);
const integer = fc.integer({ min: -999_999, max: 999_999 });
const bare = fc.oneof(
  text,
  integer,
  token.map((name) => new Token(name)),
);
const params = fc.dictionary(key, bare, { maxKeys: 4 });

const shown = (value: string | number | Token) => (value instanceof Token ? value.toString() : String(value));

test("reads every list that a strict serializer of RFC 9651 writes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bare, params), { minLength: 1, maxLength: 5 }), (list) => {
      const header = serializeList(list.map(([value, given]) => [value, new Map(Object.entries(given))]));
      expect(parseList(header)).toEqual(
        list.map(([value, given]) => ({
          value: shown(value),
          quoted: typeof value === "string",
          params: Object.fromEntries(Object.entries(given).map(([name, inner]) => [name, shown(inner)])),
        })),
      );
    }),
  );
});

test("is lenient where the drafts' own examples are not strict", () => {
  expect(parseList('quota;t=1, "a,b;c";q=2 , limit=100')).toEqual([
    { value: "quota", quoted: false, params: { t: "1" } },
    { value: "a,b;c", quoted: true, params: { q: "2" } },
    { value: "limit=100", quoted: false, params: {} },
  ]);
});

test("never throws on what is none", () => {
  fc.assert(fc.property(fc.string(), (header) => void parseList(header)));
});
