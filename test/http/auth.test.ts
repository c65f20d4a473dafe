import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import type { Auth } from "../../src/config/project.ts";
import { authorize } from "../../src/http/auth.ts";
import { bodyOf, client, get, httpServer } from "./server.ts";

const secrets = new Map([
  ["key", "abc"],
  ["user", "me"],
  ["client", "cl ient"],
  ["access", ["AK", "test"].join("")],
]);
const authorized = (auth: Auth, url = "https://a.example/x?y=1") => authorize(get(url), auth, secrets);

describe("plain schemes", () => {
  test.each<[Auth, Record<string, string>]>([
    [{ scheme: "bearer", secret: "key" }, { authorization: "Bearer abc" }],
    [{ scheme: "header", header: "X-Api-Key", secret: "key" }, { "x-api-key": "abc" }],
    [
      { scheme: "header", header: "Authorization", prefix: "Token ", secret: "key" },
      { authorization: "Token abc" },
    ],
    [
      { scheme: "basic", usernameSecret: "user", passwordSecret: "key" },
      { authorization: `Basic ${btoa("me:abc")}` },
    ],
    [{ scheme: "basic", usernameSecret: "key" }, { authorization: `Basic ${btoa("abc:")}` }],
    [{ scheme: "none" }, {}],
  ])("%j", (auth, headers) => {
    const request = authorized(auth);
    expect(request.headers).toEqual(headers);
    expect(request.credentials?.headers ?? []).toEqual(Object.keys(headers));
  });

  test("a query parameter keeps the others, and is known as a credential", () => {
    const request = authorized({ scheme: "query", parameter: "q", secret: "key" });
    expect(request.url).toBe("https://a.example/x?y=1&q=abc");
    expect(request.credentials?.query).toEqual(["q"]);
  });

  test("a secret without a value, or with a line break, is a secret error that does not quote it", () => {
    expect(() => authorized({ scheme: "bearer", secret: "absent" })).toThrow(
      expect.objectContaining({ state: "missing", exitCode: 4 }),
    );
    const broken = () =>
      authorize(get("https://a.example/"), { scheme: "bearer", secret: "k" }, new Map([["k", "hunter2\n"]]));
    expect(broken).toThrow(expect.objectContaining({ state: "corrupt" }));
    expect(broken).not.toThrow(/hunter2/);
  });
});

describe("what no header can carry", () => {
  const word = ["hun", "ter2"].join("");
  const headers: [string, Auth][] = [
    ["bearer", { scheme: "bearer", secret: "k" }],
    ["a header", { scheme: "header", header: "x-api-key", secret: "k" }],
    ["several headers", { scheme: "headers", headers: { "x-api-key": "k" } }],
  ];
  test.each(headers)("is said before anything is sent, without the value: %s", (_, auth) => {
    for (const [character, message] of [
      ["\u0007", "the secret k holds a control character, which no HTTP header can carry"],
      ["\u007f", "the secret k holds a control character, which no HTTP header can carry"],
      ["\u2019", "the secret k holds a character outside of Latin-1, which no HTTP header can carry"],
      ["\ufeff", "the secret k holds a character outside of Latin-1, which no HTTP header can carry"],
    ] as const) {
      const send = () => authorize(get("https://a.example/"), auth, new Map([["k", word + character]]));
      expect(send).toThrow(expect.objectContaining({ state: "corrupt", exitCode: 4, message }));
    }
    expect(() =>
      authorize(get("https://a.example/"), auth, new Map([["k", `${word} \t\u00e9`]])),
    ).not.toThrow();
  });

  test("is fine where the value is encoded", () => {
    const value = new Map([["k", `${word}\u2019`]]);
    for (const auth of [
      { scheme: "basic", usernameSecret: "k" },
      { scheme: "query", parameter: "q", secret: "k" },
    ] as const) {
      expect(() => authorize(get("https://a.example/"), auth, value)).not.toThrow();
    }
  });
});

