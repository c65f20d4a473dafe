import { describe, expect, test } from "vitest";
import { accepts } from "../../../src/contract/accepts.ts";
import { compareSchemaDocuments } from "../../../src/contract/document/compare-schemas.ts";
import { documentOf } from "../../../src/contract/document/load.ts";
import { parseText } from "../../../src/contract/document/text/parse.ts";
import { readSchema } from "./support.ts";

const compare = (a: unknown, b: unknown) => compareSchemaDocuments(documentOf(a), documentOf(b)).changes;

/** `{ keyword: [{ keyword: [ … ] }] }`, so deep. */
function nested(wrap: (inner: unknown) => unknown, depth: number, innermost: unknown): unknown {
  let schema = innermost;
  for (let level = 0; level < depth; level++) schema = wrap(schema);
  return schema;
}

describe("hostile documents", () => {
  test.each([
    ["properties", (inner: unknown) => ({ properties: { a: inner } })],
    ["items", (inner: unknown) => ({ items: inner })],
    ["not", (inner: unknown) => ({ not: inner })],
    ["additionalProperties", (inner: unknown) => ({ additionalProperties: inner })],
  ])("10,000 levels of %s are read and compared", (_, wrap) => {
    const a = nested(wrap, 10_000, { type: "string" });
    const b = nested(wrap, 10_000, { type: "number" });
    expect(() => compare(a, b)).not.toThrow();
    expect(compare(a, nested(wrap, 10_000, { type: "string" }))).toEqual([]);
  });

  test.each(["allOf", "anyOf", "oneOf"])("10,000 levels of %s: a problem, and no claim", (keyword) => {
    const schema = nested((inner) => ({ [keyword]: [inner, { type: "string" }] }), 10_000, {
      type: "string",
    });
    const { problems } = readSchema(schema);
    expect(problems.map(({ code }) => code)).toContain("document/unreadable-schema");
  });

  test("a chain of 10,000 references", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [`d${i}`, { $ref: `#/$defs/d${i + 1}` }]),
    );
    expect(() =>
      readSchema({ $defs: { ...$defs, d10000: { type: "string" } }, $ref: "#/$defs/d0" }),
    ).not.toThrow();
  });

  test("50,000 properties", () => {
    const properties = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, i) => [`p${i}`, { type: "string" }]),
    );
    const changes = compare(
      { type: "object", properties },
      { type: "object", properties: { ...properties, p7: { type: "number" } } },
    );
    expect(changes.map(({ path }) => path)).toEqual(["$.p7"]);
  });

  test("many unions joined by allOf are not multiplied out, and say so", () => {
    const union = {
      oneOf: Array.from({ length: 40 }, (_, i) => ({
        type: "object",
        properties: { [`k${i}`]: { type: "string" } },
      })),
    };
    const { shape } = readSchema({ allOf: [union, { ...union }, structuredClone(union)] });
    expect(shape.opaque.length).toBeGreaterThan(0);
  });

  test("names that every object inherits are names like any other", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const text = `{"type":"object","properties":{${names.map((name) => `"${name}":{"type":"string"}`).join()}},"required":["__proto__"]}`;
    const { shape } = readSchema(JSON.parse(text));
    expect([...(shape.objects[0]?.properties.keys() ?? [])]).toEqual(names);
    expect(accepts(shape, JSON.parse('{"__proto__":"x"}'))).toBe(true);
    expect(accepts(shape, {})).toBe(false);
    expect(readSchema({ $ref: "#/constructor" }).problems).toHaveLength(1);
    expect(Object.hasOwn(Object.prototype, "type")).toBe(false);
  });

  test("YAML whose aliases make a ring, and one whose aliases would fill the memory", async () => {
    const ring = await parseText(Buffer.from("type: object\nproperties: &p\n  a: {properties: *p}\n"));
    expect(ring.ok).toBe(true);
    if (ring.ok) expect(() => compare(ring.value, ring.value)).not.toThrow();
    const lines = ["a0: &a0 {type: string}"];
    for (let i = 1; i < 40; i++)
      lines.push(`a${i}: &a${i} {anyOf: [*a${i - 1}, *a${i - 1}], not: *a${i - 1}, default: *a${i - 1}}`);
    const bomb = await parseText(Buffer.from(lines.join("\n")));
    expect(bomb.ok).toBe(true);
    if (bomb.ok)
      expect(() =>
        compare({ $defs: bomb.value, $ref: "#/$defs/a39" }, { $defs: bomb.value, $ref: "#/$defs/a38" }),
      ).not.toThrow();
  });

  test("every keyword with a value of every wrong type is read", () => {
    const wrong = [null, 1, "text", true, [], {}, [null], { a: null }, Number.NaN];
    const words =
      "type enum const multipleOf maximum exclusiveMaximum minLength pattern items prefixItems contains minContains properties patternProperties additionalProperties propertyNames required dependentRequired dependentSchemas allOf anyOf oneOf not if discriminator nullable format $ref $id $anchor $dynamicRef deprecated default x-sunset x-extensible-enum unevaluatedProperties".split(
        " ",
      );
    for (const word of words)
      for (const value of wrong) expect(() => readSchema({ [word]: value })).not.toThrow();
  });
});

test.each([
  ["now", { type: "object", properties: { a: { type: "string" } } }, { $ref: "#/$defs/gone" }],
  ["no longer", { $ref: "#/$defs/gone" }, { type: "string" }],
])("what cannot be read %s is not known, and no change of types or properties", (_, before, after) => {
  const around = (p: unknown) => ({ type: "object", properties: { p } });
  expect(compare(around(before), around(after)).map(({ rule, path }) => [rule, path])).toEqual([
    ["contract/not-judged", "$.p"],
  ]);
});
