import { describe, expect, test } from "vitest";
import {
  Breaker,
  Bulkhead,
  createPlaidVerifier,
  createRouter,
  createWebhookReceiver,
  createWebhookVerifier,
  cursorPagination,
  Limiter,
  memoryCache,
  memoryEventStore,
  memoryQueue,
  offsetPagination,
  redisCache,
  redisEventStore,
  redisQueue,
  SharedLimiter,
  stripeScheme,
} from "../../src/runtime/index.ts";
import { failureOf, getThing, provider } from "./support.ts";

const redis = { call: async () => "OK" };
const verify = () => ({ id: "1", signedAt: undefined, payload: {} });
const receive = (options: object) => createWebhookReceiver({ verify, handle: () => {}, ...options });
const route = (percent: number, guard: object = {}) =>
  createRouter({
    active: "v1",
    versions: { v1: () => 1, v2: () => 2 },
    canary: { version: "v2", percent, guard },
  });
const shadow = (options: object) =>
  createRouter({
    active: "v1",
    versions: { v1: () => 1, v2: () => 2 },
    shadow: { version: "v2", onReport: () => {}, ...options },
  });

/** What nobody means: `Number(process.env.X)` of a variable that is not set, and its like. */
const impossible: [string, (value: number) => unknown, number[]][] = [
  ["deadlineMs", (deadlineMs) => provider([]).client({ deadlineMs }), [Number.NaN, 0, -1, 1e12]],
  ["timeoutMs", (timeoutMs) => provider([]).client({ timeoutMs }), [Number.NaN, 0, -1]],
  ["retries", (retries) => provider([]).client({ retries }), [Number.NaN, -1, 1.5]],
  ["maxBodyBytes", (maxBodyBytes) => provider([]).client({ maxBodyBytes }), [Number.NaN, 0]],
  ["notProcessed", (status) => provider([]).client({ notProcessed: [status] }), [Number.NaN, 1000]],
  [
    "amount",
    (amount) => provider([]).client({ prices: { "*": { amount, currency: "USD" } } }),
    [Number.NaN, -1],
  ],
  ["threshold", (threshold) => new Breaker({ threshold }), [Number.NaN, 0, 2]],
  ["minimumCalls", (minimumCalls) => provider([]).client({ breaker: { minimumCalls } }), [Number.NaN, 0]],
  ["windowMs", (windowMs) => new Breaker({ windowMs }), [Number.NaN, 0]],
  ["openMs", (openMs) => new Breaker({ openMs }), [Number.NaN, -5]],
  ["maxConcurrent", (maxConcurrent) => new Bulkhead({ maxConcurrent }), [Number.NaN, 0]],
  ["maxQueue", (maxQueue) => provider([]).client({ bulkhead: { maxQueue } }), [Number.NaN, -1]],
  ["maxEntries", (maxEntries) => memoryCache({ maxEntries }), [Number.NaN, 0]],
  ["timeoutMs", (timeoutMs) => redisCache(redis, { scope: "a", timeoutMs }), [Number.NaN, 0]],
  ["timeoutMs", (timeoutMs) => new SharedLimiter(redis, { name: "a", timeoutMs }), [Number.NaN]],
  ["processes", (processes) => new SharedLimiter(redis, { name: "a", processes }), [Number.NaN, 0]],
  ["reserve", (reserve) => new Limiter({ reserve }), [Number.NaN, 2]],
  ["rate", (requests) => new Limiter({ rate: { requests, perMs: 1000 } }), [Number.NaN, 0]],
  ["rate", (requests) => memoryQueue({ name: "a", rate: { requests, perMs: 1000 } }), [Number.NaN, 0]],
  ["attempts", (attempts) => memoryQueue({ name: "a", attempts }), [Number.NaN, 0]],
  ["backoffMs", (backoffMs) => memoryQueue({ name: "a", backoffMs }), [Number.NaN, -1]],
  ["delayMs", (delayMs) => memoryQueue({ name: "a" }).add(1, { delayMs }), [Number.NaN, -1]],
  [
    "concurrency",
    (concurrency) => memoryQueue({ name: "a" }).work(() => {}, { concurrency }),
    [Number.NaN, 0],
  ],
  ["graceMs", (graceMs) => memoryQueue({ name: "a" }).close({ graceMs }), [Number.NaN, -1]],
  ["leaseMs", (leaseMs) => redisQueue({ name: "a", url: "redis://127.0.0.1", leaseMs }), [Number.NaN, 0]],
  ["leaseMs", (leaseMs) => receive({ leaseMs }), [Number.NaN, 0]],
  ["maxBytes", (maxBytes) => receive({ maxBytes }), [Number.NaN, 0]],
  ["bodyTimeoutMs", (bodyTimeoutMs) => receive({ bodyTimeoutMs }), [Number.NaN, 0]],
  ["maxEvents", (maxEvents) => memoryEventStore({ maxEvents }), [Number.NaN, 0]],
  ["keepMs", (keepMs) => redisEventStore(redis, { scope: "a", keepMs }), [Number.NaN, 0.5]],
  ["percent", (percent) => route(percent), [Number.NaN, 101]],
  ["falseAlarms", (falseAlarms) => route(1, { falseAlarms }), [Number.NaN, 0]],
  ["percent", (percent) => shadow({ percent }), [Number.NaN, -1]],
  ["limit", (limit) => offsetPagination({ items: () => [], limit }), [Number.NaN, 0]],
];

