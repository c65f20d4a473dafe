import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Comparer } from "../../../src/contract/compare.ts";
import { compareSchemaDocuments } from "../../../src/contract/document/compare-schemas.ts";
import { DIALECTS } from "../../../src/contract/document/dialect.ts";
import type { JsonObject } from "../../../src/contract/document/json.ts";
import { Library } from "../../../src/contract/document/library.ts";
import { documentOf } from "../../../src/contract/document/load.ts";
import { Problems } from "../../../src/contract/document/problems.ts";
import { SchemaReader } from "../../../src/contract/document/read-schema.ts";
import { SameShapes } from "../../../src/contract/document/same-shapes.ts";
import { Sameness } from "../../../src/contract/document/sameness.ts";
import { documents } from "./arbitrary-schema.ts";

const DIRECTIONS = ["response", "request"] as const;

function open(root: JsonObject) {
  const library = new Library(DIALECTS["2020-12"], { uri: "file:///a.json", file: "a.json", root });
  return { library, reader: new SchemaReader(library, new Problems()) };
}

const rootOf = ({ library }: ReturnType<typeof open>) => library.entry;

/** Both schemas read whole, and every pair of nodes compared. */
function compareAll(a: JsonObject, b: JsonObject, direction: (typeof DIRECTIONS)[number]) {
  const [before, after] = [open(a), open(b)];
  const comparer = new Comparer(direction);
  const [old, fresh] = [before, after].map((side) =>
    side.reader.read(rootOf(side).value, rootOf(side).place),
  );
  const changes = old && fresh ? comparer.changes(old, fresh) : [];
  return { changes: changes.map(({ source: _, ...change }) => change), pairs: comparer.pairs };
}

/** What is written the same is neither read nor compared. */
function compareRest(a: JsonObject, b: JsonObject, direction: (typeof DIRECTIONS)[number]) {
  const [before, after] = [open(a), open(b)];
  const shapes = new SameShapes(before.reader, after.reader, new Sameness(before.library, after.library));
  const comparer = new Comparer(direction, (one, other) => shapes.same(one, other));
  const [old, fresh] = [before, after].map((side) =>
    side.reader.node(rootOf(side).value, rootOf(side).place),
  );
  const changes = old && fresh ? comparer.changes(old, fresh) : [];
  return { changes: changes.map(({ source: _, ...change }) => change), pairs: comparer.pairs };
}

/** A schema, and the same one with some of its parts replaced by those of another. */
const versions = (extra: boolean) =>
  fc
    .tuple(documents(extra), documents(extra), fc.array(fc.nat(40), { maxLength: 3 }))
    .map(([schema, other, places]): [JsonObject, JsonObject] => {
      const next = structuredClone(schema);
      for (const place of places) transplant(next, other, place);
      return [schema, next];
    });

/** Replaces the part at a place, counted through, by what stands at the same key of the other document or by its root. */
function transplant(into: unknown, from: JsonObject, place: number): void {
  let left = place;
  const visit = (value: unknown): boolean => {
    if (typeof value !== "object" || value === null) return false;
    for (const [key, item] of Object.entries(value)) {
      if (left-- === 0) {
        Reflect.set(value, key, Reflect.get(from, key) ?? item);
        if (key === "properties") Reflect.set(value, key, { a: from["allOf"], b: { $ref: "#/$defs/node" } });
        return true;
      }
      if (visit(item)) return true;
    }
    return false;
  };
  visit(into);
}

describe("what is written the same is not looked into", () => {
  test.each([
    ["restrictions, intersections, unions, references", false],
    ["conditions", true],
  ])("and nothing else is found than by comparing everything: %s", (_, extra) => {
    fc.assert(
      fc.property(fc.oneof(versions(extra), fc.tuple(documents(extra), documents(extra))), ([a, b]) => {
        for (const direction of DIRECTIONS) {
          const [all, rest] = [compareAll(a, b, direction), compareRest(a, b, direction)];
          expect(rest.changes).toEqual(all.changes);
          expect(rest.pairs).toBeLessThanOrEqual(all.pairs);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("a change in one of many parts opens that one only", () => {
    const part = (type: string) => ({ type: "object", properties: { list: { items: { type } } } });
    const whole = (type: string) => ({
      properties: {
        changed: part(type),
        ...Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`same${index}`, part("string")])),
        again: { $ref: "#/properties/same1" },
      },
    });
    const { changes, pairs } = compareRest(whole("string"), whole("number"), "response");
    expect(changes.map(({ path }) => path)).toEqual(["$.changed.list[*]"]);
    expect(pairs).toBe(4);
  });

  test("a chain of 20,000 levels that differs at its end is asked about level by level", () => {
    const chain = (leaf: unknown) => {
      let schema: unknown = leaf;
      for (let level = 0; level < 20_000; level++)
        schema = { items: schema, contains: { $ref: "#/$defs/a" } };
      return { allOf: [schema], $defs: { a: { type: "string" } } };
    };
    const { changes } = compareRest(chain({ type: "string" }), chain({ type: "number" }), "response");
    expect(changes.length).toBeLessThanOrEqual(1);
  });
});

/** A schema with so many properties, of which the first is of this type. */
const wide = (type: string, rest = "boolean", count = 10_000) =>
  documentOf(
    {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      properties: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `p${index}`,
          { type: "object", properties: { a: { type: index === 0 ? type : rest } } },
        ]),
      ),
    },
    type,
  );

test("what is written the same in two JSON Schemas is not compared", () => {
  const { changes, pairs } = compareSchemaDocuments(wide("string"), wide("integer"));
  expect(changes.map(({ rule, path }) => [rule, path])).toEqual([["contract/type-changed", "$.p0.a"]]);
  expect(pairs).toBeLessThan(10);
});

test("a comparison that goes on and on can be ended", () => {
  let pauses = 0;
  const give = () => {
    pauses++;
    throw new RangeError("enough");
  };
  const compare = () => compareSchemaDocuments(wide("string"), wide("integer", "null"), "response", give);
  expect(compare).toThrow("enough");
  expect(pauses).toBe(1);
});