describe("OAuth 2", () => {
  /** A token endpoint and an API that wants its tokens. */
  async function provider(answer: (turn: number) => { status?: number; body: object }) {
    const asked: { authorization: string | undefined; body: string }[] = [];
    const seen: (string | undefined)[] = [];
    const tokens = await httpServer(async (request, response) => {
      asked.push({ authorization: request.headers.authorization, body: await bodyOf(request) });
      const { status = 200, body } = answer(asked.length);
      setTimeout(
        () => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
        10,
      );
    });
    const api = await httpServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end("{}");
    });
    return { asked, seen, tokenUrl: `${tokens}/token`, api };
  }
  const config = {
    clientIdSecret: "client",
    clientSecret: "key",
    scopes: ["a", "b"],
    authenticate: "basic" as const,
  };

  test("one token for all who ask at once, kept until it is about to expire, then one more", async () => {
    const { asked, seen, tokenUrl, api } = await provider((turn) => ({
      body: { access_token: `t${turn}`, expires_in: 100 },
    }));
    let now = 0;
    const http = client({ clock: { now: () => now, monotonic: () => performance.now() } });
    const request = authorize(
      get(api),
      { scheme: "oauth2-client-credentials", tokenUrl, ...config },
      secrets,
    );
    await Promise.all([http.exchange(request), http.exchange(request), http.exchange(request)]);
    now = 89_000;
    await http.exchange(request);
    now = 91_000;
    await Promise.all([http.exchange(request), http.exchange(request)]);
    expect(seen).toEqual(["Bearer t1", "Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]);
    expect(asked).toEqual(
      Array(2).fill({
        authorization: `Basic ${btoa("cl+ient:abc")}`,
        body: "grant_type=client_credentials&scope=a+b",
      }),
    );
  });

  test("a refresh token, with the client's credentials in the form", async () => {
    const { asked, tokenUrl, api } = await provider(() => ({ body: { access_token: "t" } }));
    const auth: Auth = {
      scheme: "oauth2-refresh",
      tokenUrl,
      ...config,
      scopes: [],
      refreshTokenSecret: "user",
      authenticate: "body",
    };
    await client().exchange(authorize(get(api), auth, secrets));
    expect(asked[0]?.body).toBe(
      "grant_type=refresh_token&refresh_token=me&client_id=cl+ient&client_secret=abc",
    );
  });

  test("a refresh token that the provider replaces is kept before the new access token is used", async () => {
    const { seen, tokenUrl, api } = await provider(() => ({
      body: { access_token: "t", refresh_token: "next" },
    }));
    const auth: Auth = { scheme: "oauth2-refresh", tokenUrl, ...config, refreshTokenSecret: "user" };
    const kept: string[][] = [];
    const save = async (secret: string, value: string) => {
      expect(seen).toEqual([]);
      kept.push([secret, value]);
    };
    await client().exchange(authorize(get(api), auth, secrets, save));
    expect(kept).toEqual([["user", "next"]]);
    expect(seen).toEqual(["Bearer t"]);
    const { failure } = await client().exchange(authorize(get(api), auth, secrets));
    expect(failure).toMatchObject({ kind: "auth", message: expect.stringContaining("could not be kept") });
    expect(failure?.message).not.toContain("next");
  });

  test("a refresh token that was replaced is never sent again, by whatever request", async () => {
    const { asked, tokenUrl, api } = await provider((turn) => ({
      body: { access_token: `t${turn}`, expires_in: 100, refresh_token: `next${turn}` },
    }));
    let now = 0;
    const http = client({ clock: { now: () => now, monotonic: () => performance.now() } });
    const auth: Auth = { scheme: "oauth2-refresh", tokenUrl, ...config, refreshTokenSecret: "user" };
    const save = async () => {};
    const [one, other] = [get(api), get(`${api}/other`)].map((request) =>
      authorize(request, auth, secrets, save),
    );
    for (const request of [one, other, one]) {
      if (request) await http.exchange(request);
      now += 100_000;
    }
    const sent = asked.map(({ body }) => new URLSearchParams(body).get("refresh_token"));
    expect(sent).toEqual(["me", "next1", "next2"]);
  });

  test("a refused client is not shown to the token endpoint again at once", async () => {
    const { asked, tokenUrl, api } = await provider(() => ({
      status: 401,
      body: { error: "invalid_client" },
    }));
    let now = 0;
    const http = client({ clock: { now: () => now, monotonic: () => performance.now() } });
    const auth: Auth = { scheme: "oauth2-client-credentials", tokenUrl, ...config };
    const requests = ["a", "b"].map((path) => authorize(get(`${api}/${path}`), auth, secrets));
    const exchanges = await Promise.all([...requests, ...requests].map((request) => http.exchange(request)));
    expect(exchanges.map(({ failure }) => failure?.kind)).toEqual(["auth", "auth", "auth", "auth"]);
    expect(asked).toHaveLength(1);
    now = 31_000;
    await Promise.all(requests.map((request) => http.exchange(request)));
    expect(asked).toHaveLength(2);
  });

  test("a refused client is a failure that names the endpoint and the error, and nothing is sent to the API", async () => {
    const { seen, tokenUrl, api } = await provider(() => ({
      status: 401,
      body: { error: "invalid_client", secret: "abc" },
    }));
    const { failure } = await client().exchange(
      authorize(get(api), { scheme: "oauth2-client-credentials", tokenUrl, ...config }, secrets),
    );
    expect(failure).toMatchObject({ kind: "auth", message: expect.stringContaining("invalid_client") });
    expect(seen).toEqual([]);
  });

  test("a token endpoint that is not there keeps its own kind of failure", async () => {
    const auth: Auth = { scheme: "oauth2-client-credentials", tokenUrl: "http://127.0.0.1:1/", ...config };
    const { failure } = await client().exchange(authorize(get("http://127.0.0.1:1/"), auth, secrets));
    expect(failure).toMatchObject({ kind: "refused", message: expect.stringContaining("access token") });
  });

  test("the token does not follow a redirect to another origin", async () => {
    const { tokenUrl, seen, api } = await provider(() => ({ body: { access_token: "t" } }));
    const away = await httpServer((_request, response) => response.writeHead(302, { location: api }).end());
    await client().exchange(
      authorize(get(away), { scheme: "oauth2-client-credentials", tokenUrl, ...config }, secrets),
    );
    expect(seen).toEqual([undefined]);
  });
});

