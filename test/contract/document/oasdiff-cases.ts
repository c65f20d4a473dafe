/** Two states of a schema, and what an object that has it as its property `p` lists as required. */
interface SchemaChange {
  before: object | undefined;
  after: object | undefined;
  requiredBefore?: boolean;
  requiredAfter?: boolean;
}

const string = { type: "string" };
const integer = { type: "integer" };
const array = { type: "array" };
const object = { type: "object" };
const open = (kind: string) => ({
  type: "object",
  properties: { type: { const: kind }, [kind]: string },
  required: ["type"],
});
const tagged = (mapping: Record<string, string>, propertyName = "type") => ({
  oneOf: [...new Set(Object.values(mapping))].map((name) => ({ $ref: `#/components/schemas/${name}` })),
  discriminator: {
    propertyName,
    mapping: Object.fromEntries(
      Object.entries(mapping).map(([tag, name]) => [tag, `#/components/schemas/${name}`]),
    ),
  },
});
const pets = (propertyName: string) =>
  tagged(
    { cat: propertyName === "type" ? "Cat" : "KindCat", dog: propertyName === "type" ? "Dog" : "KindDog" },
    propertyName,
  );
/** In entries: an object with a `then` of its own looks like a promise. */
const CONDITIONS = [
  ["if", { required: ["a"] }],
  ["then", { required: ["b"] }],
  ["else", { required: ["c"] }],
] as const;
const conditional = { ...object, ...Object.fromEntries(CONDITIONS) };
const without = (gone: string) => ({
  ...object,
  ...Object.fromEntries(CONDITIONS.filter(([word]) => word !== gone)),
});

/** Schemas that discriminators refer to. */
export const COMPONENTS = {
  Cat: { type: "object", properties: { type: string, claws: string }, required: ["type"] },
  Dog: { type: "object", properties: { type: string, bark: string }, required: ["type"] },
  Fish: { type: "object", properties: { type: string, fins: string }, required: ["type"] },
  KindCat: { type: "object", properties: { kind: string, claws: string }, required: ["kind"] },
  KindDog: { type: "object", properties: { kind: string, bark: string }, required: ["kind"] },
};

/** Pairs of which `X-added` or `X-set` is read forwards, `X-removed` or `X-unset` backwards. */
const PAIRS: Readonly<Record<string, readonly [object, object]>> = {
  "any-of": [{ anyOf: [open("card")] }, { anyOf: [open("card"), open("bank")] }],
  "one-of": [{ oneOf: [open("card")] }, { oneOf: [open("card"), open("bank")] }],
  "all-of": [{ allOf: [object] }, { allOf: [object, { properties: { a: string }, required: ["a"] }] }],
  const: [string, { ...string, const: "a" }],
  contains: [array, { ...array, contains: integer }],
  "content-schema": [
    { ...string, contentMediaType: "application/json" },
    { ...string, contentMediaType: "application/json", contentSchema: object },
  ],
  "default-value": [integer, { ...integer, default: 1 }],
  "dependent-required": [object, { ...object, dependentRequired: { a: ["b"] } }],
  "dependent-schema": [object, { ...object, dependentSchemas: { a: { required: ["b"] } } }],
  discriminator: [{ oneOf: pets("type").oneOf }, pets("type")],
  "discriminator-mapping": [
    tagged({ cat: "Cat", dog: "Dog" }),
    tagged({ cat: "Cat", dog: "Dog", fish: "Fish" }),
  ],
  ...Object.fromEntries(
    CONDITIONS.map(([word]) => [word, [word === "if" ? object : without(word), conditional] as const]),
  ),
  pattern: [string, { ...string, pattern: "^a" }],
  "pattern-property": [object, { ...object, patternProperties: { "^x-": string } }],
  "prefix-items": [
    { ...array, prefixItems: [string] },
    { ...array, prefixItems: [string, integer] },
  ],
  "property-names": [object, { ...object, propertyNames: { pattern: "^[a-z]+$" } }],
  "unevaluated-items": [
    { ...array, prefixItems: [string] },
    { ...array, prefixItems: [string], unevaluatedItems: false },
  ],
  "unevaluated-properties": [
    { ...object, properties: { a: string } },
    { ...object, properties: { a: string }, unevaluatedProperties: false },
  ],
  "max-length": [string, { ...string, maxLength: 5 }],
  max: [integer, { ...integer, maximum: 5 }],
  "exclusive-max": [integer, { ...integer, exclusiveMaximum: 5 }],
  min: [integer, { ...integer, minimum: 5 }],
  "exclusive-min": [integer, { ...integer, exclusiveMinimum: 5 }],
  "min-items": [array, { ...array, minItems: 2 }],
};

