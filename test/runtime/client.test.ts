import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  AuthenticationError,
  BadResponseError,
  CircuitOpenError,
  ConnectionError,
  IntegrationError,
  Limiter,
  MissingSecretError,
  OverloadedError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
} from "../../src/runtime/index.ts";
import { createThing, failureOf, getThing, networkError, provider } from "./support.ts";

const Thing = z.looseObject({ id: z.string() });
const secretText = ["very", "secret", "value"].join("-");

describe("a request", () => {
  test("goes to base URL, filled path and query, with the version's headers", async () => {
    const { client, seen, time } = provider([{ json: { id: "a" } }]);
    const acme = client({ baseUrl: "https://api.example.com/base/", headers: { "Acme-Version": "2024" } });
    const data = await time.run(
      acme.request({
        operation: "get-thing",
        method: "get",
        path: "/things/{id}/parts",
        params: { id: "a/b c" },
        query: { limit: 3, tag: ["x", "y"], none: undefined },
        schema: Thing,
      }),
    );
    expect(data).toEqual({ id: "a" });
    expect(seen[0]?.url).toBe("https://api.example.com/base/things/a%2Fb%20c/parts?limit=3&tag=x&tag=y");
    expect(seen[0]?.headers["acme-version"]).toBe("2024");
  });

  test.each(["..", ".", ""])(
    "refuses %j as a path parameter, which would ask for another path",
    async (id) => {
      const { client, seen, time } = provider([{}]);
      const call = client().request({
        operation: "get",
        method: "GET",
        path: "/things/{id}",
        params: { id },
      });
      const error = await failureOf(time.run(call));
      expect(String(error)).toContain("path parameter `id`");
      expect(seen).toHaveLength(0);
    },
  );

  test("sends nested form fields with brackets", async () => {
    const { client, seen, time } = provider([{}]);
    const body = { amount: 5, metadata: { order: "7" }, items: ["a", "b"], none: undefined };
    await time.run(client({ encoding: "form" }).request({ ...createThing, body }));
    expect(decodeURIComponent(String(seen[0]?.body))).toBe(
      "amount=5&metadata[order]=7&items[0]=a&items[1]=b",
    );
    expect(seen[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  test.each([
    [{ scheme: "bearer", secret: "key" }, "authorization", `Bearer ${secretText}`],
    [{ scheme: "header", header: "X-Key", secret: "key" }, "x-key", secretText],
    [{ scheme: "header", header: "X-Key", prefix: "Token ", secret: "key" }, "x-key", `Token ${secretText}`],
    [
      { scheme: "basic", username: "me", passwordSecret: "key" },
      "authorization",
      `Basic ${Buffer.from(`me:${secretText}`).toString("base64")}`,
    ],
  ] as const)("proves itself by %j", async (auth, header, value) => {
    const { client, seen, time } = provider([{}]);
    await time.run(
      client({ auth, secrets: { key: "ACME_KEY" }, env: { ACME_KEY: secretText } }).request(getThing),
    );
    expect(seen[0]?.headers[header]).toBe(value);
  });

  test("names the variable of a secret that is not set, and sends nothing", async () => {
    const { client, seen, time } = provider([{}]);
    const acme = client({ auth: { scheme: "bearer", secret: "key" }, secrets: { key: "ACME_KEY" } });
    const error = await failureOf(time.run(acme.request(getThing)));
    expect(error).toBeInstanceOf(MissingSecretError);
    expect(error).toMatchObject({ variable: "ACME_KEY", attempts: [] });
    expect(seen).toHaveLength(0);
  });

  test("picks the base URL of the environment", async () => {
    const { client, seen, time } = provider([{}]);
    const baseUrl = { dev: "https://dev.example.com", "*": "https://api.example.com" };
    await time.run(client({ baseUrl, env: { INTEG_ENV: "dev" } }).request(getThing));
    await time.run(client({ baseUrl, environment: "prod" }).request(getThing));
    expect(seen.map(({ url }) => url)).toEqual([
      "https://dev.example.com/things/1",
      "https://api.example.com/things/1",
    ]);
  });
});

describe("retries", () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 529])(
    "a read that met %i goes again, twice",
    async (status) => {
      const { client, seen, time } = provider([{ status }]);
      const error = await failureOf(time.run(client().request(getThing)));
      expect(seen).toHaveLength(3);
      expect(error).toBeInstanceOf(IntegrationError);
      expect(error).toMatchObject({ attempts: [{ number: 1, status }, { number: 2 }, { number: 3 }] });
    },
  );

  test.each([400, 401, 403, 404, 409, 410, 422, 501, 505])("%i is final", async (status) => {
    const { client, seen, time } = provider([{ status }]);
    await failureOf(time.run(client().request(getThing)));
    expect(seen).toHaveLength(1);
  });

  test("wait with full jitter that doubles: half of 0.5 s, then half of 1 s, where chance is a half", async () => {
    const { client, seen, time } = provider([{ status: 500 }, { status: 500 }, { json: { id: "a" } }]);
    await time.run(client().request(getThing));
    expect(seen.map(({ at }) => at - (seen[0]?.at ?? 0))).toEqual([0, 250, 750]);
  });

  test.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after-ms": "1234", "retry-after": "7" }, 1234],
    [{ "retry-after": new Date(Date.UTC(2026, 0, 1) + 9000).toUTCString() }, 9000],
  ])("obey the server's %j before their own idea", async (headers, waited) => {
    const { client, seen, time } = provider([{ status: 503, headers }, { json: {} }]);
    await time.run(client().request(getThing));
    expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0)).toBe(waited);
  });

  test("fail at once when the server asks for more time than the deadline leaves", async () => {
    const { client, seen, time } = provider([{ status: 429, headers: { "retry-after": "120" } }]);
    const start = time.clock.now();
    const error = await failureOf(time.run(client().request(getThing)));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, retryAt: start + 120_000 });
    expect([seen.length, time.clock.now() - start]).toEqual([1, 0]);
  });

  test("never repeat a POST without an idempotency key", async () => {
    const { client, seen, time } = provider([{ status: 503 }]);
    await failureOf(time.run(client().request(createThing)));
    expect(seen).toHaveLength(1);
  });

  test("repeat a POST with one key for all its attempts, and another key for the next call", async () => {
    const { client, seen, time } = provider([{ status: 503 }, { error: networkError("ECONNRESET") }, {}]);
    const acme = client({ idempotencyHeader: "Idempotency-Key" });
    await time.run(acme.request(createThing));
    await time.run(acme.request(createThing));
    const keys = seen.map(({ headers }) => headers["idempotency-key"]);
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  test("repeat a POST that provably never left: the connection was refused", async () => {
    const { client, seen, time } = provider([{ error: networkError("ECONNREFUSED") }, {}]);
    await time.run(client().request(createThing));
    expect(seen).toHaveLength(2);
  });

  test("repeat a POST on statuses with which the provider says that nothing was done", async () => {
    const { client, seen, time } = provider([{ status: 429 }, {}]);
    await time.run(client({ notProcessed: [429] }).request(createThing));
    expect(seen).toHaveLength(2);
  });

  test("follow the provider's should-retry header, for and against", async () => {
    const against = provider([{ status: 500, headers: { "x-should-retry": "false" } }]);
    await failureOf(against.time.run(against.client().request(getThing)));
    expect(against.seen).toHaveLength(1);
    const headers = { "stripe-should-retry": "true" };
    const forIt = provider([{ status: 409, headers }, {}]);
    await forIt.time.run(forIt.client().request(getThing));
    expect(forIt.seen).toHaveLength(2);
  });

  test("stop when the client's budget is spent: an outage is not multiplied", async () => {
    const { client, seen, time } = provider([{ status: 500 }]);
    const acme = client({ breaker: false });
    for (let i = 0; i < 100; i++) await failureOf(time.run(acme.request(getThing)));
    expect(seen).toHaveLength(100 + 100);
  });
});

