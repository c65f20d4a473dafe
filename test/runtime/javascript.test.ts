import { Agent } from "undici";
import { expect, test } from "vitest";
import * as runtime from "../../src/runtime/index.ts";
import { contractApi } from "../../src/testing/index.ts";

/** As JavaScript calls it: without a compiler that would refuse. */
const loosely = (called: unknown): ((...args: unknown[]) => unknown) => {
  if (typeof called !== "function") throw new Error("not a function");
  return (...args) => Reflect.apply(called, undefined, args);
};
const made =
  (type: unknown) =>
  (...args: unknown[]) => {
    if (typeof type !== "function") throw new Error("not a class");
    return Reflect.construct(type, args);
  };

const named = { integration: "acme", version: "v1", baseUrl: "http://127.0.0.1:1" };
const create = (options: object) => loosely(runtime.createClient)({ ...named, ...options });
const ask = (request: unknown) => loosely(runtime.createClient({ ...named, env: {} }).request)(request);
const get = { operation: "get-thing", method: "GET", path: "/things/1" };
const versions = { v1: () => 1, v2: () => 2 };
const env = { SECRET: ["made", "up"].join("-") };
const verify = loosely(
  runtime.createWebhookVerifier({ scheme: runtime.githubScheme, secret: "SECRET", env }),
);

const queue = runtime.memoryQueue({ name: "q" });