/** Pairs of which `X-increased` is read forwards, `X-decreased` backwards. */
const SIZES: Readonly<Record<string, readonly [object, object]>> = {
  max: [
    { ...integer, maximum: 5 },
    { ...integer, maximum: 10 },
  ],
  "exclusive-max": [
    { ...integer, exclusiveMaximum: 5 },
    { ...integer, exclusiveMaximum: 10 },
  ],
  min: [
    { ...integer, minimum: 5 },
    { ...integer, minimum: 10 },
  ],
  "exclusive-min": [
    { ...integer, exclusiveMinimum: 5 },
    { ...integer, exclusiveMinimum: 10 },
  ],
  "max-length": [
    { ...string, maxLength: 5 },
    { ...string, maxLength: 10 },
  ],
  "min-length": [
    { ...string, minLength: 1 },
    { ...string, minLength: 2 },
  ],
  "max-items": [
    { ...array, maxItems: 5 },
    { ...array, maxItems: 10 },
  ],
  "min-items": [
    { ...array, minItems: 1 },
    { ...array, minItems: 2 },
  ],
  "max-contains": [
    { ...array, contains: integer, maxContains: 1 },
    { ...array, contains: integer, maxContains: 2 },
  ],
  "min-contains": [
    { ...array, contains: integer, minContains: 1 },
    { ...array, contains: integer, minContains: 2 },
  ],
  stability: [
    { ...string, "x-stability-level": "beta" },
    { ...string, "x-stability-level": "stable" },
  ],
};

const nullable = { type: ["string", "null"] };
const gone = { ...string, deprecated: true };

/** What is no pair. */
const SINGLE: Readonly<Record<string, readonly [object, object]>> = {
  "all-of-added-annotation-only": [{ allOf: [string] }, { allOf: [string, { description: "text" }] }],
  "all-of-removed-annotation-only": [{ allOf: [string, { description: "text" }] }, { allOf: [string] }],
  "became-enum": [string, { ...string, enum: ["a", "b"] }],
  "became-nullable": [string, nullable],
  "became-not-nullable": [nullable, string],
  "became-read-only": [string, { ...string, readOnly: true }],
  "became-not-read-only": [{ ...string, readOnly: true }, string],
  "became-write-only": [string, { ...string, writeOnly: true }],
  "became-not-write-only": [{ ...string, writeOnly: true }, string],
  "const-changed": [
    { ...string, const: "a" },
    { ...string, const: "b" },
  ],
  "content-encoding-changed": [
    { ...string, contentEncoding: "base64" },
    { ...string, contentEncoding: "base32" },
  ],
  "content-media-type-changed": [
    { ...string, contentMediaType: "image/png" },
    { ...string, contentMediaType: "image/gif" },
  ],
  "default-value-changed": [
    { ...integer, default: 1 },
    { ...integer, default: 2 },
  ],
  "dependent-required-changed": [
    { ...object, dependentRequired: { a: ["b"] } },
    { ...object, dependentRequired: { a: ["c"] } },
  ],
  deprecated: [string, { ...gone, "x-sunset": "2028-01-01" }],
  "deprecated-with-sunset": [string, { ...gone, "x-sunset": "2028-01-01" }],
  "deprecated-sunset-missing": [string, gone],
  "deprecated-sunset-invalid": [string, { ...gone, "x-sunset": "soon" }],
  "sunset-date-too-small": [string, { ...gone, "x-sunset": "2026-12-01" }],
  reactivated: [gone, string],
  "discriminator-mapping-changed": [tagged({ cat: "Cat", dog: "Dog" }), tagged({ cat: "Cat", dog: "Fish" })],
  "discriminator-property-name-changed": [pets("type"), pets("kind")],
  "enum-value-added": [
    { ...string, enum: ["a", "b"] },
    { ...string, enum: ["a", "b", "c"] },
  ],
  "enum-value-removed": [
    { ...string, enum: ["a", "b", "c"] },
    { ...string, enum: ["a", "b"] },
  ],
  "x-extensible-enum-value-removed": [
    { ...string, "x-extensible-enum": ["a", "b", "c"] },
    { ...string, "x-extensible-enum": ["a", "b"] },
  ],
  "list-of-types-widened": [{ type: ["string", "boolean"] }, { type: ["string", "boolean", "object"] }],
  "list-of-types-narrowed": [{ type: ["string", "boolean", "object"] }, { type: ["string", "boolean"] }],
  "pattern-changed": [
    { ...string, pattern: "^a" },
    { ...string, pattern: "^b" },
  ],
  "pattern-generalized": [
    { ...string, pattern: "^a" },
    { ...string, pattern: ".*" },
  ],
  "type-changed": [string, object],
  "type-compatible": [
    { ...string, format: "date" },
    { ...string, format: "date-time" },
  ],
  "type-generalized": [integer, { type: "number" }],
  "type-specialized": [{ type: "number" }, integer],
  "wrapped-in-one-of": [open("card"), { oneOf: [open("card"), open("bank")] }],
};

