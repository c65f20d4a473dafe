import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { samplesFrom } from "../../src/commands/record/samples.ts";

let cwd = "";
const notes: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "integ-samples-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function valuesOf(text: string): Promise<unknown[]> {
  writeFileSync(join(cwd, "a.json"), text);
  const io = { readStdin: async () => "", note: (line: string) => notes.push(line) };
  const values: unknown[] = [];
  for await (const { body } of samplesFrom(["a.json"], { cwd, io })) {
    values.push(body.kind === "json" ? body.value : body);
  }
  return values;
}

const long = "é".repeat(200_000);

test.each<[string, string, unknown[]]>([
  ["one document on several lines", '{\n  "a": [\n    1\n  ]\n}\n', [{ a: [1] }]],
  [
    "one on each line, with empty lines and a byte order mark",
    '\ufeff{"a":1}\r\n\n{"a":2}\n',
    [{ a: 1 }, { a: 2 }],
  ],
  [
    "a line separator of Unicode inside a text",
    '{"a":"x\u2028y"}\n{"a":"z"}',
    [{ a: "x\u2028y" }, { a: "z" }],
  ],
  [
    "lines longer than what is read at once",
    `{"a":"${long}"}\n{"a":"${long}b"}`,
    [{ a: long }, { a: `${long}b` }],
  ],
  ["a single scalar", "null", [null]],
])("samples are read as they come: %s", async (_, text, values) => {
  expect(await valuesOf(text)).toEqual(values);
});

test.each([
  ["", "a.json:1 is not valid JSON"],
  ['{"a":', "a.json:1 is not valid JSON"],
  ['{\n"a":\n', "a.json:2 is not valid JSON"],
  ['\n{\n\n"a":\n', "a.json:4 is not valid JSON"],
  ['\n\n{"a"', "a.json:3 is not valid JSON"],
  ['{"a":1}\n\n{"a"\n{"a":2}', "a.json:3 is not valid JSON"],
])("%j is refused with the line where it stops being JSON", async (text, message) => {
  await expect(valuesOf(text)).rejects.toThrow(message);
});

test.each([
  ["--from-openapi", '{"openapi":"3.1.0","paths":{}}'],
  ["--from-har", '{"log":{"entries":[]}}'],
])("a document that %s is for is recorded as an answer, and that is said", async (flag, text) => {
  notes.length = 0;
  expect(await valuesOf(`${text}\n${text}\n`)).toHaveLength(2);
  expect(notes).toEqual([expect.stringContaining(flag)]);
  notes.length = 0;
  await valuesOf('{"openapi":null,"log":{"entries":1}}'.replace('"openapi":null,', ""));
  expect(notes).toEqual([]);
});

test("answers can be read again, those of standard input too", async () => {
  writeFileSync(join(cwd, "a.json"), '{"a":1}\n{"a":2}');
  let asked = 0;
  const io = { readStdin: async () => (asked++ === 0 ? '{"a":3}' : ""), note: () => {} };
  const samples = samplesFrom(["a.json", "-"], { cwd, io });
  for (let time = 0; time < 2; time++) {
    const values: unknown[] = [];
    for await (const { body } of samples) values.push(body.kind === "json" && body.value);
    expect(values).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  }
});
