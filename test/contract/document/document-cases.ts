type Tree = { [key: string]: unknown };

const OPERATION = {
  operationId: "list",
  tags: ["things"],
  security: [{ key: [] }],
  parameters: [{ name: "limit", in: "query", schema: { type: "integer", default: 10 } }],
  requestBody: {
    content: { "application/json": { schema: { type: "object", properties: { a: { type: "string" } } } } },
  },
  responses: {
    200: {
      headers: {
        "X-Total": { required: true, schema: { type: "integer" } },
        Link: { schema: { type: "string" } },
      },
      content: {
        "application/json": {
          schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
        },
      },
    },
    404: {},
  },
};

export const BASE = {
  openapi: "3.1.0",
  info: { title: "Things", version: "1.2.0" },
  servers: [{ url: "https://x.test/v1" }],
  components: {
    schemas: { Thing: { type: "object" }, Ids: { type: "array", items: { type: "string" } } },
    securitySchemes: {
      key: { type: "apiKey", in: "header", name: "X-Key" },
      auth: {
        type: "oauth2",
        flows: {
          implicit: {
            authorizationUrl: "https://x.test/auth",
            tokenUrl: "https://x.test/token",
            scopes: { read: "Read all" },
          },
        },
      },
    },
  },
  paths: { "/things": { get: OPERATION, put: { responses: {} } } },
  webhooks: {
    paid: {
      post: {
        requestBody: {
          content: {
            "application/json": {
              schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
            },
          },
        },
      },
    },
  },
};

/** A copy of a tree with one place of it replaced; `undefined` takes it away. */
export function replaced(tree: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy: Tree = { ...(tree as Tree) };
  if (rest.length > 0) copy[key] = replaced(copy[key] ?? {}, rest, value);
  else if (value === undefined) delete copy[key];
  else copy[key] = value;
  return Array.isArray(tree) ? Object.values(copy).filter((item) => item !== undefined) : copy;
}

export const GET = ["paths", "/things", "get"];
export const OK = [...GET, "responses", "200"];
const LIMIT = { name: "limit", in: "query", schema: { type: "integer", default: 10 } };

/** The security and the schemes of `BASE`, with another name for the key. */
const renamed = (name: string) => ({
  ...(replaced(BASE, [...GET, "security"], [{ [name]: [] }]) as object),
  components: {
    ...BASE.components,
    securitySchemes: { [name]: BASE.components.securitySchemes.key },
  },
});

const CALLBACK = (...required: string[]) => ({
  onPaid: {
    "{$request.body#/url}": {
      post: {
        requestBody: {
          content: {
            "application/json": {
              schema: { type: "object", properties: { id: { type: "string" } }, required },
            },
          },
        },
        responses: {},
      },
    },
  },
});

export type DocumentCase = [
  what: string,
  path: string[],
  before: unknown,
  after: unknown,
  expected: string[],
  expectedBack: string[],
];

