import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { Agent, MockAgent } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClientOptions, createClient, undiciTransport } from "../../src/runtime/index.ts";
import { failureOf, getThing } from "./support.ts";

type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

const agent = new Agent();
let answerer: Answerer = () => {};
const server = createServer((request, response) => answerer(request, response));
let baseUrl = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(async () => {
  await agent.destroy();
  server.close();
});

const client = (options: Partial<ClientOptions> = {}) =>
  createClient({
    integration: "acme",
    version: "v1",
    baseUrl,
    env: {},
    transport: undiciTransport(agent),
    ...options,
  });

describe("the undici transport", () => {
  test("sends method, path, query, headers and body as fetch does", async () => {
    const seen: unknown[] = [];
    answerer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method, url, headers } = request;
        const { host: _host, connection: _connection, ...rest } = headers;
        seen.push({ method, url, headers: rest, body: Buffer.concat(chunks).toString("utf8") });
        response.end('{"ok":"ü"}');
      });
    };
    const call = { operation: "post", method: "POST", path: "/a b", query: { q: "ü" }, body: { x: "ü" } };
    const overUndici = await client().request({ ...call, path: "/a%20b" });
    const overFetch = await createClient({ integration: "acme", version: "v1", baseUrl, env: {} }).request({
      ...call,
      path: "/a%20b",
    });
    expect(overUndici).toEqual(overFetch);
    const [mine, theirs] = seen;
    expect(theirs).toMatchObject(Object(mine));
  });

  test("a byte order mark before the JSON is none of it, as over fetch", async () => {
    answerer = (_request, response) => response.end('\ufeff{"ok":true}');
    expect(await client().request(getThing)).toEqual({ ok: true });
    const overFetch = createClient({ integration: "acme", version: "v1", baseUrl, env: {} });
    expect(await overFetch.request(getThing)).toEqual({ ok: true });
  });

  test("gives headers, of which several of one name are joined, and follows redirects within the origin", async () => {
    answerer = ({ url }, response) => {
      if (url === "/things/1") response.writeHead(302, { location: "/things/2" }).end("gone");
      else response.writeHead(200, { "x-many": ["a", "b"], "request-id": "r1" }).end("{}");
    };
    const reply = await client().send(getThing);
    expect(reply.headers.get("x-many")).toBe("a, b");
    expect(reply.requestId).toBe("r1");
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
  ] as const)("understands a body encoded as %s, and bounds it", async (encoding, encode) => {
    answerer = (_request, response) => {
      response.setHeader("content-encoding", encoding);
      response.end(encode(Buffer.from(JSON.stringify({ text: "x".repeat(50_000) }))));
    };
    expect(await client().request(getThing)).toEqual({ text: "x".repeat(50_000) });
    const error = await failureOf(client({ maxBodyBytes: 10_000 }).request(getThing));
    expect(String(error)).toContain("larger than 10000 bytes");
  });

  test("a body in an encoding nobody knows is an error that names it", async () => {
    answerer = (_request, response) => {
      response.setHeader("content-encoding", "zstd");
      response.end("?");
    };
    expect(String(await failureOf(client().request(getThing)))).toContain("encoded as zstd");
  });

  test("a caller that gives up ends its request", async () => {
    const closed = new Promise<void>((resolve) => {
      answerer = (_request, response) => response.on("close", resolve);
    });
    const signal = AbortSignal.timeout(50);
    const call = client().request({ ...getThing, signal });
    expect(await failureOf(call)).toBe(signal.reason);
    await closed;
  });

  test("works on undici's own mock", async () => {
    const mock = new MockAgent();
    mock.disableNetConnect();
    mock.get("https://api.example.com").intercept({ path: "/things/1" }).reply(200, { id: "mocked" });
    const acme = client({ baseUrl: "https://api.example.com", transport: undiciTransport(mock) });
    expect(await acme.request(getThing)).toEqual({ id: "mocked" });
    await mock.close();
  });
});
