import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  type Auth,
  AuthenticationError,
  MissingSecretError,
  RateLimitError,
  SecretUnreadableError,
  ServerError,
} from "../../src/runtime/index.ts";
import { createThing, failureOf, getThing, provider, type Reaction, type Seen } from "./support.ts";

const made = (...words: string[]) => words.join("-");

describe("two live keys in the grace of a rotation", () => {
  const auth: Auth = { scheme: "bearer", secret: "key" };
  const secrets = { key: "ACME_KEY" };
  const env = { ACME_KEY: made("new", "value"), ACME_KEY_PREVIOUS: made("old", "value") };
  const onlyAccepts =
    (value: string) =>
    ({ headers }: Seen): Reaction =>
      headers.authorization === `Bearer ${value}` ? {} : { status: 401 };

  test("the previous one is used while the provider does not know the new one yet", async () => {
    const { client, seen, time } = provider(onlyAccepts(env.ACME_KEY_PREVIOUS));
    const acme = client({ auth, secrets, env, retries: 0 });
    await time.run(acme.request(getThing));
    await time.run(acme.request(getThing));
    expect(seen).toHaveLength(3);
  });

  test("the new one is used once the previous one is dead", async () => {
    let live = env.ACME_KEY_PREVIOUS;
    const { client, time } = provider((seen) => onlyAccepts(live)(seen));
    const acme = client({ auth, secrets, env, retries: 0 });
    await time.run(acme.request(getThing));
    live = env.ACME_KEY;
    await time.pass(60_000);
    await time.run(acme.request(getThing));
  });

  test("two refused ones are an error after one attempt with each", async () => {
    const { client, seen, time } = provider([{ status: 401 }]);
    const acme = client({ auth, secrets, env });
    expect(await failureOf(time.run(acme.request(getThing)))).toBeInstanceOf(AuthenticationError);
    expect(seen).toHaveLength(2);
  });

  test("a hundred refused calls read the secret afresh once", async () => {
    let reads = 0;
    const { client, time } = provider(({ headers }) =>
      headers.authorization === "Bearer b" ? { afterMs: 10 } : { status: 401, afterMs: 10 },
    );
    const readSecret = async () => {
      reads++;
      await new Promise<void>((resolve) => time.clock.after(5, resolve));
      return reads === 1 ? "a" : "b";
    };
    const acme = client({ auth, secrets, readSecret, bulkhead: { maxConcurrent: 100 } });
    await time.run(Promise.all(Array.from({ length: 100 }, () => acme.request(getThing))));
    expect(reads).toBe(2);
  });
});