/** One place of the document in two states: what is said from the first to the second, and what on the way back. */
export const DOCUMENT_CASES: readonly DocumentCase[] = [
  [
    "operation",
    ["paths", "/things", "delete"],
    undefined,
    { responses: {} },
    ["info endpoint-added DELETE /things #/paths/~1things/delete was #/paths"],
    ["error endpoint-removed DELETE /things #/paths was #/paths/~1things/delete"],
  ],
  [
    "deprecated operation",
    ["paths", "/things", "delete"],
    { deprecated: true, responses: {} },
    undefined,
    ["info endpoint-removed-after-deprecation DELETE /things #/paths was #/paths/~1things/delete"],
    ["info endpoint-added DELETE /things #/paths/~1things/delete was #/paths"],
  ],
  [
    "operation with a sunset to come",
    ["paths", "/things", "delete"],
    { deprecated: true, "x-sunset": "2027-06-01" },
    undefined,
    ["error endpoint-removed-before-sunset DELETE /things #/paths was #/paths/~1things/delete"],
    ["info endpoint-added DELETE /things #/paths/~1things/delete was #/paths"],
  ],
  [
    "operation whose sunset has passed",
    ["paths", "/things", "delete"],
    { deprecated: true, "x-sunset": "2026-01-01" },
    undefined,
    ["info endpoint-removed-after-deprecation DELETE /things #/paths was #/paths/~1things/delete"],
    ["info endpoint-added DELETE /things #/paths/~1things/delete was #/paths"],
  ],
  [
    "operation whose sunset was no date",
    ["paths", "/things", "delete"],
    { deprecated: true, "x-sunset": "soon" },
    undefined,
    [
      "info endpoint-removed-after-deprecation DELETE /things #/paths was #/paths/~1things/delete",
      "warning sunset-invalid DELETE /things #/paths was #/paths/~1things/delete",
    ],
    ["info endpoint-added DELETE /things #/paths/~1things/delete was #/paths"],
  ],
  [
    "deprecation",
    [...GET, "deprecated"],
    undefined,
    true,
    [
      "info sunset-missing GET /things #/paths/~1things/get",
      "warning endpoint-deprecated GET /things #/paths/~1things/get",
    ],
    ["info endpoint-reactivated GET /things #/paths/~1things/get"],
  ],
  [
    "sunset far away",
    ["paths", "/things", "put"],
    {},
    { deprecated: true, "x-sunset": "2027-06-01" },
    ["warning endpoint-deprecated PUT /things #/paths/~1things/put"],
    ["info endpoint-reactivated PUT /things #/paths/~1things/put"],
  ],
  [
    "sunset within the grace period",
    ["paths", "/things", "put"],
    {},
    { deprecated: true, "x-sunset": "2026-12-01" },
    [
      "error sunset-too-soon PUT /things #/paths/~1things/put",
      "warning endpoint-deprecated PUT /things #/paths/~1things/put",
    ],
    ["info endpoint-reactivated PUT /things #/paths/~1things/put"],
  ],
  [
    "sunset that is no date",
    ["paths", "/things", "put"],
    {},
    { deprecated: true, "x-sunset": "soon" },
    [
      "warning endpoint-deprecated PUT /things #/paths/~1things/put",
      "warning sunset-invalid PUT /things #/paths/~1things/put",
    ],
    ["info endpoint-reactivated PUT /things #/paths/~1things/put"],
  ],
  [
    "sunset taken back",
    ["paths", "/things", "put"],
    { deprecated: true, "x-sunset": "2027-06-01" },
    { deprecated: true },
    ["warning sunset-removed PUT /things #/paths/~1things/put"],
    ["warning sunset-changed PUT /things #/paths/~1things/put"],
  ],
  [
    "stability",
    [...GET, "x-stability-level"],
    "stable",
    "beta",
    ["error stability-decreased GET /things #/paths/~1things/get"],
    ["info stability-increased GET /things #/paths/~1things/get"],
  ],
  [
    "stability that nobody knows",
    [...GET, "x-stability-level"],
    "stable",
    "golden",
    ["warning stability-invalid GET /things #/paths/~1things/get"],
    ["info stability-increased GET /things #/paths/~1things/get"],
  ],
  [
    "operationId",
    [...GET, "operationId"],
    "list",
    "listThings",
    ["info operation-id-changed GET /things #/paths/~1things/get"],
    ["info operation-id-changed GET /things #/paths/~1things/get"],
  ],
  [
    "tag",
    [...GET, "tags"],
    ["things"],
    ["things", "new"],
    ["info tag-added GET /things #/paths/~1things/get"],
    ["info tag-removed GET /things #/paths/~1things/get"],
  ],
  ["names of path parameters", ["paths", "/a/{id}"], { get: {} }, { get: {} }, [], []],
  [
    "optional parameter",
    [...GET, "parameters"],
    [LIMIT],
    [LIMIT, { name: "q", in: "query", schema: {} }],
    ["info parameter-added GET /things query q #/paths/~1things/get/parameters/1 was #/paths/~1things/get"],
    [
      "warning parameter-removed GET /things query q #/paths/~1things/get was #/paths/~1things/get/parameters/1",
    ],
  ],
  [
    "required parameter",
    [...GET, "parameters"],
    [LIMIT],
    [LIMIT, { name: "q", in: "query", required: true }],
    [
      "error required-parameter-added GET /things query q #/paths/~1things/get/parameters/1 was #/paths/~1things/get",
    ],
    [
      "warning parameter-removed GET /things query q #/paths/~1things/get was #/paths/~1things/get/parameters/1",
    ],
  ],
  [
    "deprecated parameter",
    [...GET, "parameters"],
    [LIMIT, { name: "q", in: "query", deprecated: true }],
    [LIMIT],
    [
      "info parameter-removed-after-deprecation GET /things query q #/paths/~1things/get was #/paths/~1things/get/parameters/1",
    ],
    ["info parameter-added GET /things query q #/paths/~1things/get/parameters/1 was #/paths/~1things/get"],
  ],
  [
    "parameter with a sunset to come",
    [...GET, "parameters"],
    [LIMIT, { name: "q", in: "query", deprecated: true, "x-sunset": "2027-06-01" }],
    [LIMIT],
    [
      "error parameter-removed-before-sunset GET /things query q #/paths/~1things/get was #/paths/~1things/get/parameters/1",
    ],
    ["info parameter-added GET /things query q #/paths/~1things/get/parameters/1 was #/paths/~1things/get"],
  ],
  [
    "type of a parameter: not every text is a date",
    [...GET, "parameters"],
    [{ name: "n", in: "query", schema: { type: "integer" } }],
    [{ name: "n", in: "query", schema: { type: "string", format: "date" } }],
    ["error type-changed GET /things query n $ #/paths/~1things/get/parameters/0/schema"],
    ["error type-changed GET /things query n $ #/paths/~1things/get/parameters/0/schema"],
  ],
  [
    "another type, or null: said once",
    [...OK, "content", "application/json", "schema", "properties", "id"],
    { type: "string" },
    { type: ["integer", "null"] },
    [
      "error type-changed GET /things response 200 application/json $.id #/paths/~1things/get/responses/200/content/application~1json/schema/properties/id",
    ],
    [
      "error type-changed GET /things response 200 application/json $.id #/paths/~1things/get/responses/200/content/application~1json/schema/properties/id",
    ],
  ],
  [
    "need of a parameter",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, required: true }],
    ["error parameter-became-required GET /things query limit #/paths/~1things/get/parameters/0"],
    ["info parameter-became-optional GET /things query limit #/paths/~1things/get/parameters/0"],
  ],
  [
    "header parameters without regard to case",
    [...GET, "parameters"],
    [{ name: "X-A", in: "header" }],
    [{ name: "x-a", in: "header" }],
    [],
    [],
  ],
  [
    "life of a parameter",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, deprecated: true, "x-sunset": "2027-09-01" }],
    ["warning parameter-deprecated GET /things query limit #/paths/~1things/get/parameters/0"],
    ["info parameter-reactivated GET /things query limit #/paths/~1things/get/parameters/0"],
  ],
  [
    "default of a parameter",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, schema: { type: "integer", default: 20 } }],
    ["warning parameter-default-changed GET /things query limit #/paths/~1things/get/parameters/0"],
    ["warning parameter-default-changed GET /things query limit #/paths/~1things/get/parameters/0"],
  ],
  [
    "how a list is written",
    [...GET, "parameters"],
    [{ name: "ids", in: "query", schema: { type: "array" } }],
    [{ name: "ids", in: "query", explode: false, schema: { type: "array" } }],
    ["error parameter-style-changed GET /things query ids #/paths/~1things/get/parameters/0"],
    ["error parameter-style-changed GET /things query ids #/paths/~1things/get/parameters/0"],
  ],
  [
    "how a list is written that is one by reference",
    [...GET, "parameters"],
    [{ name: "ids", in: "query", schema: { $ref: "#/components/schemas/Ids" } }],
    [{ name: "ids", in: "query", explode: false, schema: { $ref: "#/components/schemas/Ids" } }],
    ["error parameter-style-changed GET /things query ids #/paths/~1things/get/parameters/0"],
    ["error parameter-style-changed GET /things query ids #/paths/~1things/get/parameters/0"],
  ],
  [
    "how a list is written that may be null",
    [...GET, "parameters"],
    [{ name: "ids", in: "query", style: "pipeDelimited", schema: { type: ["array", "null"] } }],
    [{ name: "ids", in: "query", style: "spaceDelimited", schema: { type: ["array", "null"] } }],
    ["error parameter-style-changed GET /things query ids #/paths/~1things/get/parameters/0"],
    ["error parameter-style-changed GET /things query ids #/paths/~1things/get/parameters/0"],
  ],
  [
    "an object as JSON, or as one parameter for each property",
    [...GET, "parameters"],
    [{ name: "filter", in: "query", content: { "application/json": { schema: { type: "object" } } } }],
    [{ name: "filter", in: "query", style: "deepObject", explode: true, schema: { type: "object" } }],
    ["error parameter-style-changed GET /things query filter #/paths/~1things/get/parameters/0"],
    ["error parameter-style-changed GET /things query filter #/paths/~1things/get/parameters/0"],
  ],
  [
    "one value of a path, as a label",
    [...GET, "parameters"],
    [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
    [{ name: "id", in: "path", required: true, style: "label", schema: { type: "string" } }],
    ["error parameter-style-changed GET /things path id #/paths/~1things/get/parameters/0"],
    ["error parameter-style-changed GET /things path id #/paths/~1things/get/parameters/0"],
  ],
  [
    "a parameter without a value",
    [...GET, "parameters"],
    [LIMIT, { name: "archived", in: "query", allowEmptyValue: true }],
    [LIMIT, { name: "archived", in: "query" }],
    ["error parameter-empty-value-refused GET /things query archived #/paths/~1things/get/parameters/1"],
    ["info parameter-empty-value-allowed GET /things query archived #/paths/~1things/get/parameters/1"],
  ],
  [
    "a parameter without a value, said in full",
    [...GET, "parameters", "0"],
    { ...LIMIT, allowEmptyValue: true },
    { ...LIMIT, allowEmptyValue: false },
    ["error parameter-empty-value-refused GET /things query limit #/paths/~1things/get/parameters/0"],
    ["info parameter-empty-value-allowed GET /things query limit #/paths/~1things/get/parameters/0"],
  ],
  [
    "no value of a header, which says nothing",
    [...GET, "parameters"],
    [{ name: "X-A", in: "header", allowEmptyValue: true, allowReserved: true }],
    [{ name: "X-A", in: "header" }],
    [],
    [],
  ],
  [
    "reserved characters of a parameter",
    [...GET, "parameters"],
    [LIMIT, { name: "path", in: "query", allowReserved: true }],
    [LIMIT, { name: "path", in: "query" }],
    ["warning parameter-reserved-refused GET /things query path #/paths/~1things/get/parameters/1"],
    ["info parameter-reserved-allowed GET /things query path #/paths/~1things/get/parameters/1"],
  ],
  [
    "reserved characters of a parameter of the path",
    [...GET, "parameters"],
    [{ name: "id", in: "path", required: true, allowReserved: true }],
    [{ name: "id", in: "path", required: true, allowReserved: false }],
    ["warning parameter-reserved-refused GET /things path id #/paths/~1things/get/parameters/0"],
    ["info parameter-reserved-allowed GET /things path id #/paths/~1things/get/parameters/0"],
  ],
  ["how one value is written", [...GET, "parameters"], [LIMIT], [{ ...LIMIT, explode: false }], [], []],
  [
    "type of a parameter",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, schema: { type: "string", default: 10 } }],
    ["info type-added GET /things query limit $ #/paths/~1things/get/parameters/0/schema"],
    ["error type-changed GET /things query limit $ #/paths/~1things/get/parameters/0/schema"],
  ],
  [
    "body",
    [...GET, "requestBody"],
    undefined,
    OPERATION.requestBody,
    [
      "info request-body-added GET /things request body #/paths/~1things/get/requestBody was #/paths/~1things/get",
    ],
    [
      "error request-body-removed GET /things request body #/paths/~1things/get was #/paths/~1things/get/requestBody",
    ],
  ],
  [
    "required body",
    [...GET, "requestBody"],
    undefined,
    { ...OPERATION.requestBody, required: true },
    [
      "error required-request-body-added GET /things request body #/paths/~1things/get/requestBody was #/paths/~1things/get",
    ],
    [
      "error request-body-removed GET /things request body #/paths/~1things/get was #/paths/~1things/get/requestBody",
    ],
  ],
  [
    "need of a body",
    [...GET, "requestBody", "required"],
    false,
    true,
    ["error request-body-became-required GET /things request body #/paths/~1things/get/requestBody"],
    ["info request-body-became-optional GET /things request body #/paths/~1things/get/requestBody"],
  ],
  [
    "media type of a body",
    [...GET, "requestBody", "content", "text/csv"],
    undefined,
    {},
    [
      "info media-type-added GET /things request body #/paths/~1things/get/requestBody/content/text~1csv was #/paths/~1things/get/requestBody",
    ],
    [
      "error media-type-removed GET /things request body #/paths/~1things/get/requestBody was #/paths/~1things/get/requestBody/content/text~1csv",
    ],
  ],
  [
    "schema of a request body",
    [...GET, "requestBody", "content", "text/csv"],
    {},
    { schema: { type: "string" } },
    [
      "error body-schema-added GET /things request body text/csv #/paths/~1things/get/requestBody/content/text~1csv",
    ],
    [
      "info body-schema-removed GET /things request body text/csv #/paths/~1things/get/requestBody/content/text~1csv",
    ],
  ],
  [
    "status of success",
    [...GET, "responses", "201"],
    undefined,
    {},
    [
      "info success-status-added GET /things response 201 #/paths/~1things/get/responses/201 was #/paths/~1things/get",
    ],
    [
      "error success-status-removed GET /things response 201 #/paths/~1things/get was #/paths/~1things/get/responses/201",
    ],
  ],
  [
    "status of failure",
    [...GET, "responses", "409"],
    undefined,
    {},
    [
      "info error-status-added GET /things response 409 #/paths/~1things/get/responses/409 was #/paths/~1things/get",
    ],
    [
      "info error-status-removed GET /things response 409 #/paths/~1things/get was #/paths/~1things/get/responses/409",
    ],
  ],
  ["a range in the place of a status", [...GET, "responses"], { 404: {} }, { "4XX": {} }, [], []],
  [
    "one status in the place of a range",
    [...GET, "responses"],
    { "2XX": { content: { "application/json": { schema: { type: "string" } } } } },
    { 200: { content: { "application/json": { schema: { type: "integer" } } } } },
    [
      "error type-changed GET /things response 200 application/json $ #/paths/~1things/get/responses/200/content/application~1json/schema was #/paths/~1things/get/responses/2XX/content/application~1json/schema",
    ],
    [
      "error type-changed GET /things response 2XX application/json $ #/paths/~1things/get/responses/2XX/content/application~1json/schema was #/paths/~1things/get/responses/200/content/application~1json/schema",
    ],
  ],
  [
    "a status beside its range",
    [...GET, "responses"],
    { "2XX": { content: { "application/json": { schema: { type: "string" } } } } },
    {
      "2XX": { content: { "application/json": { schema: { type: "string" } } } },
      202: { content: { "application/json": { schema: { type: "integer" } } } },
    },
    [
      "error type-changed GET /things response 202 application/json $ #/paths/~1things/get/responses/202/content/application~1json/schema was #/paths/~1things/get/responses/2XX/content/application~1json/schema",
    ],
    [
      "error type-changed GET /things response 2XX application/json $ #/paths/~1things/get/responses/2XX/content/application~1json/schema was #/paths/~1things/get/responses/202/content/application~1json/schema",
    ],
  ],
  [
    "media type of a response",
    [...OK, "content", "text/csv"],
    undefined,
    {},
    [
      "info media-type-added GET /things response 200 #/paths/~1things/get/responses/200/content/text~1csv was #/paths/~1things/get/responses/200",
    ],
    [
      "error media-type-removed GET /things response 200 #/paths/~1things/get/responses/200 was #/paths/~1things/get/responses/200/content/text~1csv",
    ],
  ],
  [
    "a range of media types",
    [...OK, "content"],
    { "text/csv": {} },
    { "text/*": {} },
    [
      "error media-type-generalized GET /things response 200 #/paths/~1things/get/responses/200/content/text~1* was #/paths/~1things/get/responses/200/content/text~1csv",
    ],
    [
      "info media-type-specialized GET /things response 200 #/paths/~1things/get/responses/200/content/text~1csv was #/paths/~1things/get/responses/200/content/text~1*",
    ],
  ],
  [
    "parameters of a media type",
    [...OK, "content"],
    { "text/csv": {} },
    { "text/csv; charset=utf-8": {} },
    [
      "info media-type-renamed GET /things response 200 #/paths/~1things/get/responses/200/content/text~1csv; charset=utf-8 was #/paths/~1things/get/responses/200/content/text~1csv",
    ],
    [
      "info media-type-renamed GET /things response 200 #/paths/~1things/get/responses/200/content/text~1csv was #/paths/~1things/get/responses/200/content/text~1csv; charset=utf-8",
    ],
  ],
  [
    "schema of a response",
    [...OK, "content", "text/csv"],
    {},
    { schema: { type: "string" } },
    [
      "info body-schema-added GET /things response 200 text/csv #/paths/~1things/get/responses/200/content/text~1csv",
    ],
    [
      "warning body-schema-removed GET /things response 200 text/csv #/paths/~1things/get/responses/200/content/text~1csv",
    ],
  ],
  [
    "optional header",
    [...OK, "headers", "Link"],
    undefined,
    { schema: { type: "string" } },
    [
      "info header-added GET /things response 200 header Link #/paths/~1things/get/responses/200/headers/Link was #/paths/~1things/get/responses/200",
    ],
    [
      "warning optional-header-removed GET /things response 200 header Link #/paths/~1things/get/responses/200 was #/paths/~1things/get/responses/200/headers/Link",
    ],
  ],
  [
    "required header",
    [...OK, "headers", "Etag"],
    undefined,
    { required: true },
    [
      "info header-added GET /things response 200 header Etag #/paths/~1things/get/responses/200/headers/Etag was #/paths/~1things/get/responses/200",
    ],
    [
      "error required-header-removed GET /things response 200 header Etag #/paths/~1things/get/responses/200 was #/paths/~1things/get/responses/200/headers/Etag",
    ],
  ],
  [
    "need of a header",
    [...OK, "headers", "X-Total", "required"],
    true,
    false,
    [
      "error header-became-optional GET /things response 200 header X-Total #/paths/~1things/get/responses/200/headers/X-Total",
    ],
    [
      "info header-became-required GET /things response 200 header X-Total #/paths/~1things/get/responses/200/headers/X-Total",
    ],
  ],
  [
    "header type",
    [...OK, "headers", "Link", "schema", "type"],
    "string",
    "integer",
    [
      "error type-changed GET /things response 200 header Link $ #/paths/~1things/get/responses/200/headers/Link/schema",
    ],
    [
      "error type-changed GET /things response 200 header Link $ #/paths/~1things/get/responses/200/headers/Link/schema",
    ],
  ],
  [
    "type of a header that is written as JSON",
    [...OK, "headers", "Link", "content"],
    { "application/json": { schema: { type: "string" } } },
    { "application/json": { schema: { type: "integer" } } },
    [],
    [],
  ],
  [
    "a header's content in place of its schema",
    [...OK, "headers", "X-Meta"],
    { content: { "application/json": { schema: { type: "string" } } } },
    { content: { "application/json": { schema: { type: "integer" } } } },
    [
      "error type-changed GET /things response 200 header X-Meta $ #/paths/~1things/get/responses/200/headers/X-Meta/content/application~1json/schema",
    ],
    [
      "error type-changed GET /things response 200 header X-Meta $ #/paths/~1things/get/responses/200/headers/X-Meta/content/application~1json/schema",
    ],
  ],
  [
    "items of a stream, beside the schema of the whole",
    [...OK, "content", "application/jsonl"],
    { schema: { type: "array" }, itemSchema: { type: "string" } },
    { schema: { type: "array" }, itemSchema: { type: "integer" } },
    [
      "error type-changed GET /things response 200 application/jsonl items $ #/paths/~1things/get/responses/200/content/application~1jsonl/itemSchema",
    ],
    [
      "error type-changed GET /things response 200 application/jsonl items $ #/paths/~1things/get/responses/200/content/application~1jsonl/itemSchema",
    ],
  ],
  [
    "way to be let in",
    [...GET, "security"],
    [{ key: [] }],
    [{ key: [] }, { auth: ["read"] }],
    ["info security-added GET /things security #/paths/~1things/get/security"],
    ["error security-removed GET /things security #/paths/~1things/get/security"],
  ],
  [
    "scope",
    [...GET, "security"],
    [{ auth: ["read"] }],
    [{ auth: ["read", "write"] }],
    ["warning security-scope-added GET /things security #/paths/~1things/get/security"],
    ["info security-scope-removed GET /things security #/paths/~1things/get/security"],
  ],
  [
    "open operation",
    [...GET, "security"],
    [],
    [{ key: [] }],
    [
      "error security-removed GET /things security #/paths/~1things/get/security",
      "info security-added GET /things security #/paths/~1things/get/security",
    ],
    ["info security-added GET /things security #/paths/~1things/get/security"],
  ],
  [
    "another name for a scheme",
    [],
    renamed("key"),
    renamed("apiKey"),
    [
      "info security-scheme-added scheme apiKey #/components/securitySchemes/apiKey was #/components/securitySchemes",
      "info security-scheme-removed scheme key #/components/securitySchemes was #/components/securitySchemes/key",
    ],
    [
      "info security-scheme-added scheme key #/components/securitySchemes/key was #/components/securitySchemes",
      "info security-scheme-removed scheme apiKey #/components/securitySchemes was #/components/securitySchemes/apiKey",
    ],
  ],
  [
    "one scheme more that is needed",
    [...GET, "security"],
    [{ key: [] }],
    [{ key: [], auth: [] }],
    [
      "error security-removed GET /things security #/paths/~1things/get/security",
      "info security-added GET /things security #/paths/~1things/get/security",
    ],
    ["info security-added GET /things security #/paths/~1things/get/security"],
  ],
  [
    "address to get new tokens",
    ["components", "securitySchemes", "auth", "flows", "implicit", "refreshUrl"],
    "https://x.test/refresh",
    "https://x.test/r2",
    ["warning security-url-changed scheme auth #/components/securitySchemes/auth"],
    ["warning security-url-changed scheme auth #/components/securitySchemes/auth"],
  ],
  [
    "a scheme by reference",
    ["components", "securitySchemes", "same"],
    { type: "apiKey", in: "header", name: "X-Key" },
    { $ref: "#/components/securitySchemes/key" },
    [],
    [],
  ],
  [
    "scheme",
    ["components", "securitySchemes", "basic"],
    undefined,
    { type: "http", scheme: "basic" },
    [
      "info security-scheme-added scheme basic #/components/securitySchemes/basic was #/components/securitySchemes",
    ],
    [
      "info security-scheme-removed scheme basic #/components/securitySchemes was #/components/securitySchemes/basic",
    ],
  ],
  [
    "name of a key",
    ["components", "securitySchemes", "key", "name"],
    "X-Key",
    "X-Api-Key",
    ["warning security-scheme-changed scheme key #/components/securitySchemes/key"],
    ["warning security-scheme-changed scheme key #/components/securitySchemes/key"],
  ],
  [
    "address of tokens",
    ["components", "securitySchemes", "auth", "flows", "implicit", "tokenUrl"],
    "https://x.test/token",
    "https://x.test/t2",
    ["warning security-url-changed scheme auth #/components/securitySchemes/auth"],
    ["warning security-url-changed scheme auth #/components/securitySchemes/auth"],
  ],
  [
    "text of a scope",
    ["components", "securitySchemes", "auth", "flows", "implicit", "scopes"],
    { read: "Read all" },
    { read: "Read" },
    ["info oauth-scope-changed scheme auth #/components/securitySchemes/auth"],
    ["info oauth-scope-changed scheme auth #/components/securitySchemes/auth"],
  ],
  [
    "scopes of a scheme",
    ["components", "securitySchemes", "auth", "flows", "implicit", "scopes", "write"],
    undefined,
    "Write",
    ["info oauth-scope-added scheme auth #/components/securitySchemes/auth"],
    ["info oauth-scope-removed scheme auth #/components/securitySchemes/auth"],
  ],
  [
    "named schema",
    ["components", "schemas", "Other"],
    undefined,
    {},
    [],
    ["info named-schema-removed schema Other #/components/schemas was #/components/schemas/Other"],
  ],
  [
    "base path",
    ["servers"],
    [{ url: "https://x.test/v1" }],
    [{ url: "https://x.test/v2" }],
    ["warning servers-changed #/servers"],
    ["warning servers-changed #/servers"],
  ],
  [
    "host of the servers",
    ["servers"],
    [{ url: "https://x.test/v1" }],
    [{ url: "https://y.test/v1" }],
    ["warning servers-changed #/servers"],
    ["warning servers-changed #/servers"],
  ],
  [
    "one server more",
    ["servers"],
    [{ url: "https://x.test/v1" }],
    [{ url: "https://x.test/v1/" }, { url: "https://y.test/v1" }],
    [],
    [],
  ],
  ["a server without its host", ["servers"], [{ url: "https://x.test/v1" }], [{ url: "/v1" }], [], []],
  [
    "default of a server's variable",
    ["servers"],
    [{ url: "https://x.test/{v}", variables: { v: { default: "v1" } } }],
    [{ url: "https://x.test/{v}", variables: { v: { default: "v2" } } }],
    ["warning servers-changed #/servers"],
    ["warning servers-changed #/servers"],
  ],
  [
    "servers of one operation",
    [...GET, "servers"],
    undefined,
    [{ url: "https://files.x.test/v1" }],
    ["warning servers-changed GET /things #/paths/~1things/get"],
    ["warning servers-changed GET /things #/paths/~1things/get"],
  ],
  [
    "webhook",
    ["webhooks", "failed"],
    undefined,
    { post: {} },
    ["info webhook-added webhook failed #/webhooks/failed/post was #/webhooks"],
    ["error webhook-removed webhook failed #/webhooks was #/webhooks/failed/post"],
  ],
  [
    "media type of a webhook's payload",
    ["webhooks", "paid", "post", "requestBody", "content", "text/csv"],
    {},
    undefined,
    [
      "error media-type-removed webhook paid payload #/webhooks/paid/post was #/webhooks/paid/post/requestBody/content/text~1csv",
    ],
    [
      "info media-type-added webhook paid payload #/webhooks/paid/post/requestBody/content/text~1csv was #/webhooks/paid/post",
    ],
  ],
  [
    "payload of a webhook as a whole",
    ["webhooks", "paid", "post", "requestBody"],
    { content: { "application/json": {} } },
    undefined,
    [
      "error media-type-removed webhook paid payload #/webhooks/paid/post was #/webhooks/paid/post/requestBody/content/application~1json",
    ],
    [
      "info media-type-added webhook paid payload #/webhooks/paid/post/requestBody/content/application~1json was #/webhooks/paid/post",
    ],
  ],
  [
    "header of a webhook",
    ["webhooks", "paid", "post", "parameters"],
    [{ name: "X-Signature", in: "header", required: true, schema: { type: "string" } }],
    [],
    [
      "error required-header-removed webhook paid header X-Signature #/webhooks/paid/post was #/webhooks/paid/post/parameters/0",
    ],
    [
      "info header-added webhook paid header X-Signature #/webhooks/paid/post/parameters/0 was #/webhooks/paid/post",
    ],
  ],
  [
    "life of a webhook",
    ["webhooks", "paid", "post", "deprecated"],
    undefined,
    true,
    [
      "info sunset-missing webhook paid #/webhooks/paid/post",
      "warning endpoint-deprecated webhook paid #/webhooks/paid/post",
    ],
    ["info endpoint-reactivated webhook paid #/webhooks/paid/post"],
  ],
  [
    "our answer to a webhook, which is sent",
    ["webhooks", "paid", "post", "responses"],
    { 200: { content: { "application/json": { schema: { type: "object" } } } } },
    { 200: { content: { "application/json": { schema: { type: "object", required: ["ok"] } } } } },
    [
      "error required-property-added webhook paid answer 200 application/json $.ok #/webhooks/paid/post/responses/200/content/application~1json/schema",
    ],
    [
      "warning property-removed webhook paid answer 200 application/json $.ok #/webhooks/paid/post/responses/200/content/application~1json/schema",
    ],
  ],
  [
    "callback",
    [...GET, "callbacks"],
    undefined,
    CALLBACK("id"),
    [
      "info webhook-added callback onPaid of GET /things #/paths/~1things/get/callbacks/onPaid/{$request.body#~1url}/post was #/paths/~1things/get/callbacks",
    ],
    [
      "error webhook-removed callback onPaid of GET /things #/paths/~1things/get/callbacks was #/paths/~1things/get/callbacks/onPaid/{$request.body#~1url}/post",
    ],
  ],
  [
    "payload of a callback, which is read",
    [...GET, "callbacks"],
    CALLBACK("id"),
    CALLBACK(),
    [
      "error property-became-optional callback onPaid of GET /things payload application/json $.id #/paths/~1things/get/callbacks/onPaid/{$request.body#~1url}/post/requestBody/content/application~1json/schema",
    ],
    [
      "info property-became-required callback onPaid of GET /things payload application/json $.id #/paths/~1things/get/callbacks/onPaid/{$request.body#~1url}/post/requestBody/content/application~1json/schema",
    ],
  ],
  [
    "payload of a webhook, which is read",
    ["webhooks", "paid", "post", "requestBody", "content", "application/json", "schema", "required"],
    ["id"],
    [],
    [
      "error property-became-optional webhook paid payload application/json $.id #/webhooks/paid/post/requestBody/content/application~1json/schema",
    ],
    [
      "info property-became-required webhook paid payload application/json $.id #/webhooks/paid/post/requestBody/content/application~1json/schema",
    ],
  ],
  [
    "required property of a response",
    [...OK, "content", "application/json", "schema", "required"],
    ["id"],
    [],
    [
      "error property-became-optional GET /things response 200 application/json $.id #/paths/~1things/get/responses/200/content/application~1json/schema",
    ],
    [
      "info property-became-required GET /things response 200 application/json $.id #/paths/~1things/get/responses/200/content/application~1json/schema",
    ],
  ],
  [
    "another status of failure",
    [...GET, "responses", "500"],
    undefined,
    {},
    [
      "info error-status-added GET /things response 500 #/paths/~1things/get/responses/500 was #/paths/~1things/get",
    ],
    [
      "info error-status-removed GET /things response 500 #/paths/~1things/get was #/paths/~1things/get/responses/500",
    ],
  ],
  [
    "a redirect",
    [...GET, "responses", "302"],
    undefined,
    {},
    [
      "info success-status-added GET /things response 302 #/paths/~1things/get/responses/302 was #/paths/~1things/get",
    ],
    [
      "error success-status-removed GET /things response 302 #/paths/~1things/get was #/paths/~1things/get/responses/302",
    ],
  ],
  [
    "need of another header",
    [...OK, "headers", "Link", "required"],
    undefined,
    true,
    [
      "info header-became-required GET /things response 200 header Link #/paths/~1things/get/responses/200/headers/Link",
    ],
    [
      "error header-became-optional GET /things response 200 header Link #/paths/~1things/get/responses/200/headers/Link",
    ],
  ],
  [
    "a header of pages",
    [...OK, "headers", "X-Next"],
    undefined,
    {},
    [
      "info header-added GET /things response 200 header X-Next #/paths/~1things/get/responses/200/headers/X-Next was #/paths/~1things/get/responses/200",
    ],
    [
      "warning optional-header-removed GET /things response 200 header X-Next #/paths/~1things/get/responses/200 was #/paths/~1things/get/responses/200/headers/X-Next",
    ],
  ],
  [
    "a structured media type",
    [...OK, "content"],
    { "application/problem+json": {} },
    { "application/json": {} },
    [
      "error media-type-generalized GET /things response 200 #/paths/~1things/get/responses/200/content/application~1json was #/paths/~1things/get/responses/200/content/application~1problem+json",
    ],
    [
      "info media-type-specialized GET /things response 200 #/paths/~1things/get/responses/200/content/application~1problem+json was #/paths/~1things/get/responses/200/content/application~1json",
    ],
  ],
  [
    "parameters of a media type that is sent",
    [...GET, "requestBody", "content"],
    { "text/csv": {} },
    { "text/csv; header=present": {} },
    [
      "info media-type-renamed GET /things request body #/paths/~1things/get/requestBody/content/text~1csv; header=present was #/paths/~1things/get/requestBody/content/text~1csv",
    ],
    [
      "info media-type-renamed GET /things request body #/paths/~1things/get/requestBody/content/text~1csv was #/paths/~1things/get/requestBody/content/text~1csv; header=present",
    ],
  ],
  [
    "another named schema",
    ["components", "schemas", "Third"],
    undefined,
    { type: "string" },
    [],
    ["info named-schema-removed schema Third #/components/schemas was #/components/schemas/Third"],
  ],
  [
    "another scope",
    ["components", "securitySchemes", "auth", "flows", "implicit", "scopes"],
    { read: "Read all", admin: "All" },
    { read: "Read all" },
    ["info oauth-scope-removed scheme auth #/components/securitySchemes/auth"],
    ["info oauth-scope-added scheme auth #/components/securitySchemes/auth"],
  ],
  [
    "a scope without a text",
    ["components", "securitySchemes", "auth", "flows", "implicit", "scopes"],
    { read: "Read all" },
    { read: "" },
    ["info oauth-scope-changed scheme auth #/components/securitySchemes/auth"],
    ["info oauth-scope-changed scheme auth #/components/securitySchemes/auth"],
  ],
  [
    "need of a header that is sent",
    [...GET, "parameters"],
    [{ name: "X-A", in: "header" }],
    [{ name: "X-A", in: "header", required: true }],
    ["error parameter-became-required GET /things header X-A #/paths/~1things/get/parameters/0"],
    ["info parameter-became-optional GET /things header X-A #/paths/~1things/get/parameters/0"],
  ],
  [
    "end of a parameter without a date",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, deprecated: true }],
    [
      "info sunset-missing GET /things query limit #/paths/~1things/get/parameters/0",
      "warning parameter-deprecated GET /things query limit #/paths/~1things/get/parameters/0",
    ],
    ["info parameter-reactivated GET /things query limit #/paths/~1things/get/parameters/0"],
  ],
  [
    "a header whose sunset has passed",
    [...GET, "parameters"],
    [{ name: "X-A", in: "header", deprecated: true, "x-sunset": "2026-01-01" }],
    [],
    [
      "info parameter-removed-after-deprecation GET /things header X-A #/paths/~1things/get was #/paths/~1things/get/parameters/0",
    ],
    [
      "info parameter-added GET /things header X-A #/paths/~1things/get/parameters/0 was #/paths/~1things/get",
    ],
  ],
  [
    "a header with a sunset to come",
    [...GET, "parameters"],
    [{ name: "X-A", in: "header", deprecated: true, "x-sunset": "2027-06-01" }],
    [],
    [
      "error parameter-removed-before-sunset GET /things header X-A #/paths/~1things/get was #/paths/~1things/get/parameters/0",
    ],
    [
      "info parameter-added GET /things header X-A #/paths/~1things/get/parameters/0 was #/paths/~1things/get",
    ],
  ],
  [
    "body of another operation",
    ["paths", "/things", "put", "requestBody"],
    undefined,
    { content: { "text/csv": {} } },
    [
      "info request-body-added PUT /things request body #/paths/~1things/put/requestBody was #/paths/~1things/put",
    ],
    [
      "error request-body-removed PUT /things request body #/paths/~1things/put was #/paths/~1things/put/requestBody",
    ],
  ],
  [
    "required body of another operation",
    ["paths", "/things", "put", "requestBody"],
    undefined,
    { required: true, content: { "text/csv": {} } },
    [
      "error required-request-body-added PUT /things request body #/paths/~1things/put/requestBody was #/paths/~1things/put",
    ],
    [
      "error request-body-removed PUT /things request body #/paths/~1things/put was #/paths/~1things/put/requestBody",
    ],
  ],
  [
    "need of a body of text",
    ["paths", "/things", "put", "requestBody"],
    { content: { "text/csv": {} } },
    { required: true, content: { "text/csv": {} } },
    ["error request-body-became-required PUT /things request body #/paths/~1things/put/requestBody"],
    ["info request-body-became-optional PUT /things request body #/paths/~1things/put/requestBody"],
  ],
  [
    "place of a key",
    ["components", "securitySchemes", "key", "in"],
    "header",
    "query",
    ["warning security-scheme-changed scheme key #/components/securitySchemes/key"],
    ["warning security-scheme-changed scheme key #/components/securitySchemes/key"],
  ],
  [
    "stability below beta",
    [...GET, "x-stability-level"],
    "beta",
    "alpha",
    ["error stability-decreased GET /things #/paths/~1things/get"],
    ["info stability-increased GET /things #/paths/~1things/get"],
  ],
  [
    "a level nobody knows where there was none",
    [...GET, "x-stability-level"],
    undefined,
    "gold",
    ["warning stability-invalid GET /things #/paths/~1things/get"],
    ["info stability-increased GET /things #/paths/~1things/get"],
  ],
  [
    "another tag",
    [...GET, "tags"],
    ["things"],
    ["other"],
    ["info tag-added GET /things #/paths/~1things/get", "info tag-removed GET /things #/paths/~1things/get"],
    ["info tag-added GET /things #/paths/~1things/get", "info tag-removed GET /things #/paths/~1things/get"],
  ],
  [
    "a tag where there was none",
    [...GET, "tags"],
    undefined,
    ["things"],
    ["info tag-added GET /things #/paths/~1things/get"],
    ["info tag-removed GET /things #/paths/~1things/get"],
  ],
  ["descriptions and examples", [...GET, "description"], "old", "new", [], []],
];

