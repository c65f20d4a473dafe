import { describe, expect, test } from "vitest";
import { accepts } from "../../../src/contract/accepts.ts";
import { DIALECTS } from "../../../src/contract/document/dialect.ts";
import { readSchema } from "./support.ts";

type DialectName = keyof typeof DIALECTS;

interface Case {
  what: string;
  dialect: DialectName;
  schema: unknown;
  accepted: unknown[];
  refused: unknown[];
}

const row = (
  what: string,
  dialect: DialectName,
  schema: unknown,
  accepted: unknown[],
  refused: unknown[],
): Case => ({
  what,
  dialect,
  schema,
  accepted,
  refused,
});

const CASES: Case[] = [
  row("boolean exclusiveMinimum", "draft-04", { minimum: 5, exclusiveMinimum: true }, [6, "x"], [5]),
  row("numeric exclusiveMaximum", "draft-06", { exclusiveMaximum: 5 }, [4], [5]),
  row("the tighter of both bounds", "2020-12", { minimum: 5, exclusiveMinimum: 4 }, [5], [4.5]),
  row(
    "boolean exclusive bound",
    "openapi-3.0",
    { type: "number", maximum: 5, exclusiveMaximum: true },
    [4],
    [5],
  ),
  row("const is unknown to draft 4", "draft-04", { const: 1 }, [1, 2], []),
  row("const", "draft-06", { const: { a: [1] } }, [{ a: [1] }], [{ a: [2] }, { a: [1], b: 1 }, 1]),
  row("if is unknown to draft 6", "draft-06", { if: true, [["th", "en"].join("")]: false }, [1], []),
  row(
    "if",
    "draft-07",
    { if: { type: "string" }, [["th", "en"].join("")]: { minLength: 2 }, else: false },
    ["ab"],
    ["a", 1],
  ),
  row(
    "dependencies, both forms",
    "draft-07",
    { dependencies: { a: ["b"], c: { required: ["d"] } } },
    [{ a: 1, b: 1 }, {}],
    [{ a: 1 }, { c: 1 }],
  ),
  row(
    "dependentRequired and dependentSchemas",
    "2019-09",
    { dependentRequired: { a: ["b"] }, dependentSchemas: { c: { required: ["d"] } } },
    [{}, { c: 1, d: 1 }],
    [{ a: 1 }, { c: 1 }],
  ),
  row("dependencies is no keyword any more", "2020-12", { dependencies: { a: ["b"] } }, [{ a: 1 }], []),
  row(
    "tuple by items and additionalItems",
    "draft-07",
    { items: [{ type: "string" }], additionalItems: false },
    [["a"], []],
    [[1], ["a", "b"]],
  ),
  row(
    "tuple by prefixItems",
    "2020-12",
    { prefixItems: [{ type: "string" }], items: { type: "number" } },
    [["a", 1]],
    [["a", "b"]],
  ),
  row("prefixItems is unknown to 2019-09", "2019-09", { prefixItems: [{ type: "string" }] }, [[1]], []),
  row(
    "contains with its bounds",
    "2020-12",
    { contains: { const: 1 }, minContains: 2, maxContains: 3 },
    [
      [1, 1],
      [1, 1, 1, 2],
    ],
    [[1], [1, 1, 1, 1]],
  ),
  row(
    "minContains is unknown to draft 7",
    "draft-07",
    { contains: { const: 1 }, minContains: 2 },
    [[1]],
    [[2]],
  ),
  row("propertyNames", "draft-06", { propertyNames: { pattern: "^x" } }, [{ xa: 1 }], [{ a: 1 }]),
  row(
    "patternProperties and additionalProperties",
    "2020-12",
    { patternProperties: { "^n": { type: "number" } }, additionalProperties: { type: "string" } },
    [{ n1: 1, a: "b" }],
    [{ n1: "1" }, { a: 1 }],
  ),
  row(
    "unevaluatedProperties over allOf",
    "2020-12",
    { allOf: [{ properties: { a: true } }], properties: { b: true }, unevaluatedProperties: false },
    [{ a: 1, b: 1 }],
    [{ c: 1 }],
  ),
  row(
    "unevaluatedProperties over anyOf, per alternative",
    "2020-12",
    {
      anyOf: [
        { properties: { a: { const: 1 } }, required: ["a"] },
        { properties: { b: true }, required: ["b"] },
      ],
      unevaluatedProperties: false,
    },
    [{ a: 1 }, { b: 2 }],
    [
      { a: 1, c: 1 },
      { b: 1, c: 1 },
    ],
  ),
  row(
    "unevaluatedItems",
    "2020-12",
    { allOf: [{ prefixItems: [true] }], unevaluatedItems: false },
    [[1]],
    [[1, 2]],
  ),
  row(
    "unevaluatedProperties says nothing before 2019-09",
    "draft-07",
    { unevaluatedProperties: false },
    [{ a: 1 }],
    [],
  ),
  row("lists of types", "2020-12", { type: ["string", "null"] }, ["a", null], [1]),
  row("integers are numbers without a fraction", "2020-12", { type: "integer" }, [1, 1.0, -3], [1.5, "1"]),
  row("decimal fractions as written", "2020-12", { multipleOf: 0.01 }, [0.07, 19.99, 3], [0.005]),
  row("length in code points", "2020-12", { type: "string", maxLength: 1 }, ["😀", "a"], ["ab"]),
  row("boolean schemas", "2020-12", { properties: { a: false, b: true } }, [{ b: 1 }, {}], [{ a: 1 }]),
  row("not", "2020-12", { not: { type: "null" } }, [1, "a"], [null]),
  row(
    "enum of any kind",
    "2020-12",
    { enum: [null, 1, "a", true, [1], { a: 1 }] },
    [null, 1, "a", true, [1], { a: 1 }],
    [2, "b", false, [2], {}],
  ),
  row("enum beside type", "2020-12", { type: "string", enum: ["a", 1] }, ["a"], [1]),
  row(
    "additionalProperties of a member closes the whole",
    "2020-12",
    { allOf: [{ properties: { a: true }, additionalProperties: false }, { properties: { b: true } }] },
    [{ a: 1 }],
    [{ b: 1 }],
  ),
  row(
    "siblings of $ref are ignored",
    "draft-07",
    { definitions: { s: { type: "string" } }, properties: { a: { $ref: "#/definitions/s", maxLength: 1 } } },
    [{ a: "long" }],
    [{ a: 1 }],
  ),
  row(
    "siblings of $ref hold",
    "2019-09",
    { $defs: { s: { type: "string" } }, properties: { a: { $ref: "#/$defs/s", maxLength: 1 } } },
    [{ a: "l" }],
    [{ a: "long" }],
  ),
  row("nullable", "openapi-3.0", { type: "string", nullable: true }, ["a", null], [1]),
  row(
    "nullable beside an enum",
    "openapi-3.0",
    { type: "string", nullable: true, enum: ["a"] },
    ["a", null],
    ["b"],
  ),
  row(
    "nullable beside allOf",
    "openapi-3.0",
    { nullable: true, allOf: [{ type: "string" }] },
    ["a", null],
    [1],
  ),
  row("nullable is no keyword of JSON Schema", "2020-12", { type: "string", nullable: true }, ["a"], [null]),
  row("x-nullable", "openapi-2.0", { type: "integer", "x-nullable": true }, [1, null], ["a"]),
  row(
    "properties without a type are objects",
    "openapi-3.0",
    { properties: { a: { type: "string" } } },
    [{}, { a: "b" }],
    ["text", null],
  ),
  row(
    "properties without a type say nothing of others",
    "2020-12",
    { properties: { a: { type: "string" } } },
    [{}, "text", null],
    [{ a: 1 }],
  ),
  row(
    "a base with typed additionalProperties",
    "openapi-3.0",
    {
      allOf: [
        { type: "object", additionalProperties: { type: "string" } },
        { type: "object", properties: { n: { type: "number" } } },
      ],
    },
    [{ n: 1, s: "x" }],
    [{ s: 1 }],
  ),
  row("x-extensible-enum", "openapi-3.0", { type: "string", "x-extensible-enum": ["a"] }, ["a", "b"], [1]),
  row("type: file", "openapi-2.0", { type: "file" }, ["bytes"], [1]),
];

