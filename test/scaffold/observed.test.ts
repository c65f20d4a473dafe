import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatContract } from "../../src/contract/store.ts";
import { isSecretName } from "../../src/http/redact.ts";
import { observedName } from "../../src/scaffold/observed/names.ts";
import { isIdentifier, keptQuery, routeOf, singular } from "../../src/scaffold/observed/route.ts";
import { observeApi, type SeenExchange } from "../../src/scaffold/observed/source.ts";

const BASE = "https://api.example.com";

function seen(method: string, path: string, value: unknown, status = 200): SeenExchange {
  const body = { kind: "json" as const, value, text: JSON.stringify(value) };
  const answer = { status, headers: { "content-type": "application/json" }, body };
  return { method, url: path.startsWith("http") ? path : `${BASE}${path}`, answer };
}

const observed = (exchanges: SeenExchange[], baseUrl?: string) =>
  observeApi(exchanges, { name: "acme", baseUrl, isSecretName });

describe("a route", () => {
  test.each([
    ["/v1/customers/cus_abc121", "/v1/customers/{customer}"],
    ["/v1/customers/42/cards/43", "/v1/customers/{customer}/cards/{card}"],
    ["/orgs/6f1f0c0a-3b1e-4a55-9d3e-0c8f3d8a2f11", "/orgs/{org}"],
    ["/users/jane@example.com/posts", "/users/{user}/posts"],
    ["/1/2", "/{id}/{id2}"],
    ["/v1/balance", "/v1/balance"],
    ["/oauth2/token", "/oauth2/token"],
    ["/v2010/accounts", "/v2010/accounts"],
    ["/", "/"],
  ])("of %s is %s", (path, expected) => {
    expect(routeOf({ method: "GET", url: BASE + path }, BASE).path).toBe(expected);
  });

  test("keeps an identifier as its example, and nothing that names a person", () => {
    const of = (path: string) => routeOf({ method: "GET", url: BASE + path }, BASE).examples;
    expect(of("/customers/cus_abc121")).toEqual({ customer: "cus_abc121" });
    expect(of("/users/jane@example.com")).toEqual({ user: "1" });
  });

  test("has braces of its own only, whatever a path holds", () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const { path, examples } = routeOf({ method: "GET", url }, new URL(url).origin);
        const names = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name);
        expect(names.sort()).toEqual(Object.keys(examples).sort());
        expect(path.replace(/\{\w+\}/g, "")).not.toMatch(/[{}]/);
      }),
    );
  });

  test.each(["customers", "balance", "list-all", "v1", "oauth2", "me"])(
    "a word is no identifier: %s",
    (word) => {
      expect(isIdentifier(word)).toBe(false);
    },
  );

  test("a query keeps flags and counts, and no credential, address or long text", () => {
    const url = `${BASE}/x?limit=3&api_key=abc&user=jane%40example.com&q=${"x".repeat(60)}&expand[]=data`;
    expect(keptQuery(url, isSecretName)).toBe("limit=3&expand%5B%5D=data");
  });
});

test.each([
  ["customers", "customer"],
  ["categories", "category"],
  ["boxes", "box"],
  ["addresses", "address"],
  ["status", "status"],
])("the singular of %s is %s", (many, one) => {
  expect(singular(many)).toBe(one);
});

test.each([
  ["GET", "/v1/customers", true, "list-customers"],
  ["GET", "/v1/customers/{customer}", true, "get-customer"],
  ["POST", "/v1/refunds", false, "create-refund"],
  ["GET", "/v1/balance", false, "get-balance"],
  ["DELETE", "/api/v3/repos/{repo}/hooks/{hook}", false, "delete-repos-hook"],
  ["GET", "/", false, "get-root"],
])("%s %s is called %s → %s", (method, path, isList, name) => {
  expect(observedName({ method, path, examples: {} }, isList)).toBe(name);
});

describe("an API from what was seen of it", () => {
  const customer = (id: number) => ({ id: `cus_abc12${id}`, email: `${id}@example.com`, plan: null });

  test("has one operation for each method and path, with schema and contract of its answers", () => {
    const api = observed([
      seen("GET", "/v1/customers?limit=3", { data: [customer(1)] }),
      seen("GET", "/v1/customers?limit=3", { data: [customer(2), customer(3)] }),
      seen("GET", "/v1/customers?limit=9", { data: [] }),
      seen("GET", "/v1/customers/cus_abc121", customer(1)),
      seen("POST", "/v1/refunds", { id: "re_1" }, 201),
    ]);
    expect(api.operations.map(({ name, method, consumer }) => `${name} ${method} ${consumer}`)).toEqual([
      "list-customers GET Customers",
      "get-customer GET Customer",
      "create-refund POST Refund",
    ]);
    expect(
      [...api.contracts].map(([name, { request, samples, status }]) => [name, request, samples, status]),
    ).toEqual([
      ["list-customers", "GET /v1/customers?limit=3", 2, 200],
      ["get-customer", "GET /v1/customers/cus_abc121", 1, 200],
      ["create-refund", "POST /v1/refunds", 1, 201],
    ]);
    // Null is all that was seen of it: anything may come.
    expect(api.schemas).toContain("plan: z.unknown()");
  });

  test("leaves out other hosts, failures and what is no JSON, and says how many", () => {
    const text: SeenExchange = {
      method: "GET",
      url: `${BASE}/page`,
      answer: { status: 200, headers: {}, body: { kind: "html", text: "<p>" } },
    };
    const api = observed([
      seen("GET", "/a", { a: 1 }),
      seen("GET", "/b", { b: 1 }),
      seen("GET", "https://cdn.example.com/c", { c: 1 }),
      seen("GET", "/d", { error: "x" }, 500),
      text,
    ]);
    expect([api.baseUrl, api.operations.map(({ name }) => name), api.left]).toEqual([
      BASE,
      ["get-a", "get-b"],
      3,
    ]);
  });

  test("takes only what lies below the address that was named", () => {
    const api = observed([seen("GET", "/v1/a", {}), seen("GET", "/v10/b", {})], `${BASE}/v1`);
    expect(api.operations.map(({ path }) => path)).toEqual(["/a"]);
  });

  test("is refused where nothing usable was seen", () => {
    expect(() => observed([seen("GET", "/a", {}, 404)])).toThrow(/None of 1 answer is a success with JSON/);
  });

  test("holds no value of an answer", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 12, maxLength: 30 }).filter((text) => /\w{12}/.test(text)),
        (value) => {
          const { schemas, operations, contracts } = observed([seen("GET", "/a", { note: value })]);
          const texts = [schemas, JSON.stringify(operations), ...[...contracts.values()].map(formatContract)];
          expect(texts.join("\n")).not.toContain(JSON.stringify(value).slice(1, -1));
        },
      ),
    );
  });
});