describe("signatures", () => {
  test("AWS Signature Version 4, recomputed by the rules of the specification", async () => {
    let received: IncomingMessage | undefined;
    const origin = await httpServer((request, response) => {
      received = request;
      response.end();
    });
    const auth: Auth = {
      scheme: "aws-sigv4",
      region: "eu-central-1",
      service: "execute-api",
      accessKeySecret: "access",
      secretKeySecret: "key",
    };
    const { failure } = await client().exchange(
      authorize(get(`${origin}/prod/things?b=2&a=1`, { accept: "*/*" }), auth, secrets),
    );
    expect(failure).toBeUndefined();
    const headers = received?.headers ?? {};
    const [, names = "", signature = ""] =
      /^AWS4-HMAC-SHA256 Credential=AKtest\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
        headers.authorization ?? "",
      ) ?? [];
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
    const canonical = [
      "GET",
      "/prod/things",
      "a=1&b=2",
      ...names.split(";").map((name) => `${name}:${headers[name]}`),
      "",
      names,
      hash(""),
    ].join("\n");
    const date = String(headers["x-amz-date"]);
    const scope = `${date.slice(0, 8)}/eu-central-1/execute-api/aws4_request`;
    const key = ["eu-central-1", "execute-api", "aws4_request"].reduce<Buffer>(
      mac,
      mac("AWS4abc", date.slice(0, 8)),
    );
    const wanted = mac(key, ["AWS4-HMAC-SHA256", date, scope, hash(canonical)].join("\n")).toString("hex");
    expect(names.split(";")).toContain("host");
    expect(signature).toBe(wanted);
  });

  test("an HMAC over what the message names, with a new timestamp and nonce for each request", async () => {
    const received: { headers: IncomingMessage["headers"]; body: string }[] = [];
    const origin = await httpServer(async (request, response) => {
      received.push({ headers: request.headers, body: await bodyOf(request) });
      response.end();
    });
    const auth: Auth = {
      scheme: "hmac",
      secret: "key",
      algorithm: "sha512",
      encoding: "base64",
      message: "{timestamp}|{nonce}|{method}|{path}|{body}",
      header: "X-Signature",
      prefix: "v1=",
      timestampHeader: "X-Timestamp",
      timestampUnit: "ms",
      nonceHeader: "X-Nonce",
    };
    const http = client();
    const request = authorize(
      { method: "POST", url: `${origin}/orders?x=1`, headers: {}, body: '{"a":1}' },
      auth,
      secrets,
    );
    await http.exchange(request);
    await http.exchange(request);
    for (const { headers, body } of received) {
      const message = `${headers["x-timestamp"]}|${headers["x-nonce"]}|POST|/orders?x=1|${body}`;
      expect(headers["x-signature"]).toBe(
        `v1=${createHmac("sha512", "abc").update(message).digest("base64")}`,
      );
    }
    expect(new Set(received.map(({ headers }) => headers["x-nonce"])).size).toBe(2);
  });
});
