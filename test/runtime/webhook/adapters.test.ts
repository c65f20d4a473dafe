import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { gzipSync } from "node:zlib";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import {
  fastifyWebhook,
  fetchHandler,
  nodeHandler,
  type WebhookReceiver,
} from "../../../src/runtime/index.ts";
import { counting, event, signed, verify } from "./support.ts";

interface Running {
  send(init: RequestInit, path?: string): Promise<Response>;
  port?: number;
  close(): Promise<unknown>;
}

async function listening(server: Server): Promise<Running> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    send: (init, path = "/hook?a=1") => fetch(`http://127.0.0.1:${port}${path}`, init),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const frameworks: Record<string, (receiver: WebhookReceiver) => Promise<Running>> = {
  "node:http": (receiver) => listening(createServer(nodeHandler(receiver))),
  Express: (receiver) => listening(createServer(express().post("/hook", nodeHandler(receiver)))),
  "Express with express.raw()": (receiver) =>
    listening(
      createServer(
        express()
          .use(express.raw({ type: "*/*", inflate: false }))
          .post("/hook", nodeHandler(receiver)),
      ),
    ),
  "Express in a router": (receiver) =>
    listening(createServer(express().use("/", express.Router().post("/hook", nodeHandler(receiver))))),
  Fastify: async (receiver) => {
    const app = fastify();
    app.register(fastifyWebhook(receiver, "/hook"));
    app.post("/other", async (request) => request.body);
    await app.ready();
    const server = await listening(app.server);
    return server;
  },
  Hono: async (receiver) => {
    const handler = fetchHandler(receiver);
    const app = new Hono().post("/hook", (c) => handler(c.req.raw));
    return { send: async (init, path = "/hook?a=1") => app.request(path, init), close: async () => {} };
  },
  "a Fetch handler": async (receiver) => {
    const handler = fetchHandler(receiver);
    return {
      send: (init, path = "/hook?a=1") => handler(new Request(`http://app.internal${path}`, init)),
      close: async () => {},
    };
  },
};

describe.each(Object.entries(frameworks))("behind %s", (name, start) => {
  test("a delivery arrives with its bytes, its URL and its headers; others are refused with the right status", async () => {
    const urls: (string | undefined)[] = [];
    const { receiver, effects } = counting({
      maxBytes: 2000,
      origin: "https://app.example.com",
      verify: (delivery) => {
        urls.push(delivery.url);
        return verify(delivery);
      },
    });
    const server = await start(receiver);
    try {
      // Unusual bytes: parsed and printed again they would not be the same.
      const body = '{ "id": "evt_1",\n "amount": 1.0, "name": "\\u00e9é" }';
      const { headers } = signed(body);
      const send = async (init: RequestInit) => (await server.send({ method: "POST", ...init })).status;
      expect(await send({ headers, body })).toBe(200);
      expect(await send({ headers, body })).toBe(200);
      expect(effects).toEqual(["evt_1"]);
      expect(urls[0]).toBe("https://app.example.com/hook?a=1");
      expect(await send({ headers, body: `${body} ` })).toBe(400);
      expect(await send({ headers: { ...headers, "content-type": "text/plain" }, body })).toBe(200);
      expect(await send({ headers: { ...headers, "content-encoding": "gzip" }, body: gzipSync(body) })).toBe(
        415,
      );
      expect(await send({ headers, body: "x".repeat(3000) })).toBe(413);
      expect(effects).toEqual(["evt_1"]);
      if (name === "Fastify") {
        const other = await server.send({ method: "POST", headers, body: '{"still":"parsed"}' }, "/other");
        expect(await other.json()).toEqual({ still: "parsed" });
      }
    } finally {
      await server.close();
    }
  });
});

describe("a receiver behind node:http", () => {
  test("says that the body was parsed before it got there, and how to mend that", async () => {
    const { receiver, reports } = counting();
    const server = await listening(
      createServer(express().use(express.json()).post("/hook", nodeHandler(receiver))),
    );
    try {
      const answer = await server.send({ method: "POST", ...signed(event("evt_1")) } as RequestInit);
      expect(answer.status).toBe(500);
      expect(await answer.text()).toContain("register the webhook before anything that parses bodies");
      expect(reports[0]?.outcome).toBe("parsed");
    } finally {
      await server.close();
    }
  });

  test("takes the bytes that are kept beside a parsed body, as serverless platforms and `verify` of express.json() do", async () => {
    const { receiver, effects } = counting();
    const keep = express.json({
      verify: (request, _response, rawBody) => Object.assign(request, { rawBody }),
    });
    const server = await listening(createServer(express().use(keep).post("/hook", nodeHandler(receiver))));
    try {
      const { headers, body } = signed(event("evt_1"));
      const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
      expect((await server.send(init as RequestInit)).status).toBe(200);
      expect(effects).toEqual(["evt_1"]);
    } finally {
      await server.close();
    }
  });

  test("takes POST only", async () => {
    const server = await listening(createServer(nodeHandler(counting().receiver)));
    try {
      const answer = await server.send({ method: "GET" });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    } finally {
      await server.close();
    }
    expect((await fetchHandler(counting().receiver)(new Request("http://a.test"))).status).toBe(405);
  });
});

const servers = Object.entries(frameworks).filter(
  ([name]) => name === "node:http" || name === "Express" || name === "Fastify",
);

test("Fastify's own `inject` delivers too", async () => {
  const { receiver, effects } = counting();
  const app = fastify();
  app.register(fastifyWebhook(receiver, "/hook"));
  const { headers, body } = signed(event("evt_1"));
  const inject = (given: Record<string, string>) =>
    app.inject({ method: "POST", url: "/hook", headers: given, payload: body });
  expect((await inject(headers)).statusCode).toBe(200);
  expect((await inject({})).statusCode).toBe(400);
  expect(effects).toEqual(["evt_1"]);
  await app.close();
});

describe.each(servers)("a body that does not arrive at %s", (_, start) => {
  test("ends a body that never ends: too large while it comes, or too slow", async () => {
    const { receiver, reports } = counting({ maxBytes: 1000, bodyTimeoutMs: 100 });
    const server = await start(receiver);
    const talk = async (...parts: string[]) => {
      const socket = connect(server.port ?? 0, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(`POST /hook HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n${parts.join("")}`);
      const [answer] = await once(socket, "data");
      await once(socket, "close");
      return String(answer).split("\r\n")[0];
    };
    try {
      expect(await talk(`3e8\r\n${"x".repeat(1000)}\r\n`, "5\r\nxxxxx\r\n")).toBe(
        "HTTP/1.1 413 Payload Too Large",
      );
      expect(await talk("2\r\n{ \r\n")).toBe("HTTP/1.1 408 Request Timeout");
      expect(reports.map(({ outcome }) => outcome)).toEqual(["too_large", "too_slow"]);
    } finally {
      await server.close();
    }
  });

  test("a sender who leaves half-way has no effect", async () => {
    const { receiver, effects, reports } = counting();
    const server = await start(receiver);
    try {
      const socket = connect(server.port ?? 0, "127.0.0.1");
      socket.write('POST /hook HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"id":', () =>
        socket.destroy(),
      );
      await once(socket, "close");
      // Another sender is served as before.
      expect((await server.send({ method: "POST", body: "{}" })).status).toBe(400);
      expect([effects, reports.map(({ outcome }) => outcome)]).toEqual([[], ["refused"]]);
    } finally {
      await server.close();
    }
  });
});
