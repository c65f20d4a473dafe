import { describe, expect, test } from "vitest";
import { makeCertificate } from "../support/certificate.ts";
import {
  answering,
  bodyOf,
  client,
  fire,
  fireOnce,
  get,
  http2Server,
  httpServer,
  httpsServer,
  laneFor,
  rawServer,
} from "./server.ts";

const authority = makeCertificate({ name: "Test Authority" });
const good = makeCertificate({ name: "localhost", hosts: ["localhost"], issuer: authority });
const trusting = { tls: { ca: authority.cert } };

describe("a lane", () => {
  test("sends the same request over one connection, and tells of each answer alone", async () => {
    const ports = new Set<number | undefined>();
    let served = 0;
    const origin = await httpServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(served === 1 ? 404 : 200, { "x-count": String(++served) }).end("x".repeat(served));
    });
    const lane = await laneFor(client(), get(`${origin}/`));
    const seen: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      const answer = await fire(lane);
      seen.push([answer.status, answer.bytes, answer.headers()["x-count"], answer.failure]);
    }
    expect(seen).toEqual([
      [200, 1, "1", undefined],
      [404, 2, "2", undefined],
      [200, 3, "3", undefined],
    ]);
    expect(ports.size).toBe(1);
  });

  test("sends method, path, headers and body, and the body's true length", async () => {
    const seen: unknown[] = [];
    const origin = await httpServer(async (request, response) => {
      const { host, accept, "content-length": length } = request.headers;
      seen.push(request.method, request.url, host, accept, length, await bodyOf(request));
      response.end();
    });
    const headers = { accept: "a/b", "content-length": "999" };
    await fireOnce(client(), { method: "POST", url: `${origin}/p?q=é`, headers, body: "naïve" });
    expect(seen).toEqual(["POST", "/p?q=%C3%A9", new URL(origin).host, "a/b", "6", "naïve"]);
  });

  test.each([
    ["HTTP/1.1", httpsServer],
    ["HTTP/2", http2Server],
  ])("speaks %s over TLS, several times on one connection", async (_protocol, serve) => {
    const ports = new Set<unknown>();
    const answer = (
      request: { socket: { remotePort?: number | undefined } },
      response: { end(text: string): void },
    ) => {
      ports.add(request.socket.remotePort);
      response.end("hello");
    };
    const port = await serve({ cert: good.cert, key: good.key }, answer as never);
    const lane = await laneFor(client(trusting), get(`https://localhost:${port}/`));
    for (let round = 0; round < 3; round++) {
      const { status, bytes, failure } = await fire(lane);
      expect({ status, bytes, failure }).toEqual({ status: 200, bytes: 5, failure: undefined });
      expect(lane.headers().date).toBeDefined();
    }
    expect(ports.size).toBe(1);
  });

  test("takes another connection where the server closes, or sends what nobody asked for", async () => {
    for (const rest of ["", "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"]) {
      let opened = 0;
      const origin = await rawServer((socket) => {
        opened++;
        socket.on("data", () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok${rest}`));
        if (!rest) socket.on("data", () => socket.end());
      });
      const lane = await laneFor(client(), get(`${origin}/`));
      for (let round = 0; round < 3; round++) expect((await fire(lane)).status).toBe(200);
      expect(opened).toBe(3);
    }
  });

  test.each([
    ["closes without an answer", "", "end", "reset"],
    [
      "resets in the middle of the body",
      "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
      "reset",
      "truncated",
    ],
    [
      "ends before its Content-Length",
      "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
      "end",
      "truncated",
    ],
    [
      "ends in the middle of a chunk",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf",
      "end",
      "truncated",
    ],
    ["speaks HTTP/0.9", "<html>hello</html>", "end", "protocol"],
    ["sends endless headers", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(20_000)}`, "hold", "too-large"],
    [
      "sends more than may come",
      `HTTP/1.1 200 OK\r\ncontent-length: 40000000\r\n\r\n${"x".repeat(34_000_000)}`,
      "hold",
      "too-large",
    ],
  ] as const)("names a server that %s, and can send again", async (_what, bytes, after, kind) => {
    const origin = await answering(bytes, after);
    const lane = await laneFor(client(), get(`${origin}/`));
    for (let round = 0; round < 2; round++) {
      expect((await fire(lane)).failure).toMatchObject({
        kind,
        message: expect.stringContaining(new URL(origin).host),
      });
    }
  });

  test("names a port on which nothing listens, and an authority that is not trusted", async () => {
    expect((await fireOnce(client(), get("http://127.0.0.1:1/"))).failure?.kind).toBe("refused");
    const port = await httpsServer({ cert: good.cert, key: good.key });
    const { failure } = await fireOnce(client(), get(`https://localhost:${port}/`));
    expect(failure?.kind).toBe("tls-untrusted");
  });

  test("refuses a request whose headers would break out of it, or say what it is not", async () => {
    const origin = await httpServer((_request, response) => response.end());
    for (const headers of [
      { "x-a": "1\r\nx-b: 2" },
      { "x a": "1" },
      { "transfer-encoding": "chunked" },
    ] as Record<string, string>[])
      await expect(
        laneFor(client(), get(`${origin}/`, headers)),
        JSON.stringify(headers),
      ).rejects.toMatchObject({ failure: { kind: "protocol" } });
  });
});
