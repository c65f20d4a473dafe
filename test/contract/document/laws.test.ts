import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accepts } from "../../../src/contract/accepts.ts";
import type { JsonObject } from "../../../src/contract/document/json.ts";
import { documents, schemas, value } from "./arbitrary-schema.ts";
import { readSchema } from "./support.ts";

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
