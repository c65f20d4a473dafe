import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { answering, client, get, httpServer, rawServer } from "./server.ts";

const small = { limits: { deadlineMs: 2000, maxBodyBytes: 100_000, maxHeaderBytes: 16_384 } };
const failing = async (url: string, options: object = small) =>
  (await client().exchange(get(url), options)).failure;

describe("a server that is not there", () => {
  test("a name that does not exist", async () => {
    expect(await failing("http://nowhere.invalid/")).toMatchObject({
      kind: "dns",
      message: expect.stringContaining("nowhere.invalid"),
    });
  });

  test("a port on which nothing listens", async () => {
    expect(await failing("http://127.0.0.1:1/")).toMatchObject({ kind: "refused", hint: expect.any(String) });
  });

  test("what is no HTTP URL", async () => {
    expect((await failing("ftp://example.com/"))?.kind).toBe("protocol");
    expect((await failing("not a url"))?.kind).toBe("protocol");
  });
});

describe("a server that misbehaves", () => {
  test("closes without an answer", async () => {
    const origin = await rawServer((socket) => socket.end());
    expect((await failing(origin))?.kind).toBe("reset");
  });

  test("resets in the middle of the body: one name, whether the reset comes with the last bytes or after them", async () => {
    const half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf";
    const together = await rawServer((socket) => {
      socket.once("data", () => {
        socket.write(half);
        socket.resetAndDestroy();
      });
    });
    const apart = await answering(half, "reset");
    for (const origin of [together, apart]) {
      const failure = await failing(origin);
      expect(failure?.kind).toBe("truncated");
      expect(failure?.message).toContain("closed the connection before its answer was complete");
    }
  });

  test("ends before its Content-Length", async () => {
    const origin = await answering("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", "end");
    expect((await failing(origin))?.kind).toBe("truncated");
  });

  test("ends in the middle of a chunk", async () => {
    const origin = await answering("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf", "end");
    expect((await failing(origin))?.kind).toBe("truncated");
  });

  test.each([
    ["speaks HTTP/0.9", "<html>hello</html>", "did not answer in HTTP/1.1"],
    ["sends an invalid status", "HTTP/1.1 9999 OK\r\n\r\n", "sent an invalid status line"],
    [
      "sends an invalid Content-Length",
      "HTTP/1.1 200 OK\r\ncontent-length: banana\r\n\r\n",
      "sent an invalid Content-Length",
    ],
    [
      "sends control characters in a header",
      "HTTP/1.1 200 OK\r\nx-evil: a\u0000b\r\n\r\n",
      "sent a header with characters that HTTP does not allow",
    ],
    [
      "sends an invalid chunk size",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
      "sent an invalid chunk size",
    ],
  ])("%s, and is told so in our words", async (_what, bytes, words) => {
    const origin = await answering(bytes, "end");
    expect((await failing(origin))?.message).toBe(`${new URL(origin).host} ${words}`);
  });

  test.each([
    ["speaks HTTP/0.9", "<html>hello</html>", "protocol"],
    ["speaks something else", "SSH-2.0-OpenSSH_9.2\r\n", "protocol"],
    ["sends an invalid status", "HTTP/1.1 abc OK\r\n\r\n", "protocol"],
    ["sends an invalid Content-Length", "HTTP/1.1 200 OK\r\ncontent-length: banana\r\n\r\n", "protocol"],
    [
      "sends two contradicting lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
      "protocol",
    ],
    [
      "sends length and chunks",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      "protocol",
    ],
    [
      "sends an invalid chunk size",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
      "protocol",
    ],
    [
      "sends control characters in a header",
      "HTTP/1.1 200 OK\r\nx-evil: a\u0000b\r\ncontent-length: 0\r\n\r\n",
      "protocol",
    ],
    [
      "sends a header name with blanks",
      "HTTP/1.1 200 OK\r\nx evil: a\r\ncontent-length: 0\r\n\r\n",
      "protocol",
    ],
    ["sends 10,000 headers", `HTTP/1.1 200 OK\r\n${"x-h: y\r\n".repeat(10_000)}\r\n`, "too-large"],
    ["sends one endless header", `HTTP/1.1 200 OK\r\nx-long: ${"a".repeat(1_000_000)}\r\n\r\n`, "too-large"],
  ])("%s", async (_what, bytes, kind) => {
    expect(await failing(await answering(bytes))).toMatchObject({ kind });
  });

  test("drips its headers without end", async () => {
    const origin = await rawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const drip = setInterval(() => socket.write("x-drip: 1\r\n"), 10);
      socket.on("close", () => clearInterval(drip));
    });
    // A deadline of the phase alone: until bytes have come, a busy machine may take as long as it likes.
    expect(await failing(origin, { limits: { phaseMs: { download: 50 } } })).toMatchObject({
      kind: "timeout",
      message: expect.stringContaining("receiving the headers"),
    });
  });

  test("sends a body without end", async () => {
    let sent = 0;
    const origin = await httpServer((_request, response) => {
      const more = () => {
        sent += 65_536;
        if (!response.destroyed) response.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    expect(await failing(origin)).toMatchObject({ kind: "too-large" });
    expect(sent).toBeLessThan(20_000_000);
  });

  test("announces a body that is too large", async () => {
    const origin = await answering("HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n", "hold");
    expect((await failing(origin))?.kind).toBe("too-large");
  });
});

describe("headers by names that every object has of its own", () => {
  const names = ["constructor", "__proto__", "Constructor"];

  test.each([
    ["an answer with a length", "content-length: 2\r\n\r\nok"],
    ["one in chunks", "transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"],
  ])("are headers like any other in %s", async (_what, rest) => {
    for (const name of names) {
      const origin = await answering(`HTTP/1.1 200 OK\r\n${name}: a\r\n${name}: b\r\n${rest}`);
      const { response, failure } = await client().exchange(get(origin), small);
      expect(failure).toBeUndefined();
      expect(Object.entries(response?.headers ?? {})).toContainEqual([name.toLowerCase(), "a, b"]);
    }
  });

  test("are no encodings of a body", async () => {
    const origin = await answering("HTTP/1.1 200 OK\r\ncontent-encoding: constructor\r\n\r\nok");
    expect((await failing(origin))?.kind).toBe("decompression");
  });
});

describe("compression", () => {
  const compressed = (body: Uint8Array, encoding: string) =>
    httpServer((_request, response) => response.writeHead(200, { "content-encoding": encoding }).end(body));

  test("a bomb stops at the bound", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(small.limits.maxBodyBytes);
    expect((await failing(await compressed(bomb, "gzip")))?.kind).toBe("too-large");
  });

  test("a bomb within a bomb stops too", async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(50_000_000)));
    expect((await failing(await compressed(bomb, "gzip, gzip")))?.kind).toBe("too-large");
    expect((await failing(await compressed(bomb, "gzip, gzip, gzip")))?.kind).toBe("decompression");
  });

  test("what is not what it says", async () => {
    expect((await failing(await compressed(Buffer.from("plain"), "gzip")))?.kind).toBe("decompression");
    expect((await failing(await compressed(Buffer.from("plain"), "rot13")))?.kind).toBe("decompression");
  });

  test("a cut stream", async () => {
    const cut = gzipSync(Buffer.from("a".repeat(1000))).subarray(0, 20);
    expect((await failing(await compressed(cut, "gzip")))?.kind).toBe("decompression");
  });
});

