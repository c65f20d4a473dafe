import fc from "fast-check";
import type { JsonObject } from "../../../src/contract/document/json.ts";

/** Few names and values, so that schemas and values meet. */
const name = fc.constantFrom("a", "b", "c", "xa", "__proto__x");
const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 2.5, 10, -3, "", "a", "b", "xyz", "abcd");

export const value = fc.letrec((tie) => ({
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
export function schemas(extra: boolean) {
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

/** Schemas with a definition that refers to itself. `extra` as for `schemas`. */
export const documents = (extra: boolean) =>
  fc.tuple(schemas(extra), schemas(extra)).map(([root, node]) => ({
    $defs: {
      leaf: { type: ["string", "null"] },
      node: { type: "object", properties: { a: { $ref: "#/$defs/node" }, b: node } },
    },
    allOf: [root],
  }));
