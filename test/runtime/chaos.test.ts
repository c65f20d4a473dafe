import { createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { afterAll, describe, expect, test } from "vitest";
import {
  type ClientOptions,
  createClient,
  IntegrationError,
  type Transport,
  undiciTransport,
} from "../../src/runtime/index.ts";
import { virtualTime } from "../../src/testing/virtual-time.ts";
import { failureOf } from "./support.ts";

/** What the server does with one request; it owns the socket. */
type Deed = (socket: Socket) => void;

const response = (status: string, body: string, headers: readonly string[] = []) =>
  [
    `HTTP/1.1 ${status}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ]
    .join("\r\n")
    .concat("\r\n\r\n", body);

const says =
  (status: string, body = "{}", headers: readonly string[] = []): Deed =>
  (socket) =>
    socket.write(response(status, body, headers));

const fine = says("200 OK", '{"id":"a"}');
const reset: Deed = (socket) => socket.resetAndDestroy();
const stall: Deed = () => server.waiting();
/** Promises more than it sends, then goes. */
const halfBody: Deed = (socket) => {
  const half = response("200 OK", '{"id":"a"}').replace("content-length: 10", "content-length: 1000");
  socket.write(half, () => socket.destroy());
};
/** A head at once, then a byte now and then, for ever. */
const slowDrip: Deed = (socket) => {
  socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n");
  let drops = 0;
  const drip = setInterval(() => {
    socket.write(" ");
    if (++drops === 3) server.waiting();
  }, 1);
  socket.on("close", () => clearInterval(drip));
};
/** What only the client's own patience ends. */
const ENDLESS: ReadonlySet<Deed> = new Set([stall, slowDrip]);
/**
 * For what only the client's patience ends, a clock on which that goes by when the server waits: a busy machine takes its
 * time. All else has far more of it than such a machine needs, or what broke would be told as what took too long.
 */
function patience(deed: Deed): Partial<ClientOptions> {
  if (!ENDLESS.has(deed)) return {};
  const time = virtualTime();
  server.waiting = () => void time.pass(PATIENCE);
  return { timeoutMs: PATIENCE, clock: time.clock, sleep: async () => {} };
}
const PATIENCE = 5000;
const garbage: Deed = (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n");
const endlessHeaders: Deed = (socket) => {
  socket.write("HTTP/1.1 200 OK\r\n");
  const more = setInterval(() => socket.write(`x-${Math.random()}: ${"y".repeat(4000)}\r\n`), 1);
  socket.on("close", () => clearInterval(more));
};
/** A clock an hour ahead, by which the reset of its quota seems far away. */
const skewed: Deed = (socket) => {
  const date = new Date(Date.now() + 3_600_000);
  const resetAt = Math.floor(date.getTime() / 1000) + 1;
  const headers = [
    `date: ${date.toUTCString()}`,
    "x-ratelimit-limit: 5",
    "x-ratelimit-remaining: 0",
    `x-ratelimit-reset: ${resetAt}`,
  ];
  socket.write(response("429 Too Many Requests", "{}", headers));
};

/** Compresses to something that can be cut in the middle. */
const LONG = JSON.stringify(Array.from({ length: 400 }, (_, index) => Math.sin(index)));
const NOISE = Buffer.from(Array.from({ length: 60 }, (_, index) => (index * 37 + 11) % 256));

const encoded =
  (encoding: string, body: Uint8Array): Deed =>
  (socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    socket.write(body);
  };

/** Nothing but the end of the connection tells how long the body is, and it comes at once. */
const cutAtOnce: Deed = (socket) => {
  socket.end("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n");
};
/** A server that has nothing to say, and says so. */
const declaredEmpty: Deed = (socket) => {
  socket.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 0\r\n\r\n");
};

/** A server that does what its script says, request by request, the last deed over and over. */
class ChaosServer {
  readonly sockets = new Set<Socket>();
  requests = 0;
  url = "";
  /** Called where it will do no more for a request than it has done. */
  waiting = (): void => {};
  #server: Server | undefined;

  /** At an address of its own each time: no request meets a connection that another play has ended. */
  async play(...script: Deed[]): Promise<void> {
    this.stop();
    this.requests = 0;
    this.waiting = () => {};
    const server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => {});
      socket.on("data", () => {
        if (server !== this.#server) return;
        const deed = script[Math.min(this.requests++, script.length - 1)];
        deed?.(socket);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server?.close();
  }
}

const server = new ChaosServer();
const agent = new Agent({ connections: 20 });
afterAll(async () => {
  server.stop();
  await agent.destroy();
});

const transports: Record<string, Transport | undefined> = {
  fetch: undefined,
  undici: undiciTransport(agent),
};

describe.each(Object.entries(transports))("over %s", (_name, transport) => {
  const make = (options: Partial<ClientOptions> = {}) =>
    createClient({
      integration: "chaos",
      version: "v1",
      baseUrl: server.url,
      env: {},
      random: () => 0.01,
      ...(transport ? { transport } : {}),
      ...options,
    });
  const get = { operation: "get", method: "GET", path: "/" } as const;

  test.each<[string, Deed, IntegrationError["code"], number]>([
    ["a reset", reset, "connection", 3],
    ["a stall", stall, "timeout", 3],
    ["a half body", halfBody, "connection", 3],
    ["a slow drip", slowDrip, "timeout", 3],
    ["endless headers", endlessHeaders, "connection", 3],
    ["what is not HTTP", garbage, "connection", 3],
    ["a 5xx burst", says("503 Service Unavailable"), "server_error", 3],
    ["a 429 storm", says("429 Too Many Requests", "{}", ["retry-after: 0"]), "rate_limited", 3],
    ["HTML with status 200", says("200 OK", "<html>"), "bad_response", 1],
    [
      "a body that is cut off within its gzip",
      encoded("gzip", gzipSync(LONG).subarray(0, 200)),
      "bad_response",
      1,
    ],
    ["a gzip that is cut off before its first byte", cutAtOnce, "bad_response", 1],
    ["a body that is no gzip", encoded("gzip", NOISE), "bad_response", 1],
    ["a body that is no Brotli", encoded("br", NOISE), "bad_response", 1],
    ["a body that is no deflate", encoded("deflate", NOISE), "bad_response", 1],
  ])("%s is told for what it is, after the retries it is worth", async (_what, deed, code, requests) => {
    await server.play(deed);
    const error = await failureOf(make(patience(deed)).request(get));
    expect(error).toMatchObject({ code });
    expect(error instanceof IntegrationError && error.attempts.length).toBe(requests);
    expect(server.requests).toBe(requests);
  });

  test("an empty body that is declared empty is one, whatever its encoding is said to be", async () => {
    await server.play(declaredEmpty);
    expect(await make().request(get)).toBeUndefined();
  });

  test.each<[string, Deed]>([
    ["a reset", reset],
    ["a stall", stall],
    ["a half body", halfBody],
    ["a slow drip", slowDrip],
    ["a 5xx", says("500 Internal Server Error")],
    ["a 429", says("429 Too Many Requests", "{}", ["retry-after-ms: 10"])],
  ])("%s, once, is not noticed by the caller", async (_what, deed) => {
    await server.play(deed, fine);
    expect(await make(patience(deed)).request(get)).toEqual({ id: "a" });
    expect(server.requests).toBe(2);
  });

  test("a POST without a key is sent once, whatever happens to it", async () => {
    for (const deed of [reset, stall, halfBody, slowDrip, says("503 Service Unavailable")]) {
      await server.play(deed);
      await failureOf(make(patience(deed)).request({ ...get, method: "POST", body: {} }));
      expect(server.requests).toBe(1);
    }
  });

  test("a provider whose clock is an hour ahead holds us back for a second, not for an hour", async () => {
    await server.play(skewed, fine);
    expect(await make().request(get)).toEqual({ id: "a" });
  });

  test("a stalled or dripping connection is let go with its attempt", async () => {
    for (const deed of [stall, slowDrip]) {
      await server.play(deed);
      await failureOf(make({ ...patience(deed), retries: 0 }).request(get));
      await expect.poll(() => server.sockets.size).toBe(0);
    }
  });

  test("a body larger than allowed is not read to its end", async () => {
    await server.play((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      const chunk = `${(65_536).toString(16)}\r\n${"x".repeat(65_536)}\r\n`;
      const more = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on("drain", more);
      more();
    });
    const error = await failureOf(make({ maxBodyBytes: 100_000 }).request(get));
    expect(error).toMatchObject({ code: "bad_response" });
    expect(String(error)).toContain("larger than 100000 bytes");
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  test("many callers on a bad day all get an answer or a reason, and no socket stays behind", async () => {
    const deeds = [fine, reset, stall, halfBody, says("503 Service Unavailable"), slowDrip, fine, fine];
    await server.play((socket) => deeds[server.requests % deeds.length]?.(socket));
    const time = virtualTime({ turns: 100 });
    const acme = make({
      bulkhead: { maxConcurrent: 10 },
      breaker: false,
      timeoutMs: 250,
      deadlineMs: 2000,
      clock: time.clock,
    });
    const controller = new AbortController();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    const calls = Array.from({ length: 60 }, (_, index) =>
      acme.request({ ...get, ...(index % 3 === 0 ? { signal: controller.signal } : {}) }),
    );
    time.clock.after(200, () => controller.abort(new Error("left")));
    const outcomes = await time.run(Promise.allSettled(calls));
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    process.off("warning", onWarning);
    // One signal for twenty calls is no leak, and Node must not think so.
    expect(warnings).toEqual([]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected")
        expect(String(outcome.reason)).toMatch(/^(\w+Error: chaos@v1 get|Error: left)/);
    }
  });
});