/** A change of the schema itself, by the end of a check's name. */
function schemaChange(what: string): SchemaChange | undefined {
  const single = SINGLE[what];
  if (single) return { before: single[0], after: single[1] };
  const [, name = "", way = ""] =
    /^(.*)-(added|set|removed|unset|deleted|increased|decreased)$/.exec(what) ?? [];
  const pair = /creased$/.test(way) ? SIZES[name] : PAIRS[name];
  if (!pair) return undefined;
  const [before, after] = /^(?:added|set|increased)$/.test(way) ? pair : [pair[1], pair[0]];
  return { before, after };
}

/** A change of how a property belongs to its object. */
const MEMBERSHIP: Readonly<Record<string, SchemaChange>> = {
  added: { before: undefined, after: string },
  removed: { before: string, after: undefined },
  "became-optional": { before: string, after: string, requiredBefore: true },
  "became-required": { before: string, after: string, requiredAfter: true },
  "became-required-with-default": {
    before: { ...string, default: "x" },
    after: { ...string, default: "x" },
    requiredAfter: true,
  },
};

function holding(property: object | undefined, required: boolean): object {
  return {
    type: "object",
    properties: { id: string, ...(property ? { p: property } : {}) },
    ...(required && property ? { required: ["p"] } : {}),
  };
}

/** Where a check's schema stands, by the beginning of its name; the longer names first. */
const PLACES: readonly (readonly [
  start: string,
  operation: (schema: object) => object,
  inside?: { required?: boolean; note?: object },
])[] = [
  ["request-parameter-property", parameterWith, {}],
  ["request-parameter", parameterWith],
  ["request-header-property", headerParameterWith, {}],
  ["request-read-only-property", requestWith, { note: { readOnly: true } }],
  ["request-optional-property", requestWith, {}],
  ["request-required-property", requestWith, { required: true }],
  ["request-property", requestWith, {}],
  ["request-body", requestWith],
  ["response-optional-write-only-property", responseWith, { note: { writeOnly: true } }],
  ["response-required-write-only-property", responseWith, { required: true, note: { writeOnly: true } }],
  ["response-write-only-property", responseWith, { note: { writeOnly: true } }],
  ["response-optional-property", responseWith, {}],
  ["response-required-property", responseWith, { required: true }],
  ["response-property", responseWith, {}],
  ["response-mediatype", responseWith],
  ["response-body", responseWith],
  ["response-header", responseHeaderWith],
];

const OK = { 200: { description: "ok" } };

function parameterWith(schema: object): object {
  return { parameters: [{ name: "q", in: "query", schema }], responses: OK };
}

function headerParameterWith(schema: object): object {
  return { parameters: [{ name: "X-Q", in: "header", schema }], responses: OK };
}

function requestWith(schema: object): object {
  return { requestBody: { content: { "application/json": { schema } } }, responses: OK };
}

function responseWith(schema: object): object {
  return { responses: { 200: { content: { "application/json": { schema } } } } };
}

function responseHeaderWith(schema: object): object {
  return { responses: { 200: { headers: { "X-Q": { schema } } } } };
}

