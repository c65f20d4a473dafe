import { describe, expect, test } from "vitest";
import { DIALECTS } from "../../../src/contract/document/dialect.ts";
import type { JsonObject } from "../../../src/contract/document/json.ts";
import { Library } from "../../../src/contract/document/library.ts";
import { Sameness } from "../../../src/contract/document/sameness.ts";

const library = (root: JsonObject, dialect = DIALECTS["2020-12"]) =>
  new Library(dialect, { uri: "file:///a.json", file: "a.json", root });

function same(a: JsonObject, b: JsonObject): boolean {
  const [before, after] = [library(a), library(b)];
  const at = ({ entry }: Library) => ({
    value: (entry.value as JsonObject)["use"],
    place: entry.place.at("use"),
  });
  return new Sameness(before, after).same(at(before), at(after));
}

const use = { $ref: "#/$defs/a" };
const ring = (leaf: unknown) => ({
  use,
  $defs: {
    a: { properties: { b: { $ref: "#/$defs/b" } } },
    b: { properties: { a: { $ref: "#/$defs/a" }, leaf } },
  },
});

describe("schemas that are written the same", () => {
  test.each<[string, JsonObject, JsonObject, boolean]>([
    [
      "equal, with other descriptions",
      { use: { type: "string", description: "a" } },
      { use: { description: "b", type: "string" } },
      true,
    ],
    [
      "a property called description",
      { use: { properties: { description: { type: "string" } } } },
      { use: { properties: { description: { type: "number" } } } },
      false,
    ],
    ["a keyword more", { use: { type: "string" } }, { use: { type: "string", minLength: 1 } }, false],
    ["a keyword less", { use: { type: "string", minLength: 1 } }, { use: { type: "string" } }, false],
    ["another order of a list", { use: { enum: [1, 2] } }, { use: { enum: [2, 1] } }, false],
    ["a ring of references", ring({ type: "string" }), ring({ type: "string" }), true],
    ["a difference at the end of a ring", ring({ type: "string" }), ring({ type: "number" }), false],
    ["references that lead nowhere", { use: { $ref: "#/no" } }, { use: { $ref: "#/no" } }, false],
    [
      "schemas with a scope of their own",
      { use: { $id: "x", type: "string" } },
      { use: { $id: "x", type: "string" } },
      false,
    ],
  ])("%s", (_, a, b, expected) => {
    expect(same(a, b)).toBe(expected);
    expect(same(b, a)).toBe(expected);
  });

  test("the same words in another dialect are not the same", () => {
    const root = { use: { minimum: 1, exclusiveMinimum: true } };
    const [before, after] = [library(root, DIALECTS["openapi-3.0"]), library(root, DIALECTS["openapi-3.1"])];
    const at = ({ entry }: Library) => ({ value: root.use, place: entry.place.at("use") });
    expect(new Sameness(before, after).same(at(before), at(after))).toBe(false);
  });
});