/** The same document, written in other ways. */
export const DOCUMENT_SETTINGS: readonly (readonly [string, (document: unknown) => unknown])[] = [
  ["as it is", (document) => document],
  ["path items by reference, beside an API that stays", byReference],
];

function byReference(document: unknown): unknown {
  const { paths, components, ...rest } = document as { paths: Tree; components: Tree };
  const named = Object.entries(paths).map(([path, item], index) => ({ path, item, name: `Path${index}` }));
  const ping = { get: { tags: [], responses: { 200: {} } } };
  return {
    ...rest,
    paths: {
      ...Object.fromEntries(
        named.map(({ path, name }) => [path, { $ref: `#/components/pathItems/${name}` }]),
      ),
      "/ping": ping,
    },
    components: { ...components, pathItems: Object.fromEntries(named.map(({ name, item }) => [name, item])) },
  };
}

/** Versions of two documents that differ in one way, and what is said of them. */
export type VersionCase = readonly [
  rule: string,
  versions: readonly [before: string, after: string],
  change: "breaking" | "harmless" | "none",
  severity: string | undefined,
];

export const VERSION_CASES: readonly VersionCase[] = [
  ["version-not-bumped", ["1.2.0", "1.2.0"], "harmless", "info"],
  ["version-not-bumped", ["2026-01-01", "2026-01-01"], "breaking", "info"],
  ["version-not-bumped", ["1.2.0", "1.2.0"], "none", undefined],
  ["version-not-bumped", ["1.2.0", "1.3.0"], "harmless", undefined],
  ["version-decreased", ["1.2.0", "1.1.9"], "harmless", "info"],
  ["version-decreased", ["v2.0", "v1.9"], "breaking", "info"],
  ["version-decreased", ["1.9.0", "1.10.0"], "harmless", undefined],
  ["version-decreased", ["2026-02-01", "2026-01-01"], "harmless", undefined],
  ["major-version-not-bumped", ["1.2.0", "1.3.0"], "breaking", "info"],
  ["major-version-not-bumped", ["0.2.0", "0.3.0"], "breaking", "info"],
  ["major-version-not-bumped", ["1.2.0", "2.0.0"], "breaking", undefined],
  ["major-version-not-bumped", ["1.2.0", "1.3.0"], "harmless", undefined],
];
