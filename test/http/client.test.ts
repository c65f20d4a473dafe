import { describe, expect, test } from "vitest";
import { answering, client, get, hasIpv6, httpServer, rawServer } from "./server.ts";

const text = (body: Uint8Array | undefined) => Buffer.from(body ?? []).toString();

describe("connections", () => {
  test("the first exchange opens a connection, the next reuses it, a fresh one opens another", async () => {
    const origin = await httpServer((_request, response) => response.end("hi"));
    const http = client();
    const cold = await http.exchange(get(`${origin}/`));
    const warm = await http.exchange(get(`${origin}/`));
    const fresh = await http.exchange(get(`${origin}/`), { freshConnection: true });
    expect([cold, warm, fresh].map(({ connection }) => connection.reused)).toEqual([false, true, false]);
    expect(Object.keys(cold.phases)).toEqual(["connect", "ttfb", "download"]);
    expect(Object.keys(warm.phases)).toEqual(["ttfb", "download"]);
    expect(text(cold.response?.body)).toBe("hi");
  });

  test("who answered is known of every answer, also where the connection ends with it or before it is whole", async () => {
    const answers = [
      "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
      "HTTP/1.0 200 OK\r\n\r\nok",
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok, and more",
      "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ncut",
      "garbage",
    ];
    for (const answer of answers) {
      const { connection } = await client().exchange(get(await answering(answer)));
      expect(connection, answer).toMatchObject({ remoteAddress: "127.0.0.1", family: 4 });
    }
  });

  test.each([
    [10, 8900, 9100],
    [1, 400, 600],
    [0, undefined, 0],
  ])("one that the server keeps for %d s is left alone towards its end", async (seconds, soon, late) => {
    const origin = await rawServer((socket) => {
      socket.on("data", () =>
        socket.write(`HTTP/1.1 200 OK\r\nkeep-alive: timeout=${seconds}\r\ncontent-length: 2\r\n\r\nok`),
      );
    });
    for (const [after, reused] of [
      [soon, true],
      [late, false],
    ] as const) {
      if (after === undefined) continue;
      let time = 0;
      const http = client({ clock: { now: () => Date.now(), monotonic: () => time } });
      await http.exchange(get(origin));
      time += after;
      expect((await http.exchange(get(origin))).connection.reused, `after ${after} ms`).toBe(reused);
    }
  });

  test("a connection that is to be closed afterwards serves nobody else", async () => {
    const origin = await httpServer((_request, response) => response.end("hi"));
    const http = client();
    const first = await http.exchange(get(origin), { closeAfterwards: true });
    const second = await http.exchange(get(origin));
    expect([first, second].map(({ connection }) => connection.reused)).toEqual([false, false]);
  });

  test("a name is resolved in a phase of its own", async () => {
    const origin = await httpServer((_request, response) => response.end());
    const { phases } = await client().exchange(get(origin.replace("127.0.0.1", "localhost")));
    expect(phases.dns).toBeGreaterThanOrEqual(0);
  });

  test("localhost and the names below it are this machine, whatever a resolver says, on either family", async () => {
    const origins = [await httpServer((_request, response) => response.end())];
    if (hasIpv6) origins.push(await httpServer((_request, response) => response.end(), "::1"));
    for (const origin of origins) {
      for (const name of ["localhost", "api.localhost"]) {
        const { response } = await client().exchange(get(`http://${name}:${new URL(origin).port}/`));
        expect(response?.status, `${name} of ${origin}`).toBe(200);
      }
    }
  });

  test("an idle connection that the server has closed is replaced without a failure", async () => {
    const origin = await answering(
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok",
      "end",
    );
    const http = client();
    for (let turn = 0; turn < 3; turn++) {
      expect((await http.exchange(get(origin))).response?.status).toBe(200);
    }
  });
});