describe("OAuth 2", () => {
  const tokenUrl = "https://id.example.com/token";
  const clientSecret = made("client", "secret", "value");
  const env = { ACME_ID: "me", ACME_SECRET: clientSecret, ACME_REFRESH: made("first", "refresh") };
  const secrets = { id: "ACME_ID", secret: "ACME_SECRET", refresh: "ACME_REFRESH" };
  const byClient: Auth = {
    scheme: "oauth2-client-credentials",
    tokenUrl,
    clientIdSecret: "id",
    clientSecret: "secret",
    scopes: ["read", "write"],
    audience: "acme",
  };
  const byRefresh: Auth = {
    scheme: "oauth2-refresh",
    tokenUrl,
    clientId: "me",
    refreshTokenSecret: "refresh",
  };

  /** A provider with a token endpoint; tokens are numbered. */
  function oauth(
    api: (seen: Seen) => Reaction = () => ({}),
    answer: (count: number) => Reaction = (count) => ({
      json: { access_token: `t${count}`, expires_in: 3600 },
    }),
  ) {
    let tokens = 0;
    const world = provider((seen) => (seen.url === tokenUrl ? answer(++tokens) : api(seen)));
    const asked = () => world.seen.filter(({ url }) => url === tokenUrl);
    const calls = () => world.seen.filter(({ url }) => url !== tokenUrl);
    return { ...world, asked, calls };
  }

  test("fetches one token for all calls that wait for it, as the standard wants it asked for", async () => {
    const { client, time, asked, calls } = oauth(undefined, (count) => ({
      json: { access_token: `t${count}`, expires_in: 3600 },
      afterMs: 50,
    }));
    const acme = client({ auth: byClient, secrets, env });
    await time.run(Promise.all(Array.from({ length: 20 }, () => acme.request(getThing))));
    expect(asked()).toHaveLength(1);
    expect(new URLSearchParams(String(asked()[0]?.body)).toString()).toBe(
      "grant_type=client_credentials&scope=read+write&audience=acme",
    );
    const pair = Buffer.from(`me:${clientSecret}`).toString("base64");
    expect(asked()[0]?.headers.authorization).toBe(`Basic ${pair}`);
    expect(new Set(calls().map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer t1"]));
  });

  test("renews a token a minute before it expires, and not sooner", async () => {
    const { client, time, asked } = oauth();
    const acme = client({ auth: byClient, secrets, env });
    await time.run(acme.request(getThing));
    await time.pass(3_539_000);
    await time.run(acme.request(getThing));
    expect(asked()).toHaveLength(1);
    await time.pass(2000);
    await time.run(acme.request(getThing));
    expect(asked()).toHaveLength(2);
  });

  test("fetches another token when the provider refuses one, even for a POST, once", async () => {
    const { client, time, asked, calls } = oauth(({ headers }) =>
      headers.authorization === "Bearer t1" ? { status: 401 } : {},
    );
    await time.run(client({ auth: byClient, secrets, env }).request(createThing));
    expect(asked()).toHaveLength(2);
    expect(calls()).toHaveLength(2);
  });

  test("keeps a refresh token that replaces ours, and asks with it from then on", async () => {
    const next = made("second", "refresh");
    const { client, time, asked, events } = oauth(undefined, (count) => ({
      json: { access_token: `t${count}`, expires_in: 100, ...(count === 1 ? { refresh_token: next } : {}) },
    }));
    const saved: string[][] = [];
    const saveSecret = async (...args: [string, string]) => void saved.push(args);
    const acme = client({ auth: byRefresh, secrets, env, saveSecret });
    await time.run(acme.request(getThing));
    await time.pass(100_000);
    await time.run(acme.request(getThing));
    expect(saved).toEqual([["refresh", next]]);
    const grants = asked().map(({ body }) => new URLSearchParams(String(body)).get("refresh_token"));
    expect(grants).toEqual([env.ACME_REFRESH, next]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "credential", secret: "refresh", saved: true }),
    );
    expect(JSON.stringify(events)).not.toContain(next);
  });

  test("says so where a replaced refresh token could not be kept for the next start", async () => {
    const { client, time, events } = oauth(undefined, () => ({
      json: { access_token: "t", refresh_token: made("other", "refresh") },
    }));
    await time.run(client({ auth: byRefresh, secrets, env }).request(getThing));
    expect(events).toContainEqual(expect.objectContaining({ type: "credential", saved: false }));
  });

  test("an outage of the token endpoint is retried even for a POST: the request itself never left", async () => {
    const { client, time, calls } = oauth(undefined, (count) =>
      count < 3 ? { status: 503 } : { json: { access_token: "t" } },
    );
    await time.run(client({ auth: byClient, secrets, env }).request(createThing));
    expect(calls()).toHaveLength(1);
    const down = oauth(undefined, () => ({ status: 503 }));
    const error = await failureOf(
      down.time.run(down.client({ auth: byClient, secrets, env }).request(getThing)),
    );
    expect(error).toBeInstanceOf(ServerError);
    expect(String(error)).toContain("get-thing: no access token: the provider failed (503)");
  });

  test("a failure answers all who wait for a token, and nobody asks again before the endpoint says", async () => {
    const { client, time, asked, calls } = oauth(undefined, (count) =>
      count === 1
        ? { status: 503, headers: { "retry-after": "5" }, afterMs: 50 }
        : { json: { access_token: "t" }, afterMs: 50 },
    );
    const acme = client({ auth: byClient, secrets, env });
    const waiting = Array.from({ length: 20 }, () => acme.request(createThing));
    await time.pass(1000);
    // Who comes meanwhile is told what the others were, and waits no longer than they do.
    await time.run(Promise.all([...waiting, acme.request(getThing)]));
    const [first, second] = asked();
    expect([asked().length, calls().length]).toEqual([2, 21]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(5050);
  });

  test("who may not wait is told at once, by the class of what failed, and sends nothing", async () => {
    const { client, time, asked } = oauth(undefined, () => ({
      status: 429,
      headers: { "retry-after": "30" },
    }));
    const acme = client({ auth: byClient, secrets, env, breaker: false });
    const start = time.clock.now();
    for (let i = 0; i < 10; i++) {
      const error = await failureOf(time.run(acme.request({ ...getThing, deadlineMs: 10_000 })));
      expect(error).toBeInstanceOf(RateLimitError);
      expect(error).toMatchObject({ retryAt: start + 30_000 });
    }
    expect(asked()).toHaveLength(1);
    expect(time.clock.now()).toBe(start);
  });

  test("a token that lives is used on while the endpoint that should renew it fails", async () => {
    const { client, time, asked, calls } = oauth(undefined, (count) =>
      count === 1 ? { json: { access_token: "t1", expires_in: 3600 } } : { status: 503 },
    );
    const acme = client({ auth: byClient, secrets, env });
    await time.run(acme.request(getThing));
    await time.pass(3_550_000);
    await time.run(acme.request(getThing));
    expect([asked().length, calls().length]).toEqual([2, 2]);
    await time.pass(60_000);
    expect(await failureOf(time.run(acme.request(getThing)))).toBeInstanceOf(ServerError);
  });

  test("nobody waits for the next token while the present one lives, not even for an endpoint that hangs", async () => {
    const { client, time, asked, calls } = oauth(undefined, (count) =>
      count === 1 ? { json: { access_token: "t1", expires_in: 3600 } } : { never: true },
    );
    const acme = client({ auth: byClient, secrets, env, retries: 0 });
    await time.run(acme.request(getThing));
    await time.pass(3_545_000);
    const before = time.clock.now();
    await time.run(Promise.all([acme.request(getThing), acme.request(getThing)]));
    expect(time.clock.now()).toBe(before);
    expect(calls().map(({ headers }) => headers.authorization)).toEqual(Array(3).fill("Bearer t1"));
    expect(asked()).toHaveLength(2);
    await time.pass(55_000);
    expect(await failureOf(time.run(acme.request(getThing)))).toMatchObject({ code: "timeout" });
  });

  test("a token fetched beside the calls serves the next", async () => {
    const { client, time, calls } = oauth();
    const acme = client({ auth: byClient, secrets, env });
    await time.run(acme.request(getThing));
    await time.pass(3_545_000);
    await time.run(acme.request(getThing));
    await time.run(acme.request(getThing));
    const used = calls().map(({ headers }) => headers.authorization);
    expect(used).toEqual(["Bearer t1", "Bearer t1", "Bearer t2"]);
  });

  test("a provider that refuses every token is not asked for one more by every call", async () => {
    const { client, time, asked } = oauth(() => ({ status: 401 }));
    const acme = client({ auth: byClient, secrets, env });
    for (let i = 0; i < 10; i++)
      expect(await failureOf(time.run(acme.request(getThing)))).toBeInstanceOf(AuthenticationError);
    expect(asked()).toHaveLength(2);
    await time.pass(10_000);
    await failureOf(time.run(acme.request(getThing)));
    expect(asked()).toHaveLength(3);
  });

  test("a refused client is read afresh once, then an error in the standard's words and no others", async () => {
    const body = { error: "invalid_client", error_description: `bad ${clientSecret}` };
    const { client, time, asked, calls } = oauth(undefined, () => ({ status: 400, json: body }));
    const error = await failureOf(time.run(client({ auth: byClient, secrets, env }).request(getThing)));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(String(error)).toContain("id.example.com answered 400 (invalid_client)");
    expect(JSON.stringify(error)).not.toContain(clientSecret);
    expect([asked().length, calls().length]).toEqual([2, 0]);
  });

  test("a missing secret is told by its variable", async () => {
    const { client, time } = oauth();
    const acme = client({ auth: byClient, secrets, env: {} });
    const error = await failureOf(time.run(acme.request(getThing)));
    expect(error).toBeInstanceOf(MissingSecretError);
  });
});

describe("a `readSecret` that throws", () => {
  const auth: Auth[] = [
    { scheme: "bearer", secret: "key" },
    {
      scheme: "oauth2-client-credentials",
      tokenUrl: "https://id.example.com/token",
      clientId: "a",
      clientSecret: "key",
    },
  ];

  test.each(auth)("is an error of the client's, its own kept as the cause: $scheme", async (scheme) => {
    const down = Object.assign(new Error("vault sealed"), { code: "ESEALED" });
    const { client, seen, events } = provider([{}]);
    const readSecret = () => {
      throw down;
    };
    const acme = client({ auth: scheme, secrets: { key: "ACME_KEY" }, readSecret });
    const error = await failureOf(acme.request(getThing));
    expect(error).toBeInstanceOf(SecretUnreadableError);
    expect(error).toMatchObject({
      code: "secret_unreadable",
      variable: "ACME_KEY",
      attempts: [],
      cause: down,
    });
    expect(seen).toEqual([]);
    expect(events).toMatchObject([{ type: "call", outcome: "secret_unreadable", attempts: 0 }]);
  });

  test("is asked again by the next call", async () => {
    let sealed = true;
    const { client } = provider([{ json: { ok: true } }]);
    const acme = client({
      auth: { scheme: "bearer", secret: "key" },
      readSecret: async () => {
        if (sealed) throw new Error("vault sealed");
        return "value";
      },
    });
    await failureOf(acme.request(getThing));
    sealed = false;
    expect(await acme.request(getThing)).toEqual({ ok: true });
  });

  test("and whose error holds a secret that was read before hands on its text, blotted, and nothing else", async () => {
    const value = ["a", "live", "value"].join("-");
    const { client } = provider([{}]);
    const acme = client({
      auth: { scheme: "basic", usernameSecret: "user", passwordSecret: "key" },
      readSecret: ({ name }) => {
        if (name === "user") return value;
        throw Object.assign(new TypeError(`refused for ${value}`), { config: { headers: { token: value } } });
      },
    });
    const error = await failureOf(acme.request(getThing));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(value);
    expect(error).toHaveProperty("cause.message", "refused for [secret]");
    expect(error).toHaveProperty("cause.name", "TypeError");
  });

  test("after a 401 leaves the refusal as the news", async () => {
    const { client } = provider([{ status: 401 }]);
    let reads = 0;
    const acme = client({
      auth: { scheme: "bearer", secret: "key" },
      readSecret: () => {
        if (reads++ > 0) throw new Error("vault sealed");
        return "value";
      },
    });
    expect(await failureOf(acme.request(getThing))).toMatchObject({ code: "authentication" });
  });
});

test("a `saveSecret` that throws at once, as one that rejects, is told as not saved", async () => {
  const { client, events } = provider(({ url }) =>
    url.endsWith("/token") ? { json: { access_token: "t", refresh_token: "next" } } : { json: {} },
  );
  const acme = client({
    auth: {
      scheme: "oauth2-refresh",
      tokenUrl: "https://id.example.com/token",
      clientId: "a",
      refreshTokenSecret: "r",
    },
    readSecret: () => "first",
    saveSecret: () => {
      throw new Error("disk full");
    },
  });
  await acme.request(getThing);
  expect(events).toContainEqual(expect.objectContaining({ change: "refresh_token_replaced", saved: false }));
});
