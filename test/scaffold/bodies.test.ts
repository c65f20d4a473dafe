import { describe, expect, test } from "vitest";
import { documentOf } from "../../src/contract/document/load.ts";
import { readApi } from "../../src/scaffold/openapi/source.ts";

/** A document with one POST, whose body is of this schema. */
const posting = (schema: unknown, schemas: object = {}, type = "application/json") => ({
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  paths: {
    "/things": {
      post: {
        operationId: "createThing",
        requestBody: { required: true, content: { [type]: { schema } } },
        responses: { 204: { description: "done" } },
      },
    },
  },
  components: { schemas },
});

function read(root: unknown) {
  const { operations, bodies } = readApi(documentOf(root, "shop.json"), ["createThing"]);
  return { bodies, body: operations[0]?.body };
}

const CATEGORY = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string" },
    parent: { $ref: "#/components/schemas/Category" },
    children: { type: "array", items: { $ref: "#/components/schemas/Category" } },
  },
};

describe("the type of a request body", () => {
  test("requires what the document requires, closes enums, and leaves out what only the API sets", () => {
    const { bodies, body } = read(
      posting({
        type: "object",
        required: ["id", "amount"],
        properties: {
          id: { type: "string", readOnly: true },
          amount: { type: "integer" },
          state: { type: "string", enum: ["open", "paid"] },
          note: { type: ["string", "null"] },
          grid: { type: "array", items: { type: "array", items: { type: "number" } } },
          tags: { type: "object", additionalProperties: { type: "string" } },
          "odd name": { type: "boolean" },
        },
      }),
    );
    expect(bodies).toBe(
      [
        "export interface CreateThingBody {",
        "  amount: number;",
        '  state?: "open" | "paid";',
        "  note?: string | null;",
        "  grid?: readonly (readonly number[])[];",
        "  tags?: Record<string, string>;",
        '  "odd name"?: boolean;',
        "}",
      ].join("\n"),
    );
    expect(body).toEqual({ kind: "json", required: true, type: "CreateThingBody", example: { amount: 1 } });
  });

  test("goes round in a ring by name, and joins and chooses as allOf and oneOf do", () => {
    const { bodies } = read(
      posting(
        {
          allOf: [
            { $ref: "#/components/schemas/Category" },
            {
              type: "object",
              required: ["pay"],
              properties: { pay: { oneOf: [{ $ref: "#/components/schemas/Card" }, { type: "string" }] } },
            },
          ],
        },
        { Category: CATEGORY, Card: { type: "object", properties: { last4: { type: "string" } } } },
      ),
    );
    expect(bodies).toContain("  children?: readonly Category[];");
    expect(bodies).toMatch(/^interface Category \{\n {2}name: string;\n {2}parent\?: Category;/m);
    expect(bodies).toMatch(/^export interface CreateThingBody \{[^}]*\n {2}pay: string \| Card;/m);
  });

  test("of a form is its fields, in OpenAPI 3 and in Swagger 2.0", () => {
    const form = "application/x-www-form-urlencoded";
    const schema = { type: "object", required: ["to"], properties: { to: { type: "string" } } };
    const swagger = {
      swagger: "2.0",
      info: { title: "Shop", version: "1" },
      paths: {
        "/things": {
          post: {
            operationId: "createThing",
            consumes: [form],
            parameters: [{ name: "to", in: "formData", type: "string", required: true }],
            responses: { 204: { description: "done" } },
          },
        },
      },
    };
    for (const root of [posting(schema, {}, form), swagger]) {
      expect(read(root)).toEqual({
        bodies: "export interface CreateThingBody {\n  to: string;\n}",
        body: { kind: "form", required: true, type: "CreateThingBody", example: { to: "text" } },
      });
    }
  });

  test("is no type where nobody could build such a body, where it is bytes, and where nothing is said", () => {
    const endless = { ...CATEGORY, required: ["name", "parent"] };
    const ring = posting({ $ref: "#/components/schemas/Category" }, { Category: endless });
    const upload = posting({ type: "object", properties: { file: {} } }, {}, "multipart/form-data");
    expect(read(ring)).toEqual({ bodies: undefined, body: { kind: "json", required: true } });
    expect(read(upload)).toEqual({ bodies: undefined, body: { kind: "raw", required: true } });
    expect(read(posting({}))).toEqual({ bodies: undefined, body: { kind: "json", required: true } });
  });

  test("of two that are called alike, but are not, has two names; of two that are alike one", () => {
    const address = { type: "object", properties: { line: { type: "string" } } };
    const { bodies } = read(
      posting({
        type: "object",
        properties: {
          buyer: { type: "object", properties: { address } },
          seller: { type: "object", properties: { address: { ...address, required: ["line"] } } },
          payer: { type: "object", properties: { address } },
        },
      }),
    );
    expect(bodies?.match(/interface \w*Address/g)).toEqual(["interface Address", "interface SellerAddress"]);
    expect(bodies).toMatch(/interface Payer \{\n {2}address\?: Address;/);
  });

  test("never hides a type of the language, and keeps hostile names inside their quotes", () => {
    const hostile = 'x"; }\nprocess.exit(); //';
    const { bodies } = read(
      posting({
        type: "object",
        properties: {
          record: { type: "object", properties: { a: { type: "string" } } },
          loose: { type: "object" },
          [hostile]: { type: "string", enum: ["*/ `x`"] },
        },
      }),
    );
    expect(bodies).not.toMatch(/interface Record /);
    expect(bodies).toContain("loose?: Record<string, unknown>;");
    expect(bodies).toContain(`  'x"; }\\nprocess.exit(); //'?: "*/ \`x\`";`);
  });
});
