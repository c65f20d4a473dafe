import http, { type IncomingMessage, type RequestListener } from "node:http";
import http2, { type Http2SecureServer } from "node:http2";
import https from "node:https";
import net, { type AddressInfo, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { performance } from "node:perf_hooks";
import type { TlsOptions } from "node:tls";
import { onTestFinished } from "vitest";
import { type ClientOptions, createHttpClient, type LoadClient } from "../../src/http/client.ts";
import type { HttpClient, HttpRequest } from "../../src/http/exchange.ts";
import type { Lane, LaneAnswer } from "../../src/http/lane.ts";

export const clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** A client that closes with the test. */
export function client(options: Partial<ClientOptions> = {}): HttpClient & LoadClient {
  const made = createHttpClient({ env: {}, clock, ...options });
  onTestFinished(() => made.close());
  return made;
}

/** Sends over a lane, as a load test does. */
export const fire = (lane: Lane): Promise<LaneAnswer> => new Promise((resolve) => lane.fire(resolve));

/** A lane of a client that is ready to send. */
export async function laneFor(http: LoadClient, request: HttpRequest): Promise<Lane> {
  const lanes = await http.lanes(1, request);
  if ("failure" in lanes || !lanes[0]) throw new Error(JSON.stringify(lanes));
  lanes[0].load(request);
  return lanes[0];
}

export const fireOnce = async (http: LoadClient, request: HttpRequest) => fire(await laneFor(http, request));

export const get = (url: string, headers: Record<string, string> = {}) => ({ method: "GET", url, headers });

function listening(server: net.Server | Http2SecureServer, host: string): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Machines without IPv6 have no `::1`. */
export const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === "::1");

/** An HTTP server on a free port of `host`; gives its origin. */
export async function httpServer(listener: RequestListener, host = "127.0.0.1"): Promise<string> {
  const server = http.createServer(listener);
  const port = await listening(server, host);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

/** A server that speaks bytes: `answer` gets each connection. */
export async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    answer(socket);
  });
  const port = await listening(server, "127.0.0.1");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
}

/** A server that answers the first bytes of every connection with `bytes`, then does as `after` says. */
export function answering(bytes: string, after: "end" | "reset" | "hold" = "end"): Promise<string> {
  return rawServer((socket) => {
    socket.once("data", () => {
      socket.write(bytes, "latin1", () => {
        if (after === "end") socket.end();
        if (after === "reset") setTimeout(() => socket.resetAndDestroy(), 10);
      });
    });
  });
}

/** An HTTPS server on 127.0.0.1 that answers `ok`; gives its port. */
export async function httpsServer(
  tls: TlsOptions,
  listener: RequestListener = (_request, response) => response.end("ok"),
) {
  const server = https.createServer(tls, listener);
  server.on("tlsClientError", () => {});
  const port = await listening(server, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}

/** A server that offers HTTP/2 and 1.1 by ALPN. */
export async function http2Server(tls: TlsOptions, listener: Parameters<typeof http2.createSecureServer>[1]) {
  const server = http2.createSecureServer({ allowHTTP1: true, ...tls }, listener);
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  const port = await listening(server, "127.0.0.1");
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return port;
}
