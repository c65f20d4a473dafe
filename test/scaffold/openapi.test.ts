import { describe, expect, test } from "vitest";
import { documentOf } from "../../src/contract/document/load.ts";
import { readApi } from "../../src/scaffold/openapi/source.ts";

const customer = {
  type: "object",
  required: ["id", "status", "parent", "big"],
  properties: {
    id: { type: "string" },
    status: { type: "string", enum: ["active", "gone"] },
    kind: { type: "string", enum: ["customer"] },
    big: { type: "integer", format: "int64" },
    small: { type: "integer" },
    parent: { $ref: "#/components/schemas/Customer" },
    email: { type: "string", nullable: true },
    tags: { type: "object", additionalProperties: { type: "string" } },
    pay: { oneOf: [{ $ref: "#/components/schemas/Card" }, { type: "string" }] },
  },
};
const card = {
  type: "object",
  properties: { deep: { type: "object", properties: { deeper: { type: "object", properties: { x: {} } } } } },
};
const json = (schema: unknown) => ({ 200: { description: "", content: { "application/json": { schema } } } });

const petstore = {
  openapi: "3.0.3",
  info: { title: "Shop", version: "1" },
  servers: [{ url: "https://{region}.example.com/v1/", variables: { region: { default: "eu" } } }],
  security: [{ basic: [] }, { token: [] }],
  paths: {
    "/customers": {
      parameters: [{ name: "limit", in: "query", required: true, schema: { type: "integer", default: 10 } }],
      get: {
        operationId: "listCustomers",
        responses: json({
          type: "object",
          required: ["data"],
          properties: { data: { type: "array", items: { $ref: "#/components/schemas/Customer" } } },
        }),
      },
    },
    "/customers/{id}": {
      get: {
        operationId: "customers/get",
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" }, example: "cus 1" },
        ],
        responses: json({ $ref: "#/components/schemas/Customer" }),
      },
      delete: { responses: { 204: { description: "gone" } } },
    },
  },
  components: {
    schemas: { Customer: customer, Card: card },
    securitySchemes: { basic: { type: "http", scheme: "basic" }, token: { type: "http", scheme: "bearer" } },
  },
};
const read = (texts: string[], root: unknown = petstore) => readApi(documentOf(root, "shop.json"), texts);

describe("an OpenAPI document", () => {
  test("gives the chosen operations and nothing else", () => {
    const { operations } = read(["listCustomers, GET /customers/{id}", "DELETE /customers/{id}"]);
    expect(operations).toMatchObject([
      { name: "list-customers", method: "GET", path: "/customers", probeQuery: "limit=10" },
      { name: "customers-get", path: "/customers/{id}", examples: { id: "cus 1" }, consumer: "Customer" },
      { name: "delete-customers-id", method: "DELETE", sample: {} },
    ]);
  });

  test("gives base URL with its variables filled, and the plainest credentials it asks for", () => {
    expect(read(["listCustomers"])).toMatchObject({
      title: "Shop",
      baseUrl: "https://eu.example.com/v1",
      auth: { scheme: "bearer", secret: "api_key" },
    });
  });

  test("OAuth where the application gets its tokens itself is set up as that, with the scopes that are needed", () => {
    const oauth = (flow: object, baseUrl = "https://api.example.com") => {
      const root = {
        openapi: "3.0.3",
        info: { title: "Pay", version: "1" },
        servers: [{ url: baseUrl }],
        paths: {
          "/events": { get: { security: [{ oauth: ["events:read"] }], responses: {} } },
          "/events/{id}": { delete: { security: [{ oauth: ["events:write"] }], responses: {} } },
        },
        components: { securitySchemes: { oauth: { type: "oauth2", flows: flow } } },
      };
      return read(["GET /events"], root).auth;
    };
    const tokens = { tokenUrl: "/oauth/token", scopes: {} };
    const made = {
      scheme: "oauth2-client-credentials",
      tokenUrl: "/oauth/token",
      clientIdSecret: "client_id",
      clientSecret: "client_secret",
      scopes: ["events:read"],
    };
    expect(oauth({ clientCredentials: tokens })).toEqual(made);
    // "/oauth/token" below that base URL would be another address than the document means.
    expect(oauth({ clientCredentials: tokens }, "https://api.example.com/v1")).toEqual({
      ...made,
      tokenUrl: "https://api.example.com/oauth/token",
    });
    // A person has to agree, or the address is none: whoever calls has the token.
    const bearer = { scheme: "bearer", secret: "api_key" };
    expect(oauth({ authorizationCode: tokens })).toEqual(bearer);
    for (const tokenUrl of [
      "javascript:alert(1)",
      "https://login.example.com/{tenant}/token",
      'https://a/"+x()',
    ]) {
      expect(oauth({ clientCredentials: { tokenUrl } })).toEqual(bearer);
    }
  });

  test("a path is never asked with an empty value, though its list of values begins with one", () => {
    const sets = {
      openapi: "3.0.0",
      info: { title: "Sets", version: "1" },
      servers: [{ url: "https://api.example.com" }],
      paths: {
        "/sets/{set}": {
          parameters: [
            { name: "set", in: "path", required: true, schema: { type: "string", enum: ["", "mini"] } },
          ],
          get: { responses: json({ type: "object" }) },
        },
      },
    };
    expect(read(["GET /sets/{set}"], sets)).toMatchObject({ operations: [{ examples: { set: "mini" } }] });
  });

  test("of Swagger 2.0 is read the same way", () => {
    const swagger = {
      swagger: "2.0",
      info: { title: "Old", version: "1" },
      host: "api.example.com",
      basePath: "/v2",
      schemes: ["http", "https"],
      securityDefinitions: { key: { type: "apiKey", in: "query", name: "key" } },
      paths: { "/a": { get: { responses: { 200: { description: "", schema: { type: "object" } } } } } },
    };
    expect(read(["GET /a"], swagger)).toMatchObject({
      baseUrl: "https://api.example.com/v2",
      auth: { scheme: "query", parameter: "key" },
      operations: [{ name: "get-a" }],
    });
  });

  test.each([
    [["listCustomer"], "did you mean `listCustomers`"],
    [["get /customers/{no}"], "did you mean `GET /customers/{id}`"],
  ])("refuses %j with the closest operation", (texts, words) => {
    let hint: unknown;
    try {
      read(texts);
    } catch (error) {
      hint = error instanceof Error && "hint" in error ? error.hint : error;
    }
    expect(hint).toContain(words);
  });
});