/** A document with this operation. */
export function documentWith(operation: object, more: object = {}): object {
  return {
    openapi: "3.1.0",
    info: { title: "Things", version: "1.0.0" },
    paths: { "/things": { post: operation } },
    components: { schemas: COMPONENTS },
    ...more,
  };
}

/** Checks about anything but a schema: the operation, or the document, before and after. */
const parameter = (more: object = {}) => ({
  parameters: [{ name: "q", in: "query", ...more }],
  responses: OK,
});
const none = { responses: OK };
const security = (...ways: object[]) => ({ ...none, security: ways });
const header = (more: object) => ({ responses: { 200: { headers: { "X-Q": more } } } });
const answers = (...statuses: number[]) => ({
  responses: Object.fromEntries(statuses.map((status) => [status, { description: "" }])),
});
const media = (content: object) => ({ responses: { 200: { content } } });
const sent = (content: object, more: object = {}) => ({ requestBody: { content, ...more }, responses: OK });
const json = (schema?: object) => ({ "application/json": schema ? { schema } : {} });

const OPERATIONS: Readonly<Record<string, readonly [object | undefined, object | undefined]>> = {
  "endpoint-added": [undefined, none],
  "endpoint-deprecated": [none, { ...none, deprecated: true, "x-sunset": "2028-01-01" }],
  "endpoint-deprecated-with-sunset": [none, { ...none, deprecated: true, "x-sunset": "2028-01-01" }],
  "endpoint-reactivated": [{ ...none, deprecated: true }, none],
  "api-deprecated-sunset-missing": [none, { ...none, deprecated: true }],
  "api-deprecated-sunset-parse": [none, { ...none, deprecated: true, "x-sunset": "soon" }],
  "api-sunset-date-too-small": [none, { ...none, deprecated: true, "x-sunset": "2026-12-01" }],
  "api-sunset-date-changed-too-small": [
    { ...none, deprecated: true, "x-sunset": "2028-01-01" },
    { ...none, deprecated: true, "x-sunset": "2026-12-01" },
  ],
  "sunset-deleted": [
    { ...none, deprecated: true, "x-sunset": "2028-01-01" },
    { ...none, deprecated: true },
  ],
  "api-path-removed-without-deprecation": [none, undefined],
  "api-path-removed-with-deprecation": [{ ...none, deprecated: true, "x-sunset": "2020-01-01" }, undefined],
  "api-path-removed-before-sunset": [{ ...none, deprecated: true, "x-sunset": "2028-01-01" }, undefined],
  "api-path-sunset-parse": [{ ...none, deprecated: true, "x-sunset": "soon" }, undefined],
  "api-removed-without-deprecation": [none, undefined],
  "api-removed-with-deprecation": [{ ...none, deprecated: true }, undefined],
  "api-removed-before-sunset": [{ ...none, deprecated: true, "x-sunset": "2028-01-01" }, undefined],
  "api-stability-decreased": [
    { ...none, "x-stability-level": "stable" },
    { ...none, "x-stability-level": "beta" },
  ],
  "api-stability-increased": [
    { ...none, "x-stability-level": "beta" },
    { ...none, "x-stability-level": "stable" },
  ],
  "api-invalid-stability-level": [none, { ...none, "x-stability-level": "golden" }],
  "api-operation-id-added": [none, { ...none, operationId: "list" }],
  "api-operation-id-removed": [{ ...none, operationId: "list" }, none],
  "api-tag-added": [none, { ...none, tags: ["a"] }],
  "api-tag-removed": [{ ...none, tags: ["a"] }, none],
  "api-security-added": [security({ key: [] }), security({ key: [] }, { other: [] })],
  "api-security-removed": [security({ key: [] }, { other: [] }), security({ key: [] })],
  "api-security-scope-added": [security({ key: ["a"] }), security({ key: ["a", "b"] })],
  "api-security-scope-removed": [security({ key: ["a", "b"] }), security({ key: ["a"] })],
  "new-optional-request-parameter": [none, parameter()],
  "new-required-request-parameter": [none, parameter({ required: true })],
  "request-parameter-removed": [parameter(), none],
  "request-parameter-removed-with-deprecation": [parameter({ deprecated: true }), none],
  "request-parameter-removed-before-sunset": [
    parameter({ deprecated: true, "x-sunset": "2028-01-01" }),
    none,
  ],
  "request-parameter-sunset-parse": [parameter(), parameter({ deprecated: true, "x-sunset": "soon" })],
  "request-parameter-sunset-deleted": [
    parameter({ deprecated: true, "x-sunset": "2028-01-01" }),
    parameter({ deprecated: true }),
  ],
  "request-parameter-sunset-date-changed-too-small": [
    parameter({ deprecated: true, "x-sunset": "2028-01-01" }),
    parameter({ deprecated: true, "x-sunset": "2026-12-01" }),
  ],
  "request-parameter-sunset-date-too-small": [
    parameter(),
    parameter({ deprecated: true, "x-sunset": "2026-12-01" }),
  ],
  "request-parameter-deprecated-sunset-missing": [parameter(), parameter({ deprecated: true })],
  "request-parameter-deprecated": [parameter(), parameter({ deprecated: true, "x-sunset": "2028-01-01" })],
  "request-parameter-reactivated": [parameter({ deprecated: true }), parameter()],
  "request-parameter-became-required": [parameter(), parameter({ required: true })],
  "request-parameter-became-optional": [parameter({ required: true }), parameter()],
  "request-body-added-optional": [none, sent(json())],
  "request-body-added-required": [none, sent(json(), { required: true })],
  "request-body-removed": [sent(json()), none],
  "request-body-became-optional": [sent(json(), { required: true }), sent(json())],
  "request-body-became-required": [sent(json()), sent(json(), { required: true })],
  "request-body-media-type-added": [sent(json()), sent({ ...json(), "text/csv": {} })],
  "request-body-media-type-removed": [sent({ ...json(), "text/csv": {} }), sent(json())],
  "request-body-media-type-schema-added": [sent(json()), sent(json(object))],
  "request-body-media-type-schema-removed": [sent(json(object)), sent(json())],
  "response-body-media-type-schema-added": [media(json()), media(json(object))],
  "response-body-media-type-schema-removed": [media(json(object)), media(json())],
  "response-media-type-added": [media(json()), media({ ...json(), "text/csv": {} })],
  "response-media-type-removed": [media({ ...json(), "text/csv": {} }), media(json())],
  "response-media-type-name-changed": [media({ "text/csv": {} }), media({ "text/csv; charset=utf-8": {} })],
  "response-media-type-name-generalized": [media({ "application/problem+json": {} }), media(json())],
  "response-media-type-name-specialized": [media(json()), media({ "application/problem+json": {} })],
  "response-header-added": [none, header({ schema: string })],
  "optional-response-header-removed": [header({ schema: string }), none],
  "required-response-header-removed": [header({ required: true, schema: string }), none],
  "response-header-became-optional": [header({ required: true, schema: string }), header({ schema: string })],
  "response-success-status-added": [answers(200), answers(200, 202)],
  "response-success-status-removed": [answers(200, 202), answers(200)],
  "response-non-success-status-added": [answers(200), answers(200, 409)],
  "response-non-success-status-removed": [answers(200, 409), answers(200)],
  "new-optional-request-property": [
    requestWith(holding(undefined, false)),
    requestWith(holding(string, false)),
  ],
  "new-required-request-property": [
    requestWith(holding(undefined, false)),
    requestWith(holding(string, true)),
  ],
  "new-required-request-property-with-default": [
    requestWith(holding(undefined, false)),
    requestWith(holding({ ...string, default: "x" }, true)),
  ],
  "new-required-request-header-property": [
    headerParameterWith(holding(undefined, false)),
    headerParameterWith(holding(string, true)),
  ],
};

