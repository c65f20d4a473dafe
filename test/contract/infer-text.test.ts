import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Collector } from "../../src/contract/infer.ts";
import { toSchema } from "../../src/contract/store/write-schema.ts";
import { value } from "./arbitrary-shape.ts";

const space = fc.constantFrom("", " ", "\n", "\t", "\r\n  ");

/** A string as JSON may write it: with escapes that need not be, and without. */
function written(one: string, escaped: boolean): string {
  if (!escaped) return JSON.stringify(one);
  return `"${Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;
}

/** JSON texts with white space, escapes, powers of ten and equal names. */
const { text } = fc.letrec<{ text: string; list: string; object: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      "null",
      "true",
      "false",
      "0",
      "-0",
      "1e3",
      "-1.50E-2",
      "0.1",
      "9007199254740993",
      "1e400",
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => JSON.stringify(one)),
    fc.tuple(fc.string({ unit: "binary" }), fc.boolean()).map(([one, escaped]) => written(one, escaped)),
    fc.constantFrom(
      '"usd"',
      '"cus_4fK29xLq0Pz7Rb"',
      '"2026-03-01T10:00:00Z"',
      '"https://api.example.com/v1"',
    ),
    tie("list"),
    tie("object"),
  ),
  list: fc
    .tuple(fc.array(tie("text"), { maxLength: 4 }), space)
    .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
  object: fc
    .tuple(
      fc.array(
        fc.tuple(
          fc.constantFrom(
            "id",
            "object",
            "type",
            "kind",
            "amount",
            "__proto__",
            "constructor",
            "",
            "7",
            "ä€",
          ),
          fc.boolean(),
          tie("text"),
        ),
        { maxLength: 6 },
      ),
      space,
    )
    .map(
      ([entries, gap]) =>
        `{${entries.map(([name, escaped, one]) => `${gap}${written(name, escaped)}${gap}:${gap}${one}`).join(`${gap},`)}${gap}}`,
    ),
}));

const byValues = (texts: readonly string[]) => {
  const collector = new Collector();
  for (const one of texts) collector.add(JSON.parse(one));
  return collector;
};
const byTexts = (texts: readonly string[]) => {
  const collector = new Collector();
  for (const one of texts) collector.addText(one);
  return collector;
};

/** All that was learned, with its evidence, as a contract says it. */
const learned = (collector: Collector) =>
  toSchema(collector.shape(), { count: collector.samples, responses: collector.samples });

function isJson(one: string): boolean {
  try {
    JSON.parse(one);
    return true;
  } catch {
    return false;
  }
}

describe("learning from texts", () => {
  test("says the same as learning from their values, however they are written", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), (texts) => {
        expect(learned(byTexts(texts))).toEqual(learned(byValues(texts)));
      }),
      { numRuns: 300 },
    );
  });

  test("says the same of answers of one API, many of them", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 30, maxLength: 60 }), (values) => {
        const texts = values.map((one) => JSON.stringify(one));
        expect(learned(byTexts(texts))).toEqual(learned(byValues(texts)));
      }),
      { numRuns: 20 },
    );
  });

  test("can be mixed with values and merged with what was learned from them", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), fc.array(text, { minLength: 1 }), (some, others) => {
        const merged = byTexts(some).merge(byValues(others));
        expect(learned(merged)).toEqual(learned(byValues([...some, ...others])));
      }),
    );
  });

  test("takes what JSON.parse takes and refuses what it refuses, and counts nothing of what is refused", () => {
    const damaged = fc
      .tuple(
        text,
        fc.nat(),
        fc.constantFrom(
          "",
          '"',
          "\\",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "0",
          "-",
          ".",
          "e",
          "x",
          "\u0001",
          "\u00a0",
        ),
      )
      .map(([whole, where, what]) => {
        const at = where % (whole.length + 1);
        return whole.slice(0, at) + what + whole.slice(at + (what === "" ? 1 : 0));
      });
    let refused = 0;
    fc.assert(
      fc.property(damaged, (one) => {
        const collector = byTexts(['{"id":1}']);
        const before = learned(collector);
        if (isJson(one)) {
          expect(learned(collector.addText(one))).toEqual(learned(byValues(['{"id":1}', one])));
          return;
        }
        refused++;
        expect(() => collector.addText(one)).toThrow(SyntaxError);
        expect(collector.samples).toBe(1);
        expect(learned(collector)).toEqual(before);
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(200);
  });

  test.each([
    "",
    " ",
    "nul",
    "truex",
    "01",
    "1.",
    "-",
    "1e",
    "+1",
    ".5",
    '"\u0007"',
    '"\\x"',
    '"\\u12g4"',
    "[1,]",
    '{"a":1,}',
    "{a:1}",
    "1 2",
    "\ufeff1",
    "NaN",
    "Infinity",
    "'a'",
    "/**/1",
  ])("refuses %j, as JSON.parse does", (one) => {
    expect(isJson(one)).toBe(false);
    expect(() => new Collector().addText(one)).toThrow(SyntaxError);
  });

  test("the last of equal names counts, whatever lies between them", () => {
    const texts = ['{"a":1,"b":{"a":true},"a":"x"}', '{"a":"y","b":{"a":null,"a":false}}'];
    expect(learned(byTexts(texts))).toEqual(learned(byValues(texts)));
  });

  test("dictionaries of any width and nesting of any depth are the same as by their values", () => {
    const wide = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`usr_${at}`, { at }]));
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const nested = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    const texts = [JSON.stringify(wide), deep, nested, deep, JSON.stringify(wide)];
    expect(learned(byTexts(texts))).toEqual(learned(byValues(texts)));
  });

  test("names that are data at one place do not disturb another", () => {
    const texts = Array.from({ length: 1000 }, (_, at) =>
      JSON.stringify({
        id: at,
        metadata: { [`order_${at}`]: at, note: "x" },
        [at % 2 ? "odd" : "even"]: { at },
      }),
    );
    expect(learned(byTexts(texts))).toEqual(learned(byValues(texts)));
  });
});