describe("time", () => {
  test("an attempt that gives no answer is given up after its timeout, and tried again", async () => {
    const { client, seen, time } = provider([{ never: true }]);
    const start = time.clock.now();
    const error = await failureOf(time.run(client({ timeoutMs: 1000 }).request(getThing)));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: "timeout", attempts: [{ failure: "timeout" }, {}, {}] });
    expect(seen).toHaveLength(3);
    expect(time.clock.now() - start).toBe(1000 * 3 + 250 + 500);
  });

  test("no call outlives its deadline", async () => {
    const { client, time } = provider([{ never: true }]);
    const start = time.clock.now();
    const error = await failureOf(time.run(client({ timeoutMs: 1000, deadlineMs: 1500 }).request(getThing)));
    expect(error).toMatchObject({ code: "deadline" });
    expect(time.clock.now() - start).toBe(1500);
  });

  test("the caller's signal ends a call at once, with the caller's own reason", async () => {
    const { client, time } = provider([{ never: true }]);
    const controller = new AbortController();
    const reason = new Error("user went away");
    const call = failureOf(client().request({ ...getThing, signal: controller.signal }));
    time.clock.after(300, () => controller.abort(reason));
    const start = time.clock.now();
    expect(await time.run(call)).toBe(reason);
    expect(time.clock.now() - start).toBe(300);
  });

  test("a signal that is aborted already sends nothing", async () => {
    const { client, seen, time } = provider([{}]);
    const reason = new Error("too late");
    const call = client().request({ ...getThing, signal: AbortSignal.abort(reason) });
    expect(await failureOf(time.run(call))).toBe(reason);
    expect(seen).toHaveLength(0);
  });
});