const CASES: readonly [what: string, call: () => unknown, said: string][] = [
  [
    "a client without options",
    () => loosely(runtime.createClient)(),
    "createClient: the options must be an object, not undefined",
  ],
  [
    "a client without a base URL",
    () => create({ baseUrl: undefined }),
    "acme: `baseUrl` must be an http(s) URL, or one per environment, not undefined",
  ],
  [
    "a misspelt scheme",
    () => create({ auth: { scheme: "beerer", secret: "k" } }),
    "acme: auth.scheme must be ",
  ],
  [
    "auth as a text",
    () => create({ auth: "bearer" }),
    "acme: auth: the options must be an object, not a string",
  ],
  [
    "a scheme without its secret",
    () => create({ auth: { scheme: "bearer" } }),
    "acme: auth: `secret` must be a text that is not empty, not undefined",
  ],
  [
    "a token URL that is none",
    () => create({ auth: { scheme: "oauth2-client-credentials", clientSecret: "k", tokenUrl: "nope" } }),
    "acme: auth: `tokenUrl` must be an http(s) URL, or a path below the base URL, not a string",
  ],
  [
    "an algorithm that there is not",
    () => create({ auth: { scheme: "hmac", secret: "k", header: "X", algorithm: "md6" } }),
    'acme: auth: `algorithm` must be "sha1" or "sha256" or "sha512", not a string',
  ],
  ["secrets as a list", () => create({ secrets: ["KEY"] }), "acme: `secrets` must be an object, not a list"],
  [
    "headers of the platform",
    () => create({ headers: new Headers({ a: "b" }) }),
    "acme: `headers` must be an object of names and values, not another object",
  ],
  [
    "a misspelt way to validate",
    () => create({ validate: "repot" }),
    'acme: `validate` must be "throw" or "report" or "off", not a string',
  ],
  [
    "a dispatcher as the transport",
    () => create({ transport: new Agent() }),
    "acme: `transport` must be a transport, such as undiciTransport(new Agent()), not another object",
  ],
  [
    "a limiter that is none",
    () => create({ limiter: {} }),
    "acme: `limiter` must be an object with `acquire`, such as new Limiter(), not another object",
  ],
  [
    "a price without a currency",
    () => create({ prices: { "get-thing": { amount: 1 } } }),
    "acme: the price of get-thing: `currency` must be a text that is not empty, not undefined",
  ],
  [
    "a price that is a number",
    () => create({ prices: { "get-thing": 1 } }),
    "acme: the price of get-thing: the options must be an object, not a number",
  ],
  [
    "a breaker that is true",
    () => create({ breaker: true }),
    "breaker: the options must be an object, not a boolean",
  ],
  ["a request that is none", () => ask(undefined), "request: the options must be an object, not undefined"],
  [
    "a request without an operation",
    () => ask({ ...get, operation: undefined }),
    "request: `operation` must be a text that is not empty, not undefined",
  ],
  [
    "a method that is a number",
    () => ask({ ...get, method: 5 }),
    "request: `method` must be a text that is not empty, not a number",
  ],
  [
    "a path without its slash",
    () => ask({ ...get, path: "things" }),
    'get-thing: `path` must begin with "/", or be an address of the base URL\'s origin',
  ],
  [
    "a signal that is none",
    () => ask({ ...get, signal: {} }),
    "get-thing: `signal` must be an object with `addEventListener`, `removeEventListener`, such as an AbortSignal, not another object",
  ],
  [
    "a schema that is none",
    () => ask({ ...get, schema: {} }),
    "get-thing: `schema` must be an object with `safeParse`, such as a zod schema, not another object",
  ],
  [
    "an unknown priority",
    () => ask({ ...get, priority: "urgent" }),
    'get-thing: `priority` must be "high" or "normal" or "low", not a string',
  ],
  [
    "a fallback that is no function",
    () => ask({ ...get, fallback: 5 }),
    "get-thing: `fallback` must be a function, not a number",
  ],
  [
    "a cache that is true",
    () => ask({ ...get, cache: true }),
    "get-thing: the options must be an object, not a boolean",
  ],
  [
    "a walk without its pagination",
    () => loosely(runtime.createClient(named).paginate)(get),
    "paginate: `pagination` must be an object with `items`, `next`, such as cursorPagination({ … }), not undefined",
  ],
  [
    "cursors without items",
    () => loosely(runtime.cursorPagination)({}),
    "cursorPagination: `items` must be a function, not undefined",
  ],
  [
    "pages without options",
    () => loosely(runtime.pagePagination)(),
    "pagePagination: the options must be an object, not undefined",
  ],
  [
    "a limiter of a number",
    () => made(runtime.Limiter)(5),
    "limiter: the options must be an object, not a number",
  ],
  [
    "a shared limiter without Redis",
    () => made(runtime.SharedLimiter)({}, { name: "a" }),
    "SharedLimiter: `redis` must be a connected client of ioredis or of redis (node-redis), not another object",
  ],
  [
    "a cache on Redis without a scope",
    () => loosely(runtime.redisCache)({ call() {} }, {}),
    "redisCache: `scope` must be a text that is not empty, not undefined",
  ],
  [
    "a transport without a dispatcher",
    () => loosely(runtime.undiciTransport)(),
    "undiciTransport: the dispatcher must be an object with `dispatch`, such as new Agent(), not undefined",
  ],
  [
    "an active version that there is not",
    () => loosely(runtime.createRouter)({ active: "v9", versions }),
    'createRouter: `active` must be "v1" or "v2", not a string',
  ],
  [
    "a canary that there is not",
    () => loosely(runtime.createRouter)({ active: "v1", versions, canary: { version: "v7", percent: 1 } }),
    'canary: `version` must be "v1" or "v2", not a string',
  ],
  [
    "a shadow that there is not",
    () => loosely(runtime.createRouter)({ active: "v1", versions, shadow: { version: "v7", onReport() {} } }),
    'shadow: `version` must be "v1" or "v2", not a string',
  ],
  [
    "a version that is no function",
    () => loosely(runtime.createRouter)({ active: "v1", versions: { v1: {} } }),
    "createRouter: `versions.v1` must be a function, not another object",
  ],
  [
    "a call without its key",
    () =>
      loosely(runtime.createRouter({ active: "v1", versions, canary: { version: "v2", percent: 1 } }).for)(
        undefined,
      ),
    "the key of a call must be a text, not undefined",
  ],
  [
    "a queue without a name",
    () => loosely(runtime.memoryQueue)(),
    "queue: the options must be an object, not undefined",
  ],
  [
    "a worker without a handler",
    () => loosely(queue.work.bind(queue))(),
    "queue q: what handles a job must be a function, not undefined",
  ],
  [
    "a queue on Redis without an address",
    () => loosely(runtime.redisQueue)({ name: "q" }),
    "queue q: `url` must be a text that is not empty, not undefined",
  ],
  [
    "a verifier without its scheme",
    () => loosely(runtime.createWebhookVerifier)({ secret: "SECRET" }),
    "webhook verifier: `scheme` must be an object with `read`, such as stripeScheme, not undefined",
  ],
  [
    "a delivery that was parsed",
    () => verify({ headers: {}, body: { a: 1 } }),
    "a delivery: `body` must be the bytes as they came, a text or a Uint8Array; what parsed them must run after the webhook, not another object",
  ],
  [
    "a delivery without headers",
    () => verify({ body: "{}" }),
    "a delivery: `headers` must be an object, not undefined",
  ],
  [
    "a scheme without its header",
    () => loosely(runtime.hmacScheme)({}),
    "hmacScheme: `header` must be a text that is not empty, not undefined",
  ],
  [
    "a receiver without its verifier",
    () => loosely(runtime.createWebhookReceiver)({}),
    "webhook receiver: `verify` must be a function, not undefined",
  ],
  [
    "an adapter without its receiver",
    () => loosely(runtime.nodeHandler)(),
    "nodeHandler: the receiver must be an object with `receive`, `process`, `refuse`, such as createWebhookReceiver(…), not undefined",
  ],
  [
    "events in a database without statements",
    () => loosely(runtime.sqlEventStore)({}),
    "sqlEventStore: `insert` must be a function, not undefined",
  ],
  [
    "an archive without its directory",
    () => loosely(runtime.fileArchive)(),
    "fileArchive: the directory must be a text that is not empty, not undefined",
  ],
  [
    "Plaid without its keys",
    () => loosely(runtime.createPlaidVerifier)({}),
    "Plaid's verifier: `fetchKey` must be a function, not undefined",
  ],
  [
    "a store of nobody",
    () => loosely(runtime.storeSecrets)({}),
    "storeSecrets: `integration` must be a text that is not empty, not undefined",
  ],
  [
    "contracts of nowhere",
    () => loosely(contractApi)({ baseUrl: "https://a.example" }),
    "contractApi: `contracts` must be a text that is not empty, not undefined",
  ],
];

test.each(CASES)("JavaScript is told what is wrong, before anything is done: %s", async (_, call, said) => {
  const failure = await Promise.resolve()
    .then(call)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TypeError);
  expect(failure instanceof Error ? failure.message : "").toContain(said);
});