describe("what a document shows and promises", () => {
  const schema = {
    type: "object",
    required: ["id", "at", "tags"],
    properties: {
      id: { type: "string", format: "uuid" },
      at: { type: "string", format: "date-time" },
      tags: { type: "array", minItems: 1, items: { type: "string" } },
    },
  };
  const document = (media: object) => ({
    openapi: "3.1.0",
    info: { title: "Things", version: "1" },
    paths: {
      "/things": {
        get: {
          operationId: "getThing",
          responses: { 200: { description: "", content: { "application/json": { schema, ...media } } } },
        },
      },
    },
  });
  const sampleWith = (media: object) => read(["getThing"], document(media)).operations[0]?.sample;
  const smallest = {
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    at: "2026-01-01T00:00:00Z",
    tags: ["text"],
  };
  const example = {
    id: "00000000-0000-4000-8000-00000000000a",
    at: "2020-01-01T00:00:00Z",
    tags: ["a", "b"],
  };
  const key = ["sk", "live", "a".repeat(20)].join("_");

  test("its example is the sample of the offline test, whichever way it is given", () => {
    expect(sampleWith({ example })).toEqual(example);
    expect(sampleWith({ examples: { first: { value: example } } })).toEqual(example);
    expect(sampleWith({ schema: { ...schema, example } })).toEqual(example);
  });

  test.each([
    ["its schema refuses", { ...example, tags: "none" }],
    ["looks like a credential", { ...example, tags: [key] }],
    ["nobody would read", { ...example, tags: Array.from({ length: 500 }, () => "long") }],
    ["zod would misread", { ...example, constructor: 1 }],
  ])("an example that %s gives way to the smallest value", (_, wrong) => {
    expect(sampleWith({ example: wrong })).toEqual(smallest);
  });

  test("a small answer is a contract at once, one that leads to hundreds of objects is not", () => {
    const { contracts } = read(["getThing"], document({}));
    expect(contracts.get("get-thing")).toMatchObject({ request: "GET /things", status: 200, samples: 0 });
    const wide = Object.fromEntries(
      Array.from({ length: 600 }, (_, n) => [`p${n}`, { type: "object", properties: { n: { const: n } } }]),
    );
    const large = document({ schema: { type: "object", properties: wide } });
    expect(read(["getThing"], large).contracts.size).toBe(0);
  });
});

describe("zod source of a response", () => {
  const { schemas } = read(["customers/get"]);

  test.each([
    ["objects are loose", "export const Customer = z.looseObject({"],
    ["enums are open", 'status: z.union([z.enum(["active", "gone"]), z.string()])'],
    ["a single value is that value", 'kind: z.optional(z.literal("customer"))'],
    ["64 bits are a number, and not a bigint", "big: z.number()"],
    ["an integer is one", "small: z.optional(z.int())"],
    ["a ring is lazy", "parent: z.lazy((): z.ZodType => Customer)"],
    ["nullable and optional is nullish", "email: z.nullish(z.string())"],
    ["a map is a record", "tags: z.optional(z.record(z.string(), z.string()))"],
    ["oneOf is a union", "pay: z.optional(z.union([z.string(), Card]))"],
    ["what lies deep is any object", "deep: z.optional(z.looseObject({}))"],
  ])("%s", (_, line) => {
    expect(schemas).toContain(line);
  });

  test("is the same however often it is written", () => {
    expect(read(["customers/get"]).schemas).toBe(schemas);
  });
});