test("one bad server leaves the others' exchanges intact", async () => {
  const good = await httpServer((_request, response) => response.end("fine"));
  const bad = await answering("garbage");
  const http = client();
  const exchanges = await Promise.all(
    [good, bad, good, bad, good].map((origin) => http.exchange(get(origin), small)),
  );
  expect(exchanges.map(({ response, failure }) => response?.status ?? failure?.kind)).toEqual([
    200,
    "protocol",
    200,
    "protocol",
    200,
  ]);
});

test("what follows the announced length is not taken for part of the answer, nor for the next one", async () => {
  const origin = await answering(
    "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfineHTTP/1.1 500 No\r\n\r\n",
    "hold",
  );
  const http = client();
  const { response, failure } = await http.exchange(get(origin), small);
  if (response) expect(Buffer.from(response.body).toString()).toBe("fine");
  else expect(failure?.kind).toBe("protocol");
});

test("no failure's text holds a credential", async () => {
  const url = "http://user:hunter2@127.0.0.1:1/x?api_key=hunter2&page=1";
  const exchange = await client().exchange({ ...get(url), headers: { authorization: "Bearer hunter2" } });
  expect(JSON.stringify(exchange)).not.toContain("hunter2");
  expect(exchange.request.url).toContain("page=1");
});

test("an invalid header value of ours is a failure, not an exception, and is not quoted", async () => {
  const exchange = await client().exchange(
    get("http://127.0.0.1:1/", { "x-key": "hunter2\r\nx-injected: 1" }),
  );
  expect(exchange.failure?.kind).toBe("protocol");
  expect(JSON.stringify(exchange.failure)).not.toContain("hunter2");
});