describe("redirects", () => {
  test("each hop is shown and the last answer counts", async () => {
    const origin = await httpServer((request, response) => {
      if (request.url === "/end") return response.end("there");
      response.writeHead(302, { location: "/end" }).end();
    });
    const { hops, response } = await client().exchange(get(`${origin}/start`));
    expect(hops.map(({ status, location }) => [status, location])).toEqual([[302, `${origin}/end`]]);
    expect(text(response?.body)).toBe("there");
  });

  test("no credential follows to another origin, in a header, a cookie or the query", async () => {
    const seen: { url?: string; headers: Record<string, unknown> }[] = [];
    const other = await httpServer((request, response) => {
      seen.push({ url: request.url ?? "", headers: request.headers });
      response.end();
    });
    const origin = await httpServer((request, response) => {
      response.writeHead(307, { location: `${other}/landing?${(request.url ?? "").split("?")[1]}` }).end();
    });
    await client().exchange({
      method: "GET",
      url: `${origin}/?apikey=abc&page=2`,
      headers: { authorization: "Bearer abc", cookie: "a=b", "x-vendor-key": "abc", "x-plain": "kept" },
      credentials: { headers: ["authorization", "x-vendor-key"], query: ["apikey"] },
    });
    expect(seen[0]?.url).toBe("/landing?page=2");
    expect(JSON.stringify(seen[0]?.headers)).not.toContain("abc");
    expect(seen[0]?.headers).toMatchObject({ "x-plain": "kept" });
    expect(seen[0]?.headers).not.toHaveProperty("cookie");
  });

  test("a circle and a chain without end both stop by name", async () => {
    const circle = await httpServer((_request, response) => response.writeHead(302, { location: "/" }).end());
    expect((await client().exchange(get(`${circle}/`))).failure?.kind).toBe("redirect-loop");
    let count = 0;
    const chain = await httpServer((_request, response) => {
      response.writeHead(302, { location: `/${count++}` }).end();
    });
    const exchange = await client().exchange(get(`${chain}/`), { limits: { maxRedirects: 4 } });
    expect(exchange.failure?.kind).toBe("redirect-loop");
    expect(count).toBe(5);
  });

  test("a redirect from a public address to a private one is refused, also by literal address", async () => {
    const inside = await httpServer((_request, response) => response.end("secret"));
    const outside = await httpServer((_request, response) => {
      response.writeHead(302, { location: inside }).end();
    }, "127.0.0.2");
    const http = client({ isPrivate: (address) => address === "127.0.0.1" });
    expect((await http.exchange(get(outside))).failure?.kind).toBe("redirect-refused");
    const named = await httpServer((_request, response) => {
      response.writeHead(302, { location: inside.replace("127.0.0.1", "localhost") }).end();
    }, "127.0.0.2");
    expect((await http.exchange(get(named))).failure?.kind).toBe("redirect-refused");
  });

  test("so it is where the public server closes its connection with the redirect", async () => {
    const inside = await httpServer((_request, response) => response.end("secret"));
    for (const headers of [{ connection: "close" }, { connection: "keep-alive" }]) {
      const outside = await httpServer((_request, response) => {
        response.writeHead(302, { location: inside, ...headers }).end();
      }, "127.0.0.2");
      const http = client({ isPrivate: (address) => address === "127.0.0.1" });
      const { failure, hops } = await http.exchange(get(outside));
      expect([failure?.kind, hops.length]).toEqual(["redirect-refused", 1]);
    }
  });

  test("a body is not carried to another origin, nor anything to another scheme", async () => {
    const other = await httpServer((_request, response) => response.end());
    const origin = await httpServer((request, response) => {
      response.writeHead(307, { location: request.url === "/file" ? "file:///etc/passwd" : other }).end();
    });
    const post = { method: "POST", url: origin, headers: {}, body: "{}" };
    expect((await client().exchange(post)).failure?.kind).toBe("redirect-refused");
    expect((await client().exchange(get(`${origin}/file`))).failure?.kind).toBe("redirect-refused");
  });
});

describe("deadlines", () => {
  test("a server that never answers costs the deadline, and the message names what was waited for", async () => {
    const origin = await httpServer((request, response) => {
      if (request.url === "/once") response.end();
    });
    const http = client();
    await http.exchange(get(`${origin}/once`));
    const { failure } = await http.exchange(get(origin), { limits: { deadlineMs: 50 } });
    expect(failure).toMatchObject({ kind: "timeout", message: expect.stringContaining("first byte") });
  });

  test("a phase has its own deadline", async () => {
    const origin = await answering("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal", "hold");
    const { failure } = await client().exchange(get(origin), { limits: { phaseMs: { download: 30 } } });
    expect(failure).toMatchObject({ kind: "timeout", message: expect.stringContaining("downloading") });
  });

  test("a request brings deadlines of its own, and what its sender says wins", async () => {
    const origin = await httpServer((_request, response) => void setTimeout(() => response.end(), 60));
    const request = { ...get(origin), deadlines: { deadlineMs: 5000, phaseMs: { ttfb: 20 } } };
    const { failure } = await client().exchange(request);
    expect(failure).toMatchObject({ kind: "timeout", message: expect.stringContaining("first byte") });
    const patient = await client().exchange(request, { limits: { phaseMs: { ttfb: 5000 } } });
    expect(patient.response?.status).toBe(200);
  });

  test("an abort is no failure of the server", async () => {
    const origin = await httpServer(() => {});
    const stop = new AbortController();
    const pending = client().exchange(get(origin), { signal: stop.signal });
    stop.abort();
    expect((await pending).failure?.kind).toBe("aborted");
  });
});
