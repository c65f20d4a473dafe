import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { quickSource } from "../../src/config/quick-source.ts";
import { parseSource } from "../../src/config/source.ts";

const same = (text: string) => {
  const [quick, slow] = [quickSource("f.yaml", text), parseSource("f.yaml", text)];
  expect({ value: quick.value, problems: quick.problems }).toEqual({
    value: slow.value,
    problems: slow.problems,
  });
  for (const part of ["key", "value"] as const) {
    const place = { path: ["endpoints", "e1"], part };
    expect(quick.locate(place)).toEqual(slow.locate(place));
  }
};

test("presets and examples are read as the parser that knows places reads them", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const files = ["templates", "examples", "test/golden"].flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml") && !file.includes("node_modules"))
      .map((file) => join(root, directory, file)),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) same(readFileSync(file, "utf8"));
});

test.each([
  "a: -0\nb: +0\nc: -0.0\nd: -00",
  "a: 1_000\nb: 0b1\nc: -0x1f\nd: 0o17\ne: 017\nf: +1\ng: 1e3\nh: .5\ni: 1.\nj: .inf",
  "a: yes\nb: 2027-01-01\nc: ~\nd:\ne: Null\nf: TRUE\ng: 12:30:45",
  "? a\n: b",
  "[a]: b",
  "{ [a]: b }",
  ": a",
  "null: a",
  "~: a",
  "1: a\n1.0: b",
  "true: a",
  "a: &x { b: 1 }\nc: *x",
  "a: !!str 1",
  "a: |\n  text\n  more",
  "a: >-\n  text\n  more",
  "<<: { a: 1 }\nb: 2",
  "a: 1\na: 2",
  "---\na: 1\n---\nb: 2",
  "a: 1\n...\n",
  "a:\tb",
  "__proto__: { a: 1 }",
  "a: [\n1\n]",
  "a: { b: 1\n}",
  "a: 'it''s'\nb: \"\\u0041\\n\"\nc: a b\n  c",
  "a: b: c",
  "a: 'open",
  "a\r\nb: 1",
  "a: 1\rb: 2",
  "- a\n- b",
  "text",
  "",
  "a: @b",
  "a: %b",
  "a: {b:c, d: e}",
  "a: [b, , c]",
  "a: -\n",
  "a: # c\n  b",
  "endpoints:\n  e1: { request: GET /x?a=1&b=*, budget: { p95: 1% } } # c",
])("%j is read the same way, or refused the same way", (text) => {
  same(text);
  same(`\ufeff${text}\n`);
});

test("whatever is written as YAML is read the same way", () => {
  const word = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      "null",
      "1_0",
      "~",
      "- a",
      "a: b",
      "#",
      "GET /x?a=b&c",
      "0x1",
      "yes",
      "*",
      "^(a|b)_",
      "20%",
    ),
  );
  const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true }));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.dictionary(word, tie("tree"), { maxKeys: 4 }),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  const flow = fc.constantFrom("flow" as const, "block" as const);
  fc.assert(
    fc.property(fc.dictionary(word, tree, { maxKeys: 4 }), flow, (value, collectionStyle) => {
      same(stringify(value, { collectionStyle, lineWidth: 40 }));
    }),
    { numRuns: 300 },
  );
});