describe("the circuit breaker", () => {
  test("counts a logical call once, opens after ten failures, and lets one trial through after 30 s", async () => {
    const { client, seen, events, time } = provider((_, index) => (index < 30 ? { status: 500 } : {}));
    const acme = client({ breaker: { windowMs: 120_000 } });
    for (let i = 0; i < 10; i++) await failureOf(time.run(acme.request(getThing)));
    expect(seen).toHaveLength(30);
    const error = await failureOf(time.run(acme.request(getThing)));
    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(seen).toHaveLength(30);
    await time.pass(30_000);
    await time.run(acme.request(getThing));
    await time.run(acme.request(getThing));
    expect(seen).toHaveLength(32);
    const states = events.flatMap((event) => (event.type === "breaker" ? [event.state] : []));
    expect(states).toEqual(["open", "closed"]);
  });

  test.each([400, 401, 403, 404, 409, 422, 429])("is never opened by %i", async (status) => {
    const { client, time } = provider([{ status, headers: { "retry-after": "0" } }]);
    const acme = client({ retries: 0 });
    for (let i = 0; i < 50; i++) await failureOf(time.run(acme.request(getThing)));
    expect(await failureOf(time.run(acme.request(getThing)))).not.toBeInstanceOf(CircuitOpenError);
  });

  test("keeps one group of operations going while another's circuit is open", async () => {
    const { client, time } = provider(({ url }) => (url.includes("reports") ? { status: 500 } : {}));
    const acme = client();
    const report = { operation: "report", method: "GET", path: "/reports", group: "reports" };
    for (let i = 0; i < 20; i++) await failureOf(time.run(acme.request(report)));
    expect(await failureOf(time.run(acme.request(report)))).toBeInstanceOf(CircuitOpenError);
    await time.run(acme.request(getThing));
  });
});

describe("the rate limit", () => {
  test("holds back every call to the provider after a 429, then sends one scout first", async () => {
    const { client, seen, time } = provider((_, index) =>
      index === 0 ? { status: 429, headers: { "retry-after": "10" } } : { afterMs: 100 },
    );
    const acme = client();
    const start = time.clock.now();
    const calls = [acme.request(getThing)];
    await time.pass(1);
    for (let i = 0; i < 5; i++) calls.push(acme.request(getThing));
    await time.run(Promise.all(calls));
    const at = seen.map((request) => request.at - start);
    expect(at).toEqual([0, 10_000, 10_100, 10_100, 10_100, 10_100, 10_100]);
  });

  test("fails a call whose deadline ends before the provider answers again, without sending it", async () => {
    const { client, seen, time } = provider([{ status: 429, headers: { "retry-after": "600" } }]);
    const acme = client();
    await failureOf(time.run(acme.request(getThing)));
    const error = await failureOf(time.run(acme.request(getThing)));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: undefined, attempts: [] });
    expect(seen).toHaveLength(1);
  });
});

