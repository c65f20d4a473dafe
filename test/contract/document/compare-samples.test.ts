import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareSamples } from "../../../src/contract/document/compare-samples.ts";
import { compareSchemaDocuments } from "../../../src/contract/document/compare-schemas.ts";
import { loadDocument } from "../../../src/contract/document/load.ts";

async function load(name: string, text: string) {
  const cwd = await mkdtemp(join(tmpdir(), "integ-samples-"));
  await writeFile(join(cwd, name), text);
  const readFile = async () => Buffer.from(text);
  return loadDocument(name, { cwd, readFile, readUrl: readFile });
}

const lines = (...ids: string[]) => ids.map((id) => `{"id": ${id}}`).join("\n\n");

test.each([
  ["one document", '{"id": 1}', '{"id": 9223372036854775807}', "warning"],
  ["one on each line", lines("1", "2", "3"), lines("4", "9223372036854775807"), "error"],
])(
  "an integer that JavaScript reads as another number is seen in files of samples: %s",
  async (_, before, after, severity) => {
    const findings = compareSamples(await load("old.json", before), await load("new.json", after), {});
    expect(findings.map((one) => [one.rule, one.path, one.severity])).toEqual([
      ["contract/unsafe-integer", "$.id", severity],
    ]);
  },
);

test("long integers that are held exactly, and digits in texts, are nothing", async () => {
  const before = await load("old.json", lines("1", "2", "3"));
  const after = await load("new.json", '{"id": 9007199254740992}\n{"id": 5, "note": "9223372036854775807"}');
  const rules = compareSamples(before, after, {}).map(({ rule }) => rule);
  expect(rules).toEqual(["contract/property-added"]);
});

/** A schema in ten thousand brackets of `allOf`. */
const nested = (type: string) =>
  `{"properties": {"a": ${'{"allOf": ['.repeat(10_000)}{"type": "${type}"}${"]}".repeat(10_000)}}}`;

test("what is nested too deeply to be read is not taken for the same", async () => {
  const [a, b, c] = [
    await load("a.json", nested("string")),
    await load("b.json", nested("integer")),
    await load("c.json", nested("string")),
  ];
  expect(compareSchemaDocuments(a, b).changes.map(({ rule }) => rule)).toEqual(["contract/not-judged"]);
  expect(compareSchemaDocuments(a, c).changes).toEqual([]);
});
