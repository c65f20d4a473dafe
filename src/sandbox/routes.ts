import { createCustomer, type Dataset } from "./data.ts";
import { errorReply, jsonReply, type SandboxReply, type SandboxRequest } from "./exchange.ts";
import { readParameters } from "./input.ts";
import type { KeyRing } from "./keys.ts";
import { listReply, missing } from "./list.ts";
import { present, type Release } from "./releases.ts";

/** What a route works on. */
export interface Api {
  data: Dataset;
  release: Release;
  keys: KeyRing;
  random: () => number;
  /** Epoch milliseconds. */
  now: number;
}

interface Call {
  request: SandboxRequest;
  path: string;
  query: URLSearchParams;
  /** The last part of the path, where the route has one. */
  id: string;
}

interface Route {
  method: string;
  pattern: RegExp;
  answer(api: Api, call: Call): SandboxReply;
}

const invalidBody = () =>
  errorReply(400, { type: "invalid_request_error", message: "The request body could not be read." });

function createCustomerReply(api: Api, { request }: Call): SandboxReply {
  const fields = readParameters(request.headers["content-type"], request.body);
  if (!fields) return invalidBody();
  if (fields.email !== undefined && !fields.email.includes("@")) {
    return errorReply(400, {
      type: "invalid_request_error",
      code: "email_invalid",
      message: "Invalid email address",
      param: "email",
    });
  }
  const customer = createCustomer(
    {
      email: fields.email ?? null,
      name: fields.name ?? null,
      description: fields.description ?? null,
      created: Math.floor(api.now / 1000),
    },
    api.random,
  );
  api.data.customers.unshift(customer);
  return jsonReply(200, present(api.release, "customer", customer));
}

function createKeyReply(api: Api, { request }: Call): SandboxReply {
  const fields = readParameters(request.headers["content-type"], request.body);
  if (!fields) return invalidBody();
  const key = api.keys.create(fields.name ?? "unnamed", api.now);
  if (key) return jsonReply(200, key);
  return errorReply(400, {
    type: "invalid_request_error",
    code: "api_key_limit",
    message: `At most ${api.keys.policy.maximum} keys may be active. Revoke one first.`,
  });
}

const listOf =
  (kind: "customer" | "charge"): Route["answer"] =>
  ({ data, release }, { path, query }) => {
    const items = kind === "customer" ? data.customers : data.charges;
    const owned = query.get("customer");
    const chosen = owned === null ? items : items.filter(({ customer }) => customer === owned);
    return listReply(
      path,
      kind,
      chosen.map((item) => present(release, kind, item)),
      query,
    );
  };

const oneOf =
  (kind: "customer" | "charge"): Route["answer"] =>
  ({ data, release }, { id }) => {
    const items = kind === "customer" ? data.customers : data.charges;
    const found = items.find((item) => item.id === id);
    return found ? jsonReply(200, present(release, kind, found)) : missing(kind, id);
  };

const ROUTES: readonly Route[] = [
  {
    method: "GET",
    pattern: /^\/v1\/balance$/,
    answer: ({ data, release }) => jsonReply(200, present(release, "balance", data.balance)),
  },
  { method: "GET", pattern: /^\/v1\/customers$/, answer: listOf("customer") },
  { method: "POST", pattern: /^\/v1\/customers$/, answer: createCustomerReply },
  { method: "GET", pattern: /^\/v1\/customers\/([^/]+)$/, answer: oneOf("customer") },
  { method: "GET", pattern: /^\/v1\/charges$/, answer: listOf("charge") },
  { method: "GET", pattern: /^\/v1\/charges\/([^/]+)$/, answer: oneOf("charge") },
  {
    method: "GET",
    pattern: /^\/v1\/api_keys$/,
    answer: ({ keys }, { path, query }) => listReply(path, "api_key", keys.list(), query),
  },
  { method: "POST", pattern: /^\/v1\/api_keys$/, answer: createKeyReply },
  {
    method: "GET",
    pattern: /^\/v1\/api_keys\/([^/]+)$/,
    answer: ({ keys }, { id }) => found("api_key", id, keys.find(id)),
  },
  {
    method: "DELETE",
    pattern: /^\/v1\/api_keys\/([^/]+)$/,
    answer: ({ keys, now }, { id }) => found("api_key", id, keys.revoke(id, now)),
  },
];

function found(noun: string, id: string, object: Parameters<typeof jsonReply>[1] | undefined): SandboxReply {
  return object === undefined ? missing(noun, id) : jsonReply(200, object);
}

/** Every address of the API, for people who ask the root what there is. */
export const ADDRESSES: readonly string[] = [
  "GET /v1/balance",
  "GET /v1/customers?limit=10&starting_after=ID",
  "GET /v1/customers/ID",
  "POST /v1/customers",
  "GET /v1/charges?limit=10&customer=ID",
  "GET /v1/charges/ID",
  "GET /v1/api_keys",
  "POST /v1/api_keys",
  "DELETE /v1/api_keys/ID",
];

/** Answers an authenticated request; HEAD as GET. */
export function route(api: Api, request: SandboxRequest): SandboxReply {
  const url = new URL(request.target, "http://sandbox.invalid");
  const method = request.method === "HEAD" ? "GET" : request.method;
  for (const { pattern, answer, ...entry } of ROUTES) {
    const match = entry.method === method ? pattern.exec(url.pathname) : null;
    if (match) {
      return answer(api, {
        request,
        path: url.pathname,
        query: url.searchParams,
        id: decode(match[1] ?? ""),
      });
    }
  }
  return errorReply(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${url.pathname.slice(0, 200)}).`,
  });
}

/** A malformed escape names no object; the text as it came says so best. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