describe("every dialect", () => {
  test.each(CASES)("$dialect: $what", ({ dialect, schema, accepted, refused }) => {
    const { shape } = readSchema(schema, DIALECTS[dialect]);
    expect(accepted.filter((value) => !accepts(shape, value))).toEqual([]);
    expect(refused.filter((value) => accepts(shape, value))).toEqual([]);
  });

  test("$schema decides, whatever was expected", () => {
    const schema = { $schema: "http://json-schema.org/draft-04/schema#", const: 1 };
    expect(accepts(readSchema(schema).shape, 2)).toBe(true);
  });
});

describe("mistakes of real documents are problems with a place", () => {
  test.each([
    ["type in capitals", { type: "String" }, "document/unknown-type", "/type", ["a"], [1]],
    ["an unknown type", { type: "money" }, "document/unknown-type", "/type", ["a", 1], []],
    [
      "required: true at a property",
      { properties: { a: { type: "string", required: true } } },
      "document/required-flag",
      "/properties",
      [{ a: "x" }],
      [{}],
    ],
    [
      "a bound as text",
      { type: "number", maximum: "100" },
      "document/wrong-keyword-type",
      "/maximum",
      [99],
      [101],
    ],
    [
      "properties as a list",
      { type: "object", properties: [] },
      "document/wrong-keyword-type",
      "/properties",
      [{ a: 1 }],
      ["a"],
    ],
    [
      "a schema that is text",
      { type: "array", items: "string" },
      "document/no-schema",
      "/items",
      [[1], ["a"]],
      [1],
    ],
    [
      "a reference that leads nowhere",
      { properties: { a: { $ref: "#/nowhere" } } },
      "document/unresolved-reference",
      "/properties/a/$ref",
      [{ a: 1 }],
      [],
    ],
    [
      "a reference that is no text",
      { properties: { a: { $ref: 1 } } },
      "document/unreadable-schema",
      "/properties/a",
      [{ a: 1 }],
      [],
    ],
    [
      "allOf that is no list",
      { type: "string", allOf: {} },
      "document/wrong-keyword-type",
      "/allOf",
      ["a"],
      [1],
    ],
    [
      "an enum of numbers for strings",
      { type: "string", enum: [1, 2] },
      "document/enum-type",
      "/enum",
      ["1"],
      ["3", 1],
    ],
    ["an empty enum", { type: "string", enum: [] }, "document/empty-enum", "/enum", ["a"], [1]],
    [
      "items as a list",
      { type: "array", items: [{ type: "string" }] },
      "document/items-list",
      "/items",
      [["a"]],
      [[1]],
    ],
    [
      "a pattern of another language",
      { type: "string", pattern: "(?P<x>a" },
      "document/unknown-pattern",
      "/pattern",
      ["b"],
      [1],
    ],
  ])("%s", (_, schema, code, pointer, accepted, refused) => {
    const { shape, problems } = readSchema(schema, DIALECTS["openapi-3.0"]);
    expect(problems.map((problem) => [problem.code, problem.source.pointer])).toContainEqual([code, pointer]);
    expect(accepted.filter((value) => !accepts(shape, value))).toEqual([]);
    expect(refused.filter((value) => accepts(shape, value))).toEqual([]);
  });

  test("descriptions and titles of any type are no problem", () => {
    expect(readSchema({ type: "string", description: 5, title: ["x"] }).problems).toEqual([]);
  });
});