const scheme = (more: object = {}) => ({
  type: "oauth2",
  flows: {
    implicit: {
      authorizationUrl: "https://x.test/a",
      tokenUrl: "https://x.test/t",
      scopes: { read: "Read" },
      ...more,
    },
  },
});
const schemes = (securitySchemes: object) => documentWith(none, { components: { securitySchemes } });
const version = (text: string, operation: object | undefined = none) => ({
  ...documentWith(none),
  info: { title: "Things", version: text },
  paths: { "/things": { post: operation ?? {} }, "/more": { get: none } },
});
const globally = (...ways: object[]) => documentWith(none, { security: ways });
const shared = (parameters: object[], path = "/things") =>
  documentWith(none, { paths: { [path]: { parameters, post: none } } });
const hooks = (webhooks: object) => documentWith(none, { webhooks });
const hook = { post: { requestBody: { content: json(object) }, responses: OK } };

const DOCUMENTS: Readonly<Record<string, readonly [object, object]>> = {
  "api-security-component-added": [schemes({}), schemes({ oauth: scheme() })],
  "api-security-component-removed": [schemes({ oauth: scheme() }), schemes({})],
  "api-security-component-type-changed": [
    schemes({ oauth: scheme() }),
    schemes({ oauth: { type: "http", scheme: "bearer" } }),
  ],
  "api-security-component-oauth-url-changed": [
    schemes({ oauth: scheme() }),
    schemes({ oauth: scheme({ authorizationUrl: "https://x.test/b" }) }),
  ],
  "api-security-component-oauth-token-url-changed": [
    schemes({ oauth: scheme() }),
    schemes({ oauth: scheme({ tokenUrl: "https://x.test/u" }) }),
  ],
  "api-security-component-oauth-scope-added": [
    schemes({ oauth: scheme() }),
    schemes({ oauth: scheme({ scopes: { read: "Read", write: "Write" } }) }),
  ],
  "api-security-component-oauth-scope-removed": [
    schemes({ oauth: scheme() }),
    schemes({ oauth: scheme({ scopes: {} }) }),
  ],
  "api-security-component-oauth-scope-changed": [
    schemes({ oauth: scheme() }),
    schemes({ oauth: scheme({ scopes: { read: "Read all" } }) }),
  ],
  "api-global-security-added": [globally({ key: [] }), globally({ key: [] }, { other: [] })],
  "api-global-security-removed": [globally({ key: [] }, { other: [] }), globally({ key: [] })],
  "api-global-security-scope-added": [globally({ key: ["a"] }), globally({ key: ["a", "b"] })],
  "api-global-security-scope-removed": [globally({ key: ["a", "b"] }), globally({ key: ["a"] })],
  "api-version-not-bumped": [version("1.0.0"), { ...documentWith(none) }],
  "api-version-decreased": [version("1.1.0"), { ...version("1.0.0"), paths: {} }],
  "api-major-version-not-bumped": [version("1.0.0"), { ...version("1.1.0"), paths: {} }],
  "new-optional-request-default-parameter-to-existing-path": [
    shared([]),
    shared([{ name: "q", in: "query" }]),
  ],
  "new-required-request-default-parameter-to-existing-path": [
    shared([]),
    shared([{ name: "q", in: "query", required: true }]),
  ],
  "new-request-path-parameter": [shared([]), shared([], "/things/{id}")],
  "api-schema-removed": [documentWith(none), documentWith(none, { components: { schemas: {} } })],
  "webhook-added": [hooks({}), hooks({ paid: hook })],
  "webhook-removed": [hooks({ paid: hook }), hooks({})],
};

