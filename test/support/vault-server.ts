import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface Version {
  data: Record<string, unknown> | null;
  deleted: string;
  destroyed: boolean;
}

/** A server that answers as HashiCorp Vault does, on 127.0.0.1. */
export interface VaultServer {
  url: string;
  token: string;
  /** Entries by their path, all versions of each. */
  entries: Map<string, Version[]>;
  /** 503 for everything, as a sealed Vault. */
  sealed: boolean;
  /** Does the next write and never answers it. */
  loseNextAnswer: boolean;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

const ROLE = { role_id: "role-of-a-test", secret_id: "secret-of-a-test" };

/**
 * What stores need of Vault's HTTP API, written from its public documentation (developer.hashicorp.com/vault/api-docs:
 * secret/kv/kv-v2, auth/approle): KV version 2 at `secret/` with check-and-set, soft deletion, metadata; version 1 at `kv1/`.
 */
export async function startVault(): Promise<VaultServer> {
  const server: VaultServer = {
    url: "",
    token: "token-of-a-test",
    entries: new Map(),
    sealed: false,
    loseNextAnswer: false,
    close: async () => {},
  };

  const readData = (path: string): [number, unknown] => {
    const versions = server.entries.get(path);
    const last = versions?.at(-1);
    if (!versions || !last) return [404, { errors: [] }];
    const gone = last.destroyed || last.deleted !== "";
    const metadata = {
      created_time: "2026-01-01T00:00:00Z",
      deletion_time: last.deleted,
      destroyed: last.destroyed,
      version: versions.length,
    };
    return [gone ? 404 : 200, { data: { data: gone ? null : last.data, metadata } }];
  };

  const writeData = (path: string, body: Record<string, unknown>): [number, unknown] => {
    const versions = server.entries.get(path) ?? [];
    const options = body.options as { cas?: number } | undefined;
    if (options?.cas !== undefined && options.cas !== versions.length) {
      return [400, { errors: ["check-and-set parameter did not match the current version"] }];
    }
    versions.push({ data: body.data as Record<string, unknown>, deleted: "", destroyed: false });
    server.entries.set(path, versions);
    return [200, { data: { version: versions.length, deletion_time: "", destroyed: false } }];
  };

  const answer = async (request: IncomingMessage): Promise<[number, unknown]> => {
    if (server.sealed) return [503, { errors: ["Vault is sealed"] }];
    const path = decodeURIComponent((request.url ?? "").replace(/^\/v1\//, ""));
    const body = await bodyOf(request);
    if (path === "auth/approle/login") {
      const right = body.role_id === ROLE.role_id && body.secret_id === ROLE.secret_id;
      return right
        ? [200, { auth: { client_token: server.token } }]
        : [400, { errors: ["invalid role or secret ID"] }];
    }
    if (request.headers["x-vault-token"] !== server.token) return [403, { errors: ["permission denied"] }];
    const [, kind, name = ""] = /^secret\/(data|metadata)\/(.+)$/.exec(path) ?? [];
    if (path.startsWith("kv1/")) return [200, { data: { some: "value" } }];
    if (kind === undefined) return [404, { errors: [`no handler for route "${path}"`] }];
    if (kind === "metadata") {
      server.entries.delete(name);
      return [204, undefined];
    }
    return request.method === "GET" ? readData(name) : writeData(name, body);
  };

  const http = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    if (server.loseNextAnswer && request.method === "POST") {
      server.loseNextAnswer = false;
      return request.socket.destroy();
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server.close = async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return server;
}

/** Variables that an AppRole logs in with. */
export const APP_ROLE = { VAULT_ROLE_ID: ROLE.role_id, VAULT_SECRET_ID: ROLE.secret_id };
