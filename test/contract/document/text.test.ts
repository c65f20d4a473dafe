import { describe, expect, test } from "vitest";
import { parseText } from "../../../src/contract/document/text/parse.ts";

const parse = (text: string, hint?: "json" | "yaml") => parseText(Buffer.from(text), hint);

async function mistake(text: string, hint?: "json" | "yaml") {
  const parsed = await parse(text, hint);
  if (parsed.ok) throw new Error("it was read");
  const { line, column } = parsed.problem;
  return [line, column];
}

describe("where a text stops being JSON, V8 says it or not", () => {
  test.each([
    ['{"a": x}', [1, 7]],
    ['{"a": 1,\n "b": nul}', [2, 7]],
    ['{"a": 1,\n "b": NaN}', [2, 7]],
    ['{\n"a": [1, 2 3]}', [2, 12]],
    ['{"a": 1,}', [1, 9]],
    ["[1,\n2,]", [2, 3]],
    ["[1, 2]]", [1, 7]],
    ['{"a": 01}', [1, 8]],
    ['{"a"\n: {"b": [}}', [2, 10]],
    ['{"a" 1}', [1, 6]],
    ["{'a': 1}", [1, 2]],
    ['{"a": "\\x"}', [1, 9]],
    ['{"a": 1', [1, 8]],
    ['{"é😀": x}', [1, 9]],
    ['{"a": 1} trailing', [1, 10]],
  ])("%j", async (text, place) => {
    expect(await mistake(text, "json")).toEqual(place);
  });
});

describe("places of values", () => {
  test("are lines and columns in the text as people see it, whatever its characters take in bytes", async () => {
    const parsed = await parse('{"é": "😀", "a": {"b": 1},\n "ü": 1, "c": [1, {"d": 2}]}');
    if (!parsed.ok) throw new Error(parsed.problem.message);
    expect(parsed.places([["a"], ["a", "b"], ["c", "1", "d"], ["c", "7"], ["ü"], []])).toEqual([
      { line: 1, column: 13 },
      { line: 1, column: 19 },
      { line: 2, column: 20 },
      { line: 2, column: 10 },
      { line: 2, column: 2 },
      { line: 1, column: 1 },
    ]);
  });

  test("of NDJSON count the empty lines between", async () => {
    const parsed = await parse('\n{"a": 1}\n\n{"a": 2}\n');
    if (!parsed.ok) throw new Error(parsed.problem.message);
    expect(parsed.value).toEqual([{ a: 1 }, { a: 2 }]);
    expect(parsed.places([["0", "a"], ["1"]])).toEqual([
      { line: 2, column: 1 },
      { line: 4, column: 1 },
    ]);
  });

  test("of a key that stands twice are those of the second one", async () => {
    const parsed = await parse('{"é": 1,\n "a": 1, "é": 2}');
    expect(parsed).toMatchObject({
      ok: true,
      value: { é: 2, a: 1 },
      problems: [{ code: "document/repeated-key", line: 2, column: 10 }],
    });
  });
});