describe("a number that no option can be is refused, not obeyed in silence", () => {
  test.each(impossible)("%s", async (name, use, values) => {
    for (const value of values) {
      const error = await failureOf((async () => use(value))());
      expect(error).toBeInstanceOf(RangeError);
      expect(String(error)).toContain(name);
    }
  });

  test.each(["toleranceMs"])("%s: no signature is older than NaN", (name) => {
    const options = { scheme: stripeScheme, secret: "S", [name]: Number.NaN };
    expect(() => createWebhookVerifier(options)).toThrow(
      "`toleranceMs` must be milliseconds above 0, not NaN",
    );
    expect(() => createPlaidVerifier({ fetchKey: async () => undefined, [name]: Number.NaN })).toThrow(
      RangeError,
    );
  });

  test.each<[string, object]>([
    ["deadlineMs", { deadlineMs: Number.NaN }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["retries", { retries: Number.NaN }],
    ["staleMs", { cache: { staleMs: Number.NaN } }],
  ])("%s of one call, and nothing is sent", async (name, options) => {
    const { client, seen } = provider([{}]);
    const error = await failureOf(client().request({ ...getThing, ...options }));
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toContain(`get-thing: \`${name}\` must be `);
    expect(seen).toEqual([]);
  });

  test("maxItems and maxPages of a walk", async () => {
    const { client } = provider([{ json: { data: [1] } }]);
    const pagination = cursorPagination({ items: () => [1], parameter: "after", next: () => undefined });
    for (const bound of [{ maxItems: Number.NaN }, { maxPages: 0 }]) {
      expect(
        await failureOf(
          client()
            .paginate({ ...getThing, pagination, ...bound })
            .all(),
        ),
      ).toBeInstanceOf(RangeError);
    }
  });
});

test("of an option that is no number only its kind is shown: it may be a secret in the wrong place", () => {
  const text = ["hush", "hush"].join("-");
  const options: object = { retries: text };
  const make = () => provider([]).client(options);
  expect(make).toThrow("acme: `retries` must be a whole number, 0 or more, not a string");
  expect(make).not.toThrow(text);
});

test.each(["integration", "version"])("a client without its `%s` is refused by name", (name) => {
  expect(() => provider([]).client({ [name]: "" })).toThrow(`\`${name}\` must be a name`);
});