describe("quota headers", () => {
  const headers = (remaining: number, resetSeconds: number) => ({
    "x-ratelimit-limit": "100",
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(resetSeconds),
  });

  test("hold calls back before the provider would refuse them, until the window is over", async () => {
    const reset = Date.UTC(2026, 0, 1) / 1000 + 20;
    const { client, seen, time } = provider((_, index) => ({ headers: headers(2 - index, reset) }));
    const acme = client();
    const start = time.clock.now();
    for (let i = 0; i < 4; i++) await time.run(acme.request(getThing));
    expect(seen.map(({ at }) => at - start)).toEqual([0, 0, 0, 20_000]);
  });

  test("are counted down by requests under way, so that a burst cannot overshoot", async () => {
    const reset = Date.UTC(2026, 0, 1) / 1000 + 20;
    const { client, seen, time } = provider((_, index) => ({
      afterMs: 100,
      headers: headers(Math.max(0, 3 - index), reset),
    }));
    const acme = client();
    const start = time.clock.now();
    await time.run(acme.request(getThing));
    await time.run(Promise.all(Array.from({ length: 5 }, () => acme.request(getThing))));
    expect(seen.filter(({ at }) => at - start < 20_000)).toHaveLength(4);
  });

  test("tell when to come again after a 429 that names no time", async () => {
    const reset = Date.UTC(2026, 0, 1) / 1000 + 20;
    const { client, seen, time } = provider((_, index) =>
      index === 0 ? { status: 429, headers: headers(0, reset) } : {},
    );
    await time.run(client().request(getThing));
    expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0)).toBe(20_000);
  });

  test("leave a share of the quota to others where a reserve is kept", async () => {
    const reset = Date.UTC(2026, 0, 1) / 1000 + 20;
    const { client, seen, time } = provider((_, index) => ({ headers: headers(52 - index, reset) }));
    const acme = client({ limiter: new Limiter({ reserve: 0.5 }) });
    for (let i = 0; i < 4; i++) await time.run(acme.request(getThing));
    expect(seen.filter(({ at }) => at < reset * 1000)).toHaveLength(3);
  });
});

describe("the bulkhead", () => {
  test("bounds what is under way, queues the rest in order, and refuses what is too much", async () => {
    const { client, seen, time } = provider([{ afterMs: 100 }]);
    const acme = client({ bulkhead: { maxConcurrent: 2, maxQueue: 2 } });
    const start = time.clock.now();
    const calls = Array.from({ length: 5 }, () => acme.request(getThing));
    const refused = failureOf(calls[4] ?? Promise.resolve());
    await time.run(Promise.all(calls.slice(0, 4)));
    expect(await refused).toBeInstanceOf(OverloadedError);
    expect(seen.map(({ at }) => at - start)).toEqual([0, 0, 100, 100]);
  });

  test("goes on when callers that wait in its queue give up", async () => {
    const { client, seen, time } = provider([{ afterMs: 100 }]);
    const acme = client({ bulkhead: { maxConcurrent: 1 } });
    const controller = new AbortController();
    const first = acme.request(getThing);
    const gone = failureOf(acme.request({ ...getThing, signal: controller.signal }));
    const last = acme.request(getThing);
    controller.abort(new Error("gone"));
    await time.run(Promise.all([first, last]));
    expect(String(await gone)).toContain("gone");
    expect(seen).toHaveLength(2);
  });
});

