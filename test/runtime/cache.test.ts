import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  type CacheStore,
  CircuitOpenError,
  memoryCache,
  NotFoundError,
  redisCache,
  ServerError,
  ValidationError,
} from "../../src/runtime/index.ts";
import { createThing, failureOf, getThing, networkError, provider, type Reaction } from "./support.ts";

const kept = { ...getThing, cache: {}, retries: 0 };

describe("a kept answer", () => {
  test.each<[string, Reaction]>([
    ["server_error", { status: 503 }],
    ["connection", { error: networkError("ECONNRESET") }],
    ["rate_limited", { status: 429, headers: { "retry-after": "600" } }],
    ["bad_response", { text: "<html>" }],
    ["timeout", { never: true }],
  ])("stands in for %s, and says its age and the reason", async (code, failure) => {
    const { client, time } = provider((_, index) => (index === 0 ? { json: { id: "a" } } : failure));
    const acme = client({ timeoutMs: 1000 });
    expect(await time.run(acme.send(kept))).toMatchObject({ source: "provider", ageMs: 0 });
    await time.pass(60_000);
    const reply = await time.run(acme.send(kept));
    expect(reply).toMatchObject({ data: { id: "a" }, source: "cache", status: 200, reason: { code } });
    expect(reply.ageMs).toBeGreaterThanOrEqual(60_000);
    expect(reply.headers.get("content-type")).toBe("application/json");
  });

  test("stands in when the deadline is reached, and while the circuit is open", async () => {
    const { client, time } = provider((_, index) => (index === 0 ? { json: { id: "a" } } : { never: true }));
    const acme = client({ breaker: { minimumCalls: 2 } });
    await time.run(acme.send(kept));
    const late = await time.run(acme.send({ ...kept, deadlineMs: 500 }));
    expect(late).toMatchObject({ source: "cache", reason: { code: "deadline" } });
    const refused = await time.run(acme.send(kept));
    expect(refused.reason).toBeInstanceOf(CircuitOpenError);
  });

  test.each([400, 401, 403, 404, 409, 410, 422])(
    "does not hide %i: that is an answer, not an outage",
    async (status) => {
      const { client, time } = provider((_, index) => (index === 0 ? {} : { status }));
      const acme = client();
      await time.run(acme.send(kept));
      await failureOf(time.run(acme.send(kept)));
    },
  );

  test("does not stand in once it is too old", async () => {
    const { client, time } = provider((_, index) => (index === 0 ? {} : { status: 500 }));
    const acme = client();
    const call = { ...kept, cache: { staleMs: 1000 } };
    await time.run(acme.send(call));
    await time.pass(1001);
    expect(await failureOf(time.run(acme.send(call)))).toBeInstanceOf(ServerError);
  });

  test("is given without asking while it is fresh", async () => {
    const { client, seen, time } = provider([{ json: { id: "a" } }]);
    const acme = client();
    const call = { ...kept, cache: { freshMs: 1000 } };
    await time.run(acme.send(call));
    await time.pass(900);
    expect(await time.run(acme.send(call))).toMatchObject({ source: "cache", ageMs: 900, attempts: [] });
    await time.pass(200);
    await time.run(acme.send(call));
    expect(seen).toHaveLength(2);
  });

  test("cannot be changed by who gets it", async () => {
    const { client, time } = provider([{ json: { list: [1] } }]);
    const acme = client();
    const call = { ...kept, cache: { freshMs: 1000 } };
    const first = await time.run(acme.request(call));
    Object.assign(Object(first), { list: [] });
    expect(await time.run(acme.request(call))).toEqual({ list: [1] });
  });

  test("is only kept when it is what our schema says", async () => {
    const schema = z.object({ id: z.string() });
    const { client, time } = provider((_, index) =>
      index === 0 ? { json: { id: "a" } } : index === 1 ? { json: { id: 1 } } : { status: 500 },
    );
    const acme = client();
    await time.run(acme.send({ ...kept, schema }));
    expect(await failureOf(time.run(acme.send({ ...kept, schema })))).toBeInstanceOf(ValidationError);
    expect(await time.run(acme.send({ ...kept, schema }))).toMatchObject({ data: { id: "a" } });
  });

  test("is of one query, one path and one set of headers", async () => {
    const { client, seen, time } = provider([{}]);
    const acme = client();
    const cache = { freshMs: 1000 };
    for (const more of [
      {},
      { query: { a: 1 } },
      { path: "/other" },
      { headers: { "accept-language": "de" } },
    ])
      await time.run(acme.send({ ...getThing, ...more, cache }));
    expect(seen).toHaveLength(4);
  });

  test("of a write is refused, unless the caller says what it is the answer to", async () => {
    const { client, seen, time } = provider([{}]);
    const acme = client();
    const error = await failureOf(time.run(acme.send({ ...createThing, cache: {} })));
    expect(String(error)).toContain("cache.key");
    expect(seen).toHaveLength(0);
    await time.run(acme.send({ ...createThing, cache: { key: "search a" } }));
  });

  test("is not missed where the store fails: the call goes on", async () => {
    const broken: CacheStore = {
      get: () => Promise.reject(new Error("gone")),
      set: () => {
        throw new Error("gone");
      },
    };
    const { client, time } = provider([{ json: { id: "a" } }]);
    expect(await time.run(client({ cache: { store: broken } }).request(kept))).toEqual({ id: "a" });
  });
});