/** Two documents between which oasdiff's check of this name speaks. */
export function documentsFor(check: string): readonly [before: object, after: object] {
  const whole = DOCUMENTS[check];
  if (whole) return whole;
  const operation = OPERATIONS[check];
  if (operation) return [withOrWithout(operation[0]), withOrWithout(operation[1])];
  for (const [start, around, inside] of PLACES) {
    if (!check.startsWith(`${start}-`)) continue;
    const what = check.slice(start.length + 1);
    const change = (inside ? MEMBERSHIP[what] : undefined) ?? schemaChange(what);
    if (!change) break;
    return [
      documentWith(around(placed(change.before, inside, change.requiredBefore))),
      documentWith(around(placed(change.after, inside, change.requiredAfter))),
    ];
  }
  throw new Error(`no documents for ${check}`);
}

/** The path of what changes there: in a schema that stands alone, or is a property; `undefined` where it is in no schema. */
export function pathOf(check: string): string | undefined {
  if (DOCUMENTS[check] || OPERATIONS[check]) return undefined;
  const [, , inside] = PLACES.find(([start]) => check.startsWith(`${start}-`)) ?? [];
  return inside ? "$.p" : "$";
}

const withOrWithout = (operation: object | undefined): object =>
  operation ? documentWith(operation) : documentWith({}, { paths: { "/things": {} } });

function placed(
  schema: object | undefined,
  inside: { required?: boolean; note?: object } | undefined,
  required = false,
): object {
  if (!inside) return schema ?? {};
  return holding(schema && { ...schema, ...inside.note }, required || inside.required === true);
}