describe("a response", () => {
  test("that the schema does not describe is an error that says where, and never the value", async () => {
    const { client, time } = provider([{ json: { id: 42, email: "someone@example.com" } }]);
    const error = await failureOf(time.run(client().request({ ...getThing, schema: Thing })));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ issues: [{ path: "$.id" }] });
    expect(JSON.stringify(error)).not.toContain("someone");
  });

  test("is handed on with a drift event under `report`, and not looked at under `off`", async () => {
    const report = provider([{ json: { id: 42 } }]);
    const data = await report.time.run(
      report.client({ validate: "report" }).request({ ...getThing, schema: Thing }),
    );
    expect(data).toEqual({ id: 42 });
    expect(report.events.filter(({ type }) => type === "drift")).toHaveLength(1);
    const off = provider([{ json: { id: 42 } }]);
    await off.time.run(off.client({ validate: "off" }).request({ ...getThing, schema: Thing }));
    expect(off.events.filter(({ type }) => type === "drift")).toHaveLength(0);
  });

  test("on which a check of the schema throws is not what the schema says: told with its attempts, and no secret", async () => {
    const key = ["a", "live", "key"].join("-");
    const thrown = Object.assign(new TypeError(`no ${key}`), { seen: { key } });
    const schema = Thing.refine(() => {
      throw thrown;
    });
    const options = { auth: { scheme: "bearer", secret: "k" }, readSecret: () => key } as const;
    const { client, time, seen } = provider([{ json: { id: "a" } }]);
    const error = await failureOf(time.run(client(options).request({ ...getThing, schema })));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({
      code: "validation",
      attempts: [{ status: 200 }],
      cause: { name: "TypeError", message: "no [secret]" },
    });
    expect(inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)).not.toContain(key);
    expect(seen).toHaveLength(1);

    const report = provider([{ json: { id: "a" } }]);
    const data = await report.time.run(
      report.client({ validate: "report" }).request({ ...getThing, schema }),
    );
    expect(data).toEqual({ id: "a" });
    expect(report.events.filter(({ type }) => type === "drift")).toHaveLength(1);
  });

  test("that is nested to exhaust the stack is an error like any other: retried, told, and fallen back from", async () => {
    const deep = '{"a":'.repeat(10_000).concat("1", "}".repeat(10_000));
    const { client, time, seen } = provider([{ status: 503, text: deep }, { text: deep }]);
    const nested: z.ZodType = z.lazy(() => z.object({ a: nested }).or(z.number()));
    const work = time.run(client().request({ ...getThing, schema: nested }));
    expect(await failureOf(work)).toBeInstanceOf(ValidationError);
    expect(seen).toHaveLength(2);
    const refused = provider([{ status: 400, text: deep }]);
    const fallback = (reason: IntegrationError) => reason.code;
    expect(await refused.time.run(refused.client().request({ ...getThing, fallback }))).toBe(
      "invalid_request",
    );
  });

  test("keeps properties that the schema does not know", async () => {
    const { client, time } = provider([{ json: { id: "a", extra: true } }]);
    expect(await time.run(client().request({ ...getThing, schema: Thing }))).toEqual({
      id: "a",
      extra: true,
    });
  });

  test.each([
    ["an HTML page", { text: "<html>", headers: { "content-type": "text/html" } }, "text/html"],
    ["half a document", { text: '{"id": "a' }, "not JSON"],
    ["too many bytes", { text: `"${"x".repeat(5000)}"` }, "larger than 1000 bytes"],
  ])("that is %s is refused", async (_, reaction, words) => {
    const { client, seen, time } = provider([reaction]);
    const error = await failureOf(time.run(client({ maxBodyBytes: 1000 }).request(getThing)));
    expect(error).toBeInstanceOf(BadResponseError);
    expect(String(error)).toContain(words);
    expect(seen).toHaveLength(1);
  });

  test("without a body gives undefined", async () => {
    const { client, time } = provider([{ status: 204 }]);
    expect(await time.run(client().request(getThing))).toBeUndefined();
  });

  test("tells its request id and its attempts", async () => {
    const { client, time } = provider([{ status: 500 }, { headers: { "request-id": "req_1" } }]);
    const reply = await time.run(client().send(getThing));
    expect(reply).toMatchObject({ requestId: "req_1", status: 200 });
    expect(reply.attempts).toMatchObject([{ status: 500, waitedMs: 250 }, { status: 200 }]);
  });
});

