import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Auth,
  type ClientEvent,
  createClient,
  IntegrationError,
  type Transport,
} from "../../src/runtime/index.ts";
import { randomFrom } from "./simulation/world.ts";
import { networkError } from "./support.ts";

/** Everything that can be read of an error or an event, by whatever way somebody writes it to a log. */
function everythingOf(value: unknown): string {
  const seen = new Set<unknown>();
  const walk = (at: unknown): string => {
    if (typeof at !== "object" || at === null) return String(at);
    if (seen.has(at)) return "";
    seen.add(at);
    const own = Object.getOwnPropertyNames(at).map((name) => `${name}=${walk(Reflect.get(at, name))}`);
    return own.join("\n");
  };
  return [
    walk(value),
    inspect(value, { depth: 10, showHidden: true }),
    JSON.stringify(value),
    String(value),
  ].join("\n");
}

const auths: Auth[] = [
  { scheme: "bearer", secret: "key" },
  { scheme: "header", header: "X-Key", secret: "key" },
  { scheme: "headers", headers: { "X-Key": "key", "X-Other": "other" } },
  { scheme: "query", parameter: "k", secret: "key" },
  { scheme: "basic", usernameSecret: "other", passwordSecret: "key" },
  {
    scheme: "oauth2-client-credentials",
    tokenUrl: "https://id.example.com/token",
    clientIdSecret: "other",
    clientSecret: "key",
  },
  {
    scheme: "oauth2-refresh",
    tokenUrl: "https://id.example.com/token",
    clientId: "a",
    refreshTokenSecret: "key",
  },
];

/** Echoes what it was sent, everywhere that a provider, a proxy or a broken network can put it. */
function echo(kind: number, token: string): Transport {
  return async ({ url, headers, body }, _scope, onHead) => {
    if (url === "https://id.example.com/token" && kind < 5) {
      onHead(head(200, {}));
      return JSON.stringify({ access_token: token, refresh_token: `${token}-next` });
    }
    const said = JSON.stringify({ url, headers, body: String(body) });
    const one = Object.values(headers).join(" ");
    if (kind === 0) throw Object.assign(networkError("ECONNRESET"), { message: said, code: one });
    onHead(
      head([200, 400, 401, 500, 200, 403, 409][kind] ?? 500, {
        "x-request-id": one,
        "content-type": one,
        location: url,
        "retry-after": one,
      }),
    );
    if (kind === 4) throw networkError(said);
    return kind === 0 ? "<" : kind % 2 ? said : `{"${one.replaceAll('"', "")}":[${said}]}`;
  };
}

function head(status: number, headers: Record<string, string>) {
  return { status, headers, asHeaders: () => new Headers() };
}

test("no error and no event holds a secret, wherever the provider echoes it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...auths),
      fc.nat(7),
      fc.integer({ min: 1 }),
      fc.constantFrom("GET", "POST"),
      async (auth, kind, seed, method) => {
        const random = randomFrom(seed);
        const canary = (name: string) =>
          `${name}${Math.floor(random() * 1e12).toString(36)}+/="'`.slice(0, 20);
        const [key, other, token] = [canary("Kk"), canary("Oo"), canary("Tt")];
        const events: ClientEvent[] = [];
        const client = createClient({
          integration: "acme",
          version: "v1",
          baseUrl: "https://api.example.com",
          auth,
          secrets: { key: "ACME_KEY", other: "ACME_OTHER" },
          env: { ACME_KEY: key, ACME_OTHER: other },
          transport: echo(kind, token),
          sleep: async () => {},
          onEvent: (event) => events.push(event),
        });
        const error: unknown = await client
          .request({ operation: "op", method, path: "/x", ...(method === "POST" ? { body: { a: 1 } } : {}) })
          .then(
            () => undefined,
            (reason) => reason,
          );
        if (kind !== 7 && kind !== 0)
          expect(error === undefined || error instanceof IntegrationError).toBe(true);
        const text = everythingOf(error) + everythingOf(events);
        const pair = Buffer.from(`${other}:${key}`).toString("base64");
        for (const secret of [
          key,
          other,
          token,
          pair,
          encodeURIComponent(key),
          JSON.stringify(key).slice(1, -1),
        ]) {
          expect(text.includes(secret), `${auth.scheme}, kind ${kind}`).toBe(false);
        }
      },
    ),
    { numRuns: 300 },
  );
});
