import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sodium from "libsodium-wrappers";

/** A server that answers as GitHub's API for Actions secrets does, on 127.0.0.1. */
export interface GithubServer {
  url: string;
  token: string;
  /** What arrived, opened with the private key, by the path it came to. */
  secrets: Map<string, string>;
  /** Status of the next write in place of doing it. */
  failNext: number | undefined;
  writes: number;
  close(): Promise<void>;
}

/** Written from docs.github.com/en/rest/actions/secrets: public key, sealed box, 201 for a new secret and 204 for one that is replaced. */
export async function startGithub(): Promise<GithubServer> {
  await sodium.ready;
  const pair = sodium.crypto_box_keypair();
  const keyId = "key-of-a-test";
  const server: GithubServer = {
    url: "",
    token: ["token", "of", "a", "test"].join("-"),
    secrets: new Map(),
    failNext: undefined,
    writes: 0,
    close: async () => {},
  };
  const http = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const reply = (status: number, body?: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const path = request.url ?? "";
    if (request.headers.authorization !== `Bearer ${server.token}`)
      return reply(401, { message: "Bad credentials" });
    if (!/^\/repos\/acme\/shop\/(actions|environments\/[^/]+)\/secrets\/\w/.test(path))
      return reply(404, { message: "Not Found" });
    if (path.endsWith("/public-key")) {
      return reply(200, { key_id: keyId, key: Buffer.from(pair.publicKey).toString("base64") });
    }
    if (server.failNext !== undefined) {
      const status = server.failNext;
      server.failNext = undefined;
      return reply(status, { message: "not now" });
    }
    const { encrypted_value: sealed, key_id: usedKey } = JSON.parse(text);
    if (usedKey !== keyId) return reply(422, { message: "wrong key" });
    const opened = sodium.crypto_box_seal_open(
      Buffer.from(sealed, "base64"),
      pair.publicKey,
      pair.privateKey,
    );
    server.writes += 1;
    const known = server.secrets.has(path);
    server.secrets.set(path, Buffer.from(opened).toString("utf8"));
    return known ? reply(204) : reply(201, {});
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  server.close = async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  return server;
}
