import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { Auth } from "../../src/config/project.ts";
import { authorize } from "../../src/http/auth.ts";
import type { HttpRequest } from "../../src/http/exchange.ts";
import { bodyOf, client, httpServer } from "./server.ts";

/** The shared key of RFC 9421 appendix B.1.5, in pieces so that nothing takes it for a secret. */
const published = [
  "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJ",
  "tkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhI",
  "Di6pcl8jsasjlTMtDQ==",
].join("");
const secrets = new Map([
  ["key", "abc"],
  ["published", published],
]);
const scheme = {
  scheme: "http-signature",
  secret: "key",
  keyEncoding: "utf8",
  label: "sig",
  parameters: ["created", "keyid", "alg"],
} as const;

async function signed(request: HttpRequest, auth: Auth, now: number): Promise<HttpRequest> {
  const ready = authorize(request, auth, secrets);
  const tools = { now: () => now, exchange: () => Promise.reject(new Error("none")), tokens: new Map() };
  return ready.sign ? ready.sign(ready, tools) : ready;
}

test("signs the request of RFC 9421 appendix B.2.5 as the RFC does", async () => {
  const request = {
    method: "POST",
    url: "https://example.com/foo?param=Value&Pet=dog",
    headers: { date: "Tue, 20 Apr 2021 02:07:55 GMT", "content-type": "application/json" },
    body: '{"hello": "world"}',
  };
  const { headers } = await signed(
    request,
    {
      ...scheme,
      secret: "published",
      keyEncoding: "base64",
      keyId: "test-shared-secret",
      label: "sig-b25",
      components: ["date", "@authority", "content-type"],
      parameters: ["created", "keyid"],
    },
    1_618_884_473_000,
  );
  expect(headers["signature-input"]).toBe(
    'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
  );
  expect(headers.signature).toBe("sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:");
});

test("what the server receives is what was signed: method, URI, and a digest of the body", async () => {
  const received: { url: string; body: string; headers: Record<string, unknown> }[] = [];
  const origin = await httpServer(async (request, response) => {
    received.push({ url: request.url ?? "", body: await bodyOf(request), headers: request.headers });
    response.end();
  });
  const url = `${origin}/orders?x=1#part`;
  const request = authorize(
    { method: "POST", url, headers: {}, body: '{"a":1}' },
    { ...scheme, keyId: "me" },
    secrets,
  );
  expect((await client().exchange(request)).failure).toBeUndefined();
  const { headers = {}, body = "" } = received[0] ?? {};
  const digest = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
  expect(headers["content-digest"]).toBe(digest);
  const input = String(headers["signature-input"]).replace(/^sig=/, "");
  expect(input).toMatch(
    /^\("@method" "@target-uri" "content-digest"\);created=\d+;keyid="me";alg="hmac-sha256"$/,
  );
  const base = [
    '"@method": POST',
    `"@target-uri": ${origin}/orders?x=1`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${input}`,
  ].join("\n");
  expect(headers.signature).toBe(`sig=:${createHmac("sha256", "abc").update(base).digest("base64")}:`);
});

test("signature and input are credentials, a nonce is new each time, a tag is carried", async () => {
  const auth: Auth = { ...scheme, parameters: ["created", "expires", "nonce", "tag"], tag: "app" };
  const request = { method: "GET", url: "https://a.example/", headers: {} };
  const [one, two] = await Promise.all([signed(request, auth, 1000), signed(request, auth, 1000)]);
  expect(one.credentials?.headers).toEqual(["signature", "signature-input"]);
  expect(one.headers["signature-input"]).toMatch(
    /^sig=\("@method" "@target-uri"\);created=1;expires=301;nonce="[^"]+";tag="app"$/,
  );
  expect(one.headers["signature-input"]).not.toBe(two.headers["signature-input"]);
});

test("a component that the request lacks is a failure that says which, and nothing is sent", async () => {
  const request = authorize(
    { method: "GET", url: "http://127.0.0.1:1/", headers: {} },
    { ...scheme, components: ["x-absent"] },
    secrets,
  );
  const { failure } = await client().exchange(request);
  expect(failure).toMatchObject({ kind: "auth", message: expect.stringContaining("x-absent") });
});
