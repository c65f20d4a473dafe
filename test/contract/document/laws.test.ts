import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accepts } from "../../../src/contract/accepts.ts";
import type { JsonObject } from "../../../src/contract/document/json.ts";
import { readSchema } from "./support.ts";

/** Few names and values, so that schemas and values meet. */
const name = fc.constantFrom("a", "b", "c", "xa", "__proto__x");
const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 2.5, 10, -3, "", "a", "b", "xyz", "abcd");

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(name, tie("any"), { maxKeys: 4 }),
  ),
})).any;

const record = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });

const numbers = record({
  type: fc.constantFrom("number", "integer"),
  minimum: fc.constantFrom(0, 1, 2),
  exclusiveMaximum: fc.constantFrom(2, 3, 10),
  multipleOf: fc.constantFrom(1, 2, 0.5),
});
const strings = record({
  type: fc.constant("string"),
  minLength: fc.constantFrom(0, 1, 2),
  maxLength: fc.constantFrom(1, 3),
  pattern: fc.constantFrom("^a", "b", "z$"),
});
const array = {
  type: fc.constant("array"),
  minItems: fc.constantFrom(0, 1),
  maxItems: fc.constantFrom(1, 2),
  uniqueItems: fc.boolean(),
};
const types = fc.record({
  type: fc.uniqueArray(fc.constantFrom("null", "boolean", "number", "integer", "string", "array", "object"), {
    minLength: 1,
    maxLength: 3,
  }),
});

/** Schemas that are judged exactly: what only restricts, and unions of it. `extra` adds keywords that unions can only approximate. */
function schemas(extra: boolean) {
  return fc.letrec<{ any: unknown; objects: JsonObject; arrays: JsonObject; composed: JsonObject }>((tie) => {
    const refs = fc.constantFrom({ $ref: "#/$defs/node" }, { $ref: "#/$defs/leaf" });
    const conditional = record({
      not: tie("any"),
      if: tie("any"),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: tie("any"),
      else: tie("any"),
      dependentSchemas: fc.dictionary(name, tie("any"), { maxKeys: 2 }),
    });
    return {
      any: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.boolean(),
        numbers,
        strings,
        types,
        fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }) }),
        fc.record({ const: fc.oneof(scalar, fc.constantFrom<unknown>([1], { a: 1 }, [])) }),
        refs,
        tie("objects"),
        tie("arrays"),
        tie("composed"),
        ...(extra ? [conditional] : []),
      ),
      objects: record({
        type: fc.constant("object"),
        properties: fc.dictionary(name, tie("any"), { maxKeys: 3 }),
        required: fc.uniqueArray(name, { maxLength: 2 }),
        additionalProperties: tie("any"),
        patternProperties: fc.dictionary(fc.constant("^x"), tie("any"), { maxKeys: 1 }),
        propertyNames: strings,
        minProperties: fc.constantFrom(0, 1, 2),
        maxProperties: fc.constantFrom(1, 3),
        dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), { maxKeys: 1 }),
      }) as fc.Arbitrary<JsonObject>,
      // Not both at once: ajv accepts an empty array for `prefixItems` with `contains`, and for `contains: false`.
      arrays: fc.oneof(
        record({
          ...array,
          items: tie("any"),
          prefixItems: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
        }),
        record({ ...array, items: tie("any"), contains: fc.oneof(numbers, strings, types) }),
      ) as fc.Arbitrary<JsonObject>,
      composed: fc
        .tuple(
          fc.constantFrom(...(extra ? ["allOf"] : ["allOf", "anyOf"])),
          fc.array(tie("any"), { minLength: 1, maxLength: 3 }),
          fc.oneof(fc.constant({}), tie("objects"), tie("arrays"), types),
        )
        .map(([keyword, members, beside]) => ({ ...beside, [keyword]: members })),
    };
  }).any;
}

const documents = (extra: boolean) =>
  fc.tuple(schemas(extra), schemas(extra)).map(([root, node]) => ({
    $defs: {
      leaf: { type: ["string", "null"] },
      node: { type: "object", properties: { a: { $ref: "#/$defs/node" }, b: node } },
    },
    allOf: [root],
  }));

const ajv = new Ajv2020({ strict: false, logger: false, meta: false, validateSchema: false });

/** What ajv says; `undefined` where it generates code that does not run (a `then` below an `if` that is false). */
function ajvAccepts(schema: JsonObject, candidate: unknown): boolean | undefined {
  try {
    return ajv.validate(schema, candidate);
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  } finally {
    ajv.removeSchema(schema);
  }
}

function verdicts(schema: JsonObject, candidate: unknown): { reference: boolean; ours: boolean } {
  const reference = ajvAccepts(schema, candidate);
  fc.pre(reference !== undefined);
  return { reference, ours: accepts(readSchema(schema).shape, candidate) };
}

describe("a schema read accepts what ajv accepts", () => {
  test("restrictions, intersections, unions, references", () => {
    fc.assert(
      fc.property(documents(false), value, (schema, candidate) => {
        const { reference, ours } = verdicts(schema, candidate);
        expect(ours).toBe(reference);
      }),
      { numRuns: 400 },
    );
  });

  test("conditions: not, if, then, else, dependentSchemas", () => {
    fc.assert(
      fc.property(documents(true), value, (schema, candidate) => {
        const { reference, ours } = verdicts(schema, candidate);
        expect(ours).toBe(reference);
      }),
      { numRuns: 400 },
    );
  });

  test("alternatives of oneOf that overlap: nothing that ajv accepts is refused", () => {
    const members = fc.array(schemas(false), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(members, value, (oneOf, candidate) => {
        const defs = { leaf: { type: "string" }, node: { type: "object" } };
        const { reference, ours } = verdicts({ $defs: defs, oneOf }, candidate);
        expect(!reference || ours).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