describe("a redirect", () => {
  test("to the same origin is followed by reads", async () => {
    const { client, seen, time } = provider([{ status: 301, headers: { location: "/things/2" } }, {}]);
    await time.run(client().request(getThing));
    expect(seen.map(({ url }) => url)).toEqual([
      "https://api.example.com/things/1",
      "https://api.example.com/things/2",
    ]);
  });

  test("to another origin is refused, so that no credential travels", async () => {
    const { client, seen, time } = provider([
      { status: 302, headers: { location: "https://evil.example/" } },
    ]);
    expect(await failureOf(time.run(client().request(getThing)))).toMatchObject({
      code: "redirect",
      status: 302,
    });
    expect(seen).toHaveLength(1);
  });
});

describe("errors", () => {
  test("hold no secret in any field, not even when the provider echoes it", async () => {
    const env = { ACME_KEY: secretText };
    const options = {
      env,
      secrets: { key: "ACME_KEY" },
      auth: { scheme: "query", parameter: "k", secret: "key" },
    } as const;
    const echo = provider([{ status: 400, json: { error: { message: `bad key ${secretText}` } } }]);
    const refused = await failureOf(echo.time.run(echo.client(options).request(getThing)));
    const broken = provider([
      { error: new TypeError(`cannot parse https://api.example.com/?k=${secretText}`) },
    ]);
    const failed = await failureOf(broken.time.run(broken.client(options).request(getThing)));
    expect(refused).toMatchObject({ body: { error: { message: "bad key [secret]" } } });
    for (const error of [refused, failed]) {
      expect(error).toBeInstanceOf(IntegrationError);
      expect(inspected(error)).not.toContain(secretText);
    }
  });

  test.each([
    [401, AuthenticationError],
    [500, ServerError],
  ])("of status %i have a class of their own", async (status, expected) => {
    const { client, time } = provider([{ status }]);
    expect(await failureOf(time.run(client().request(getThing)))).toBeInstanceOf(expected);
  });

  test("of the network tell the system's code", async () => {
    const { client, time } = provider([{ error: networkError("ECONNRESET") }]);
    const error = await failureOf(time.run(client().request(getThing)));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({
      cause: { code: "ECONNRESET" },
      attempts: [{ failure: "ECONNRESET" }, {}, {}],
    });
  });
});

describe("a rotated secret", () => {
  const auth = { scheme: "bearer", secret: "key" } as const;

  test("is read afresh on 401 and the call goes again, once", async () => {
    const values = ["old", "new"].map((age) => [age, "value"].join("-"));
    const { client, seen, time } = provider(({ headers }) =>
      headers.authorization === `Bearer ${values[1]}` ? {} : { status: 401 },
    );
    let rotatedAway = false;
    const readSecret = () => (rotatedAway ? values[1] : values[0]);
    const acme = client({ auth, secrets: { key: "ACME_KEY" }, readSecret, retries: 0 });
    await failureOf(time.run(acme.request(getThing)));
    rotatedAway = true;
    await time.run(acme.request(getThing));
    await time.run(acme.request(getThing));
    expect(seen.map(({ headers }) => headers.authorization === `Bearer ${values[1]}`)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test("that did not change is not sent again", async () => {
    const { client, seen, time } = provider([{ status: 401 }]);
    const acme = client({ auth, secrets: { key: "ACME_KEY" }, env: { ACME_KEY: secretText } });
    expect(await failureOf(time.run(acme.request(getThing)))).toBeInstanceOf(AuthenticationError);
    expect(seen).toHaveLength(1);
  });
});

function inspected(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.getOwnPropertyNames(error).map((name) => JSON.stringify(Reflect.get(error, name)));
  return [...own, error.stack, JSON.stringify(error), inspected(error.cause)].join("\n");
}
