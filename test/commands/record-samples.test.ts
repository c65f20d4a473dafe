import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answersIn, textsIn } from "../../src/commands/record/samples.ts";
import type { Sample } from "../../src/contract/judge.ts";

let cwd = "";
const notes: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "integ-samples-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function valuesOf(text: string): Promise<unknown[]> {
  writeFileSync(join(cwd, "a.json"), text);
  const io = { streamStdin: async function* () {}, note: (line: string) => notes.push(line) };
  const values: unknown[] = [];
  const { samples } = answersIn(["a.json"], { cwd, io }, { again: false });
  for await (const { body } of samples) {
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
  ["", "a.json is empty"],
  [" \n\n", "a.json is empty"],
  ['{"a":', "a.json:1:6 is not valid JSON"],
  ['{\n"a":\n', "a.json:2:5 is not valid JSON"],
  ['\n{\n\n"a":\n', "a.json:4:5 is not valid JSON"],
  ['\n\n{"a"', "a.json:3:5 is not valid JSON"],
  ['{"a":1}\n\n{"a"\n{"a":2}', "a.json:3:5 is not valid JSON"],
  ['{\n"a": NaN,\n"b": 1\n}\n', "a.json:2:6 is not valid JSON"],
  ['{\n"a": [1, undefined],\n"at position 1": 1\n}\n', "a.json:2:10 is not valid JSON"],
  ['{\n"a" = 1,\n"b": 1\n}\n', "a.json:2:5 is not valid JSON"],
  ["{\n'a': 1,\n\"b\": 1\n}\n", "a.json:2:1 is not valid JSON"],
  ['{\n"a": 1 /* one */,\n"b": 1\n}\n', "a.json:2:8 is not valid JSON"],
  ['\u001e{"a":1}\n\u001e{"a":2}\n', "a.json:1:1 is not valid JSON"],
])("%j is refused with the place where it stops being JSON", async (text, message) => {
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

test.each([true, false])(
  "answers of files can be read again, those of standard input where that is wanted: %s",
  async (again) => {
    writeFileSync(join(cwd, "a.json"), '{"a":1}\n{"a":2}');
    let asked = 0;
    const io = {
      streamStdin: async function* () {
        if (asked++ > 0) return;
        yield Buffer.from('{"a":3}\n{"a"');
        yield Buffer.from(":4}");
      },
      note: () => {},
    };
    const valuesIn = async (samples: AsyncIterable<Sample>) => {
      const values: unknown[] = [];
      for await (const { body } of samples) values.push(body.kind === "json" && body.value);
      return values;
    };
    const { samples } = answersIn(["a.json", "-"], { cwd, io }, { again });
    expect(await valuesIn(samples)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }]);
    if (again) expect(await valuesIn(samples)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }]);
    else await expect(valuesIn(samples)).rejects.toThrow("standard input is empty");
  },
);

test("standard input is learned from while it comes", async () => {
  const events: string[] = [];
  const io = {
    streamStdin: async function* () {
      for (const name of ["a", "b", "c"]) {
        events.push(`${name} comes`);
        yield Buffer.from(`"${name}1"\n"${name}2"\n`);
      }
    },
    note: () => {},
  };
  for await (const texts of textsIn(["-"], { cwd, io })) events.push(texts.map(({ text }) => text).join());
  expect(events).toEqual(["a comes", '"a1","a2"', "b comes", '"b1","b2"', "c comes", '"c1","c2"']);
});

test("what is no UTF-8 is refused with its line, and standard input is taken once", async () => {
  const bytes = Buffer.concat([Buffer.from('{"a":"é"}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]);
  const io = {
    streamStdin: async function* () {
      yield bytes;
    },
    note: () => {},
  };
  const reads = async (files: string[]) => {
    for await (const _ of answersIn(files, { cwd, io }, { again: false }).samples);
  };
  await expect(reads(["-"])).rejects.toThrow("standard input:2 is not UTF-8 text");
  writeFileSync(join(cwd, "latin1.ndjson"), bytes);
  await expect(reads(["latin1.ndjson"])).rejects.toThrow("latin1.ndjson:2 is not UTF-8 text");
  await expect(reads(["-", "a.json", "-"])).rejects.toThrow("Standard input can be read once");
});