describe("single flight", () => {
  test("asks once for all who ask the same at the same time", async () => {
    const { client, seen, time } = provider([{ json: { id: "a" }, afterMs: 100 }]);
    const acme = client();
    const replies = await time.run(Promise.all(Array.from({ length: 50 }, () => acme.request(kept))));
    expect(seen).toHaveLength(1);
    expect(new Set(replies).size).toBe(1);
  });

  test("survives that whoever began it gives up", async () => {
    const { client, seen, time } = provider((_, index) =>
      index === 0 ? { never: true } : { json: { id: "a" } },
    );
    const acme = client();
    const controller = new AbortController();
    const reason = new Error("left");
    const first = failureOf(acme.request({ ...kept, signal: controller.signal }));
    const second = acme.request(kept);
    time.clock.after(50, () => controller.abort(reason));
    expect(await time.run(Promise.all([first, second]))).toEqual([reason, { id: "a" }]);
    expect(seen).toHaveLength(2);
  });
});

describe("a fallback", () => {
  test("gives the data of a call that failed, with the reason", async () => {
    const { client, time } = provider([{ status: 404 }]);
    const fallback = (reason: Error) => ({ id: reason instanceof NotFoundError ? "none" : "?" });
    const reply = await time.run(client().send({ ...getThing, fallback }));
    expect(reply).toMatchObject({ data: { id: "none" }, source: "fallback", status: undefined });
    expect(reply.reason).toBeInstanceOf(NotFoundError);
  });

  test("comes after a kept answer", async () => {
    const { client, time } = provider((_, index) => (index === 0 ? { json: { id: "a" } } : { status: 500 }));
    const acme = client();
    const call = { ...kept, fallback: () => ({ id: "b" }) };
    await time.run(acme.send(call));
    expect(await time.run(acme.send(call))).toMatchObject({ data: { id: "a" }, source: "cache" });
  });

  test("is not asked when the caller gave up", async () => {
    const { client, time } = provider([{ never: true }]);
    const reason = new Error("left");
    const call = { ...getThing, fallback: () => "x", signal: AbortSignal.abort(reason) };
    expect(await failureOf(time.run(client().send(call)))).toBe(reason);
  });
});

describe("memory", () => {
  const answer = (text: string) => ({ text, status: 200, headers: {}, storedAt: 0 });

  test("is bounded by entries: what was used longest ago goes", async () => {
    const store = memoryCache({ maxEntries: 2 });
    await store.set("a", answer("1"), 1);
    await store.set("b", answer("2"), 1);
    await store.get("a");
    await store.set("c", answer("3"), 1);
    expect([await store.get("a"), await store.get("b"), await store.get("c")]).toMatchObject([
      { text: "1" },
      undefined,
      { text: "3" },
    ]);
  });

  test("is bounded by size, and keeps nothing that is larger than all of it", async () => {
    const store = memoryCache({ maxCharacters: 100 });
    await store.set("big", answer("x".repeat(200)), 1);
    for (let i = 0; i < 10; i++) await store.set(`k${i}`, answer("x".repeat(40)), 1);
    const found = await Promise.all(Array.from({ length: 10 }, (_, i) => store.get(`k${i}`)));
    expect(await store.get("big")).toBeUndefined();
    expect(found.filter((one) => one !== undefined)).toHaveLength(2);
  });
});

test("a Redis that is gone holds up one call a second, not each", async () => {
  const { client, time } = provider([{ json: { id: "a" } }]);
  let asked = 0;
  const gone = {
    call: () => {
      asked++;
      return new Promise<never>(() => {});
    },
  };
  const store = redisCache(gone, { scope: "a", timeoutMs: 200, clock: time.clock });
  const acme = client({ cache: { store } });
  for (let i = 0; i < 5; i++) await time.run(acme.send({ ...getThing, cache: {} }));
  expect(asked).toBe(1);
  await time.pass(1000);
  await time.run(acme.send({ ...getThing, cache: {} }));
  expect(asked).toBe(2);
});
