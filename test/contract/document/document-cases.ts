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
    ["info endpoint-added"],
    ["error endpoint-removed"],
  ],
  [
    "deprecated operation",
    ["paths", "/things", "delete"],
    { deprecated: true, responses: {} },
    undefined,
    ["info endpoint-removed-after-deprecation"],
    ["info endpoint-added"],
  ],
  [
    "operation with a sunset to come",
    ["paths", "/things", "delete"],
    { deprecated: true, "x-sunset": "2027-06-01" },
    undefined,
    ["error endpoint-removed-before-sunset"],
    ["info endpoint-added"],
  ],
  [
    "operation whose sunset has passed",
    ["paths", "/things", "delete"],
    { deprecated: true, "x-sunset": "2026-01-01" },
    undefined,
    ["info endpoint-removed-after-deprecation"],
    ["info endpoint-added"],
  ],
  [
    "operation whose sunset was no date",
    ["paths", "/things", "delete"],
    { deprecated: true, "x-sunset": "soon" },
    undefined,
    ["info endpoint-removed-after-deprecation", "warning sunset-invalid"],
    ["info endpoint-added"],
  ],
  [
    "deprecation",
    [...GET, "deprecated"],
    undefined,
    true,
    ["info sunset-missing", "warning endpoint-deprecated"],
    ["info endpoint-reactivated"],
  ],
  [
    "sunset far away",
    ["paths", "/things", "put"],
    {},
    { deprecated: true, "x-sunset": "2027-06-01" },
    ["warning endpoint-deprecated"],
    ["info endpoint-reactivated"],
  ],
  [
    "sunset within the grace period",
    ["paths", "/things", "put"],
    {},
    { deprecated: true, "x-sunset": "2026-12-01" },
    ["error sunset-too-soon", "warning endpoint-deprecated"],
    ["info endpoint-reactivated"],
  ],
  [
    "sunset that is no date",
    ["paths", "/things", "put"],
    {},
    { deprecated: true, "x-sunset": "soon" },
    ["warning endpoint-deprecated", "warning sunset-invalid"],
    ["info endpoint-reactivated"],
  ],
  [
    "sunset taken back",
    ["paths", "/things", "put"],
    { deprecated: true, "x-sunset": "2027-06-01" },
    { deprecated: true },
    ["warning sunset-removed"],
    ["warning sunset-changed"],
  ],
  [
    "stability",
    [...GET, "x-stability-level"],
    "stable",
    "beta",
    ["error stability-decreased"],
    ["info stability-increased"],
  ],
  [
    "stability that nobody knows",
    [...GET, "x-stability-level"],
    "stable",
    "golden",
    ["warning stability-invalid"],
    ["info stability-increased"],
  ],
  [
    "operationId",
    [...GET, "operationId"],
    "list",
    "listThings",
    ["info operation-id-changed"],
    ["info operation-id-changed"],
  ],
  ["tag", [...GET, "tags"], ["things"], ["things", "new"], ["info tag-added"], ["info tag-removed"]],
  ["names of path parameters", ["paths", "/a/{id}"], { get: {} }, { get: {} }, [], []],
  [
    "optional parameter",
    [...GET, "parameters"],
    [LIMIT],
    [LIMIT, { name: "q", in: "query", schema: {} }],
    ["info parameter-added"],
    ["warning parameter-removed"],
  ],
  [
    "required parameter",
    [...GET, "parameters"],
    [LIMIT],
    [LIMIT, { name: "q", in: "query", required: true }],
    ["error required-parameter-added"],
    ["warning parameter-removed"],
  ],
  [
    "deprecated parameter",
    [...GET, "parameters"],
    [LIMIT, { name: "q", in: "query", deprecated: true }],
    [LIMIT],
    ["info parameter-removed-after-deprecation"],
    ["info parameter-added"],
  ],
  [
    "parameter with a sunset to come",
    [...GET, "parameters"],
    [LIMIT, { name: "q", in: "query", deprecated: true, "x-sunset": "2027-06-01" }],
    [LIMIT],
    ["error parameter-removed-before-sunset"],
    ["info parameter-added"],
  ],
  [
    "type of a parameter: not every text is a date",
    [...GET, "parameters"],
    [{ name: "n", in: "query", schema: { type: "integer" } }],
    [{ name: "n", in: "query", schema: { type: "string", format: "date" } }],
    ["error type-changed"],
    ["error type-changed"],
  ],
  [
    "another type, or null: said once",
    [...OK, "content", "application/json", "schema", "properties", "id"],
    { type: "string" },
    { type: ["integer", "null"] },
    ["error type-changed"],
    ["error type-changed"],
  ],
  [
    "need of a parameter",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, required: true }],
    ["error parameter-became-required"],
    ["info parameter-became-optional"],
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
    ["warning parameter-deprecated"],
    ["info parameter-reactivated"],
  ],
  [
    "default of a parameter",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, schema: { type: "integer", default: 20 } }],
    ["warning parameter-default-changed"],
    ["warning parameter-default-changed"],
  ],
  [
    "how a list is written",
    [...GET, "parameters"],
    [{ name: "ids", in: "query", schema: { type: "array" } }],
    [{ name: "ids", in: "query", explode: false, schema: { type: "array" } }],
    ["error parameter-style-changed"],
    ["error parameter-style-changed"],
  ],
  [
    "how a list is written that is one by reference",
    [...GET, "parameters"],
    [{ name: "ids", in: "query", schema: { $ref: "#/components/schemas/Ids" } }],
    [{ name: "ids", in: "query", explode: false, schema: { $ref: "#/components/schemas/Ids" } }],
    ["error parameter-style-changed"],
    ["error parameter-style-changed"],
  ],
  [
    "how a list is written that may be null",
    [...GET, "parameters"],
    [{ name: "ids", in: "query", style: "pipeDelimited", schema: { type: ["array", "null"] } }],
    [{ name: "ids", in: "query", style: "spaceDelimited", schema: { type: ["array", "null"] } }],
    ["error parameter-style-changed"],
    ["error parameter-style-changed"],
  ],
  [
    "an object as JSON, or as one parameter for each property",
    [...GET, "parameters"],
    [{ name: "filter", in: "query", content: { "application/json": { schema: { type: "object" } } } }],
    [{ name: "filter", in: "query", style: "deepObject", explode: true, schema: { type: "object" } }],
    ["error parameter-style-changed"],
    ["error parameter-style-changed"],
  ],
  [
    "one value of a path, as a label",
    [...GET, "parameters"],
    [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
    [{ name: "id", in: "path", required: true, style: "label", schema: { type: "string" } }],
    ["error parameter-style-changed"],
    ["error parameter-style-changed"],
  ],
  ["how one value is written", [...GET, "parameters"], [LIMIT], [{ ...LIMIT, explode: false }], [], []],
  [
    "type of a parameter",
    [...GET, "parameters"],
    [LIMIT],
    [{ ...LIMIT, schema: { type: "string", default: 10 } }],
    ["info type-added"],
    ["error type-changed"],
  ],
  [
    "body",
    [...GET, "requestBody"],
    undefined,
    OPERATION.requestBody,
    ["info request-body-added"],
    ["error request-body-removed"],
  ],
  [
    "required body",
    [...GET, "requestBody"],
    undefined,
    { ...OPERATION.requestBody, required: true },
    ["error required-request-body-added"],
    ["error request-body-removed"],
  ],
  [
    "need of a body",
    [...GET, "requestBody", "required"],
    false,
    true,
    ["error request-body-became-required"],
    ["info request-body-became-optional"],
  ],
  [
    "media type of a body",
    [...GET, "requestBody", "content", "text/csv"],
    undefined,
    {},
    ["info media-type-added"],
    ["error media-type-removed"],
  ],
  [
    "schema of a request body",
    [...GET, "requestBody", "content", "text/csv"],
    {},
    { schema: { type: "string" } },
    ["error body-schema-added"],
    ["info body-schema-removed"],
  ],
  [
    "status of success",
    [...GET, "responses", "201"],
    undefined,
    {},
    ["info success-status-added"],
    ["error success-status-removed"],
  ],
  [
    "status of failure",
    [...GET, "responses", "409"],
    undefined,
    {},
    ["info error-status-added"],
    ["info error-status-removed"],
  ],
  ["a range in the place of a status", [...GET, "responses"], { 404: {} }, { "4XX": {} }, [], []],
  [
    "one status in the place of a range",
    [...GET, "responses"],
    { "2XX": { content: { "application/json": { schema: { type: "string" } } } } },
    { 200: { content: { "application/json": { schema: { type: "integer" } } } } },
    ["error type-changed"],
    ["error type-changed"],
  ],
  [
    "a status beside its range",
    [...GET, "responses"],
    { "2XX": { content: { "application/json": { schema: { type: "string" } } } } },
    {
      "2XX": { content: { "application/json": { schema: { type: "string" } } } },
      202: { content: { "application/json": { schema: { type: "integer" } } } },
    },
    ["error type-changed"],
    ["error type-changed"],
  ],
  [
    "media type of a response",
    [...OK, "content", "text/csv"],
    undefined,
    {},
    ["info media-type-added"],
    ["error media-type-removed"],
  ],
  [
    "a range of media types",
    [...OK, "content"],
    { "text/csv": {} },
    { "text/*": {} },
    ["error media-type-generalized"],
    ["info media-type-specialized"],
  ],
  [
    "parameters of a media type",
    [...OK, "content"],
    { "text/csv": {} },
    { "text/csv; charset=utf-8": {} },
    ["info media-type-renamed"],
    ["info media-type-renamed"],
  ],
  [
    "schema of a response",
    [...OK, "content", "text/csv"],
    {},
    { schema: { type: "string" } },
    ["info body-schema-added"],
    ["warning body-schema-removed"],
  ],
  [
    "optional header",
    [...OK, "headers", "Link"],
    undefined,
    { schema: { type: "string" } },
    ["info header-added"],
    ["warning optional-header-removed"],
  ],
  [
    "required header",
    [...OK, "headers", "Etag"],
    undefined,
    { required: true },
    ["info header-added"],
    ["error required-header-removed"],
  ],
  [
    "need of a header",
    [...OK, "headers", "X-Total", "required"],
    true,
    false,
    ["error header-became-optional"],
    ["info header-became-required"],
  ],
  [
    "header type",
    [...OK, "headers", "Link", "schema", "type"],
    "string",
    "integer",
    ["error type-changed"],
    ["error type-changed"],
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
    ["error type-changed"],
    ["error type-changed"],
  ],
  [
    "items of a stream, beside the schema of the whole",
    [...OK, "content", "application/jsonl"],
    { schema: { type: "array" }, itemSchema: { type: "string" } },
    { schema: { type: "array" }, itemSchema: { type: "integer" } },
    ["error type-changed"],
    ["error type-changed"],
  ],
  [
    "way to be let in",
    [...GET, "security"],
    [{ key: [] }],
    [{ key: [] }, { auth: ["read"] }],
    ["info security-added"],
    ["error security-removed"],
  ],
  [
    "scope",
    [...GET, "security"],
    [{ auth: ["read"] }],
    [{ auth: ["read", "write"] }],
    ["warning security-scope-added"],
    ["info security-scope-removed"],
  ],
  [
    "open operation",
    [...GET, "security"],
    [],
    [{ key: [] }],
    ["error security-removed", "info security-added"],
    ["info security-added"],
  ],
  [
    "another name for a scheme",
    [],
    renamed("key"),
    renamed("apiKey"),
    ["info security-scheme-added", "info security-scheme-removed"],
    ["info security-scheme-added", "info security-scheme-removed"],
  ],
  [
    "one scheme more that is needed",
    [...GET, "security"],
    [{ key: [] }],
    [{ key: [], auth: [] }],
    ["error security-removed", "info security-added"],
    ["info security-added"],
  ],
  [
    "address to get new tokens",
    ["components", "securitySchemes", "auth", "flows", "implicit", "refreshUrl"],
    "https://x.test/refresh",
    "https://x.test/r2",
    ["warning security-url-changed"],
    ["warning security-url-changed"],
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
    ["info security-scheme-added"],
    ["info security-scheme-removed"],
  ],
  [
    "name of a key",
    ["components", "securitySchemes", "key", "name"],
    "X-Key",
    "X-Api-Key",
    ["warning security-scheme-changed"],
    ["warning security-scheme-changed"],
  ],
  [
    "address of tokens",
    ["components", "securitySchemes", "auth", "flows", "implicit", "tokenUrl"],
    "https://x.test/token",
    "https://x.test/t2",
    ["warning security-url-changed"],
    ["warning security-url-changed"],
  ],
  [
    "text of a scope",
    ["components", "securitySchemes", "auth", "flows", "implicit", "scopes"],
    { read: "Read all" },
    { read: "Read" },
    ["info oauth-scope-changed"],
    ["info oauth-scope-changed"],
  ],
  [
    "scopes of a scheme",
    ["components", "securitySchemes", "auth", "flows", "implicit", "scopes", "write"],
    undefined,
    "Write",
    ["info oauth-scope-added"],
    ["info oauth-scope-removed"],
  ],
  ["named schema", ["components", "schemas", "Other"], undefined, {}, [], ["info named-schema-removed"]],
  [
    "base path",
    ["servers"],
    [{ url: "https://x.test/v1" }],
    [{ url: "https://x.test/v2" }],
    ["warning servers-changed"],
    ["warning servers-changed"],
  ],
  [
    "host of the servers",
    ["servers"],
    [{ url: "https://x.test/v1" }],
    [{ url: "https://y.test/v1" }],
    ["warning servers-changed"],
    ["warning servers-changed"],
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
    ["warning servers-changed"],
    ["warning servers-changed"],
  ],
  [
    "servers of one operation",
    [...GET, "servers"],
    undefined,
    [{ url: "https://files.x.test/v1" }],
    ["warning servers-changed"],
    ["warning servers-changed"],
  ],
  [
    "webhook",
    ["webhooks", "failed"],
    undefined,
    { post: {} },
    ["info webhook-added"],
    ["error webhook-removed"],
  ],
  [
    "media type of a webhook's payload",
    ["webhooks", "paid", "post", "requestBody", "content", "text/csv"],
    {},
    undefined,
    ["error media-type-removed"],
    ["info media-type-added"],
  ],
  [
    "payload of a webhook as a whole",
    ["webhooks", "paid", "post", "requestBody"],
    { content: { "application/json": {} } },
    undefined,
    ["error media-type-removed"],
    ["info media-type-added"],
  ],
  [
    "header of a webhook",
    ["webhooks", "paid", "post", "parameters"],
    [{ name: "X-Signature", in: "header", required: true, schema: { type: "string" } }],
    [],
    ["error required-header-removed"],
    ["info header-added"],
  ],
  [
    "life of a webhook",
    ["webhooks", "paid", "post", "deprecated"],
    undefined,
    true,
    ["info sunset-missing", "warning endpoint-deprecated"],
    ["info endpoint-reactivated"],
  ],
  [
    "our answer to a webhook, which is sent",
    ["webhooks", "paid", "post", "responses"],
    { 200: { content: { "application/json": { schema: { type: "object" } } } } },
    { 200: { content: { "application/json": { schema: { type: "object", required: ["ok"] } } } } },
    ["error required-property-added"],
    ["warning property-removed"],
  ],
  [
    "callback",
    [...GET, "callbacks"],
    undefined,
    CALLBACK("id"),
    ["info webhook-added"],
    ["error webhook-removed"],
  ],
  [
    "payload of a callback, which is read",
    [...GET, "callbacks"],
    CALLBACK("id"),
    CALLBACK(),
    ["error property-became-optional"],
    ["info property-became-required"],
  ],
  [
    "payload of a webhook, which is read",
    ["webhooks", "paid", "post", "requestBody", "content", "application/json", "schema", "required"],
    ["id"],
    [],
    ["error property-became-optional"],
    ["info property-became-required"],
  ],
  [
    "required property of a response",
    [...OK, "content", "application/json", "schema", "required"],
    ["id"],
    [],
    ["error property-became-optional"],
    ["info property-became-required"],
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
