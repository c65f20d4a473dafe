import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";

/** What the server does to a request besides answering it. */
export type Meddle = (request: {
  method: string;
  path: string;
  count: number;
  moment: "before" | "after";
}) => void;

interface Key {
  id: string;
  name: string;
  value: string;
}

/** A provider on loopback that really makes, honours, lists and revokes keys. */
export interface ProviderServer {
  url: string;
  keys: Map<string, Key>;
  add(name: string): Key;
  honours(value: string | undefined): boolean;
  meddle: Meddle;
  /** Answers with this status once the deed is done: the key is made, and the client does not know. */
  failAfter?: { path: string; status: number } | undefined;
  /** Endpoints that keys made from now on may not use. */
  forbid: string[];
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : JSON.parse(text);
}

export async function startProvider(): Promise<ProviderServer> {
  const keys = new Map<string, Key>();
  const forbidden = new Map<string, string[]>();
  let count = 0;
  const provider: ProviderServer = {
    url: "",
    keys,
    add: (name) => {
      const key = { id: `key_${randomUUID().slice(0, 8)}`, name, value: ["value", randomUUID()].join("-") };
      keys.set(key.id, key);
      forbidden.set(key.id, provider.forbid);
      return key;
    },
    honours: (value) => [...keys.values()].some((key) => key.value === value),
    meddle: () => {},
    forbid: [],
  };
  const answer = (
    method: string,
    path: string,
    body: Record<string, string>,
    own: Key,
  ): [number, unknown] => {
    if (forbidden.get(own.id)?.includes(path)) return [403, { error: "forbidden" }];
    const id = /^\/v1\/keys\/(.+)$/.exec(path)?.[1];
    if (method === "GET" && path === "/v1/me") return [200, { account: "acct_1", key: { id: own.id } }];
    if (method === "GET" && path === "/v1/balance") return [200, { amount: 1 }];
    if (method === "GET" && path === "/v1/keys")
      return [200, { data: [...keys.values()].map(({ id, name }) => ({ id, name })) }];
    if (method === "POST" && path === "/v1/keys") return [201, { key: provider.add(body.name ?? "") }];
    if (method === "DELETE" && id) return keys.delete(id) ? [204, undefined] : [404, { error: "gone" }];
    return [404, {}];
  };
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "" } = request;
    const body = await bodyOf(request);
    count += 1;
    const of = { method, path, count };
    provider.meddle({ ...of, moment: "before" });
    const proof = request.headers.authorization?.replace("Bearer ", "");
    const own = [...keys.values()].find(({ value }) => value === proof);
    let [status, document] = own ? answer(method, path, body, own) : [401, { error: "unauthorized" }];
    provider.meddle({ ...of, moment: "after" });
    if (provider.failAfter?.path === path && method === "POST") {
      [status, document] = [provider.failAfter.status, { error: "internal" }];
      provider.failAfter = undefined;
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(document === undefined ? undefined : JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  provider.url = typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
  return provider;
}

/** The manifest of an integration with that provider. */
export function manifestFor(url: string, rotation = ""): string {
  return `name: acme
purpose: Test
owner: Test
baseUrl: ${url}
auth: { scheme: bearer, secret: api_key }
secrets:
  api_key:
    env: ACME_API_KEY
    rotateEvery: 90d
    rotation:
${
  rotation ||
  `      driver: http
      verify: get-balance
      create: { request: POST /v1/keys, body: { name: "{{tag}}" }, value: $.key.value, id: $.key.id }
      list: { request: GET /v1/keys, keys: $.data, id: $.id, name: $.name }
      identify: { request: GET /v1/me, id: $.key.id }
      revoke: { request: "DELETE /v1/keys/{{id}}" }`
}
active: v1
versions: { v1: {} }
endpoints:
  get-balance: { request: GET /v1/balance }
  get-me: { request: GET /v1/me }
`;
}
