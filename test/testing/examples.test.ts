import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accepts } from "../../src/contract/accepts.ts";
import { infer } from "../../src/contract/infer.ts";
import { toSchema } from "../../src/contract/store/write-schema.ts";
import { parseContract } from "../../src/contract/store.ts";
import { exampleOf } from "../../src/testing/examples/example.ts";

const shapeOf = (schema: object) => parseContract(JSON.stringify(schema)).shape;

describe("an example of a contract", () => {
  test("is what the contract says, by our reader and by ajv, and the same for the same seed", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 4 }), { minLength: 1, maxLength: 4 }),
        fc.nat(1000),
        async (samples, seed) => {
          const shape = await infer(samples);
          const value = exampleOf(shape, seed);
          expect(accepts(shape, value)).toBe(true);
          expect(exampleOf(shape, seed)).toEqual(value);
          const schema = toSchema(shape, { count: samples.length, responses: samples.length });
          const ajv = new Ajv2020({ strict: false, validateFormats: false });
          expect(ajv.validate(schema, value)).toBe(true);
        },
      ),
      { numRuns: 60 },
    ));

  test.each([
    [{ type: "string", pattern: "^cus_[A-Za-z0-9]{14}$" }, /^cus_[A-Za-z0-9]{14}$/],
    [{ type: "string", format: "uuid" }, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/],
    [{ type: "string", format: "date-time" }, /^2025-\d\d-\d\dT/],
    [{ type: "string", format: "email" }, /^\w+@example\.com$/],
    [{ type: "string", minLength: 20, maxLength: 22 }, /^.{20,22}$/],
    [{ type: "string", enum: ["open", "closed"] }, /^(open|closed)$/],
    [{ type: "integer", minimum: 5, exclusiveMaximum: 7 }, /^[56]$/],
    [{ type: "number", multipleOf: 0.25, minimum: 1, maximum: 1.5 }, /^1(\.25|\.5)?$/],
  ])("of %j looks like one", (schema, pattern) => {
    for (const seed of [1, 2, 3]) expect(String(exampleOf(shapeOf(schema), seed))).toMatch(pattern);
  });

  test("of a schema that contains itself ends", () => {
    const tree = {
      $ref: "#/$defs/Node",
      $defs: {
        Node: {
          type: "object",
          required: ["id", "children"],
          properties: {
            id: { type: "string" },
            children: { type: "array", items: { $ref: "#/$defs/Node" } },
          },
        },
      },
    };
    expect(JSON.stringify(exampleOf(shapeOf(tree))).length).toBeLessThan(100_000);
  });

  test("that cannot be found is an error that says what to do", () => {
    const impossible = { type: "string", pattern: "^(?=a)b$" };
    expect(() => exampleOf(shapeOf(impossible))).toThrow("give one by `examples`");
  });
});
