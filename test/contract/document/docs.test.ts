import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { KEYWORDS } from "../../../src/contract/document/keywords.ts";
import { ruleOf } from "../../../src/contract/rules/table.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** Cells of the table rows that begin with a code word. */
const rows = (text: string) =>
  [...text.matchAll(/^\| `([^`]+)` *\|(.*)\|$/gm)].map(([, word = "", rest = ""]) => ({
    word,
    cells: rest.split("|").map((cell) => cell.trim()),
  }));

describe("docs/json-schema-support.md", () => {
  test("has a row for each keyword that the reader knows, and says of it what the reader does", () => {
    const documented = rows(read("docs/json-schema-support.md")).filter(({ cells }) => cells.length === 3);
    expect(documented.map(({ word }) => word)).toEqual([...KEYWORDS.keys()]);
    for (const { word, cells } of documented) {
      expect([word, cells[1], cells[2]]).toEqual([
        word,
        KEYWORDS.get(word)?.support,
        KEYWORDS.get(word)?.how ?? "",
      ]);
    }
  });

  test("knows every keyword of 2020-12", () => {
    const vocabulary = [
      "$schema $id $ref $anchor $dynamicRef $dynamicAnchor $defs $comment $vocabulary",
      "allOf anyOf oneOf not if then else dependentSchemas prefixItems items contains properties patternProperties",
      "additionalProperties propertyNames unevaluatedItems unevaluatedProperties",
      "type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern",
      "maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired",
      "format contentEncoding contentMediaType contentSchema",
      "title description default deprecated readOnly writeOnly examples",
    ].flatMap((line) => line.split(" "));
    expect(vocabulary.filter((word) => !KEYWORDS.has(word))).toEqual([]);
  });
});

describe("docs/rules-oasdiff.md", () => {
  const table = rows(read("docs/rules-oasdiff.md")).map(({ word, cells }) => ({
    id: word,
    ours: cells[2] ?? "",
  }));

  test("has each of the 509 checks once", () => {
    expect(table).toHaveLength(509);
    expect(new Set(table.map(({ id }) => id)).size).toBe(509);
  });

  test("every rule on the right exists, and every row without one says why", () => {
    for (const { id, ours } of table) {
      const rules = [...ours.matchAll(/`(contract\/[a-z-]+)`/g)].map(([, rule = ""]) => rule);
      expect(
        rules.filter((rule) => !ruleOf(rule)),
        id,
      ).toEqual([]);
      expect(rules.length > 0 || /^not reported, because \w/.test(ours), id).toBe(true);
    }
  });

  const facts = new URL("../../../../shared/data/oasdiff_checks.tsv", import.meta.url);
  test.runIf(existsSync(facts))("lists exactly the checks of oasdiff's own table", () => {
    const ids = readFileSync(facts, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("\t")[0]);
    expect(table.map(({ id }) => id)).toEqual(ids);
  });
});