describe("alternatives", () => {
  const cat = {
    type: "object",
    properties: { kind: { const: "cat" }, lives: { type: "integer" } },
    required: ["kind"],
  };
  const dog = { type: "object", properties: { kind: { enum: ["dog", "puppy"] } }, required: ["kind"] };

  test("a property that tells them apart is their tag", () => {
    const { shape } = readSchema({ oneOf: [cat, dog] });
    expect([shape.tag, shape.objects.map(({ variant }) => variant)]).toEqual(["kind", ["cat", "dog|puppy"]]);
  });

  test("a discriminator's mapping names the variants", () => {
    const root = {
      openapi: "3.0.0",
      components: { schemas: { Cat: { type: "object" }, Dog: { type: "object" } } },
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }],
      discriminator: { propertyName: "type", mapping: { c: "#/components/schemas/Cat", k: "Cat" } },
    };
    const { shape } = readSchema(root, DIALECTS["openapi-3.0"]);
    expect([shape.tag, shape.objects.map(({ variant }) => variant)]).toEqual(["type", ["c|k", "Dog"]]);
  });

  test("a base that lists its children, which refer back to it", () => {
    const schemas = {
      Pet: {
        oneOf: [{ $ref: "#/$defs/Cat" }, { $ref: "#/$defs/Dog" }],
        properties: { name: { type: "string" } },
      },
      Cat: { allOf: [{ $ref: "#/$defs/Pet" }, cat] },
      Dog: { allOf: [{ $ref: "#/$defs/Pet" }, dog] },
    };
    for (const entry of ["Pet", "Cat"]) {
      const { shape } = readSchema({ $defs: schemas, $ref: `#/$defs/${entry}` });
      expect(accepts(shape, { kind: "cat", name: "Tom" })).toBe(true);
      expect(accepts(shape, { kind: "cat", name: 1 })).toBe(false);
    }
  });

  test("known values beside any string are values to which more will be added", () => {
    const { shape } = readSchema({ anyOf: [{ type: "string" }, { enum: ["a", "b"] }] });
    expect(shape.strings).toMatchObject([{ extensible: true }]);
    expect(accepts(shape, "c")).toBe(true);
  });
});
