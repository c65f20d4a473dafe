import tls from "node:tls";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Marks, openSocket } from "../../src/http/connector.ts";
import { makeCertificate } from "../support/certificate.ts";
import { answering, bodyOf, client, get, hasIpv6, http2Server, httpServer, httpsServer } from "./server.ts";

const authority = makeCertificate({ name: "Test Authority" });
const good = makeCertificate({ name: "localhost", hosts: ["localhost", "127.0.0.1"], issuer: authority });
const trusting = { tls: { ca: authority.cert } };
const day = 86_400_000;

describe("certificates", () => {
  test("certificate and protocol are told of a server that closes after its answer, too", async () => {
    const port = await httpsServer({ cert: good.cert, key: good.key }, (_request, response) => {
      response.writeHead(200, { connection: "close" }).end("ok");
    });
    const { tls, connection } = await client(trusting).exchange(get(`https://localhost:${port}/`));
    expect(tls).toMatchObject({ protocol: "TLSv1.3", subject: "localhost", validTo: expect.any(String) });
    expect(connection.remoteAddress).toBe("127.0.0.1");
  });

  test("an authority of our own is trusted besides the usual ones, and the chain is told", async () => {
    const port = await httpsServer({ cert: good.cert + authority.cert, key: good.key });
    const { tls, phases, connection } = await client(trusting).exchange(get(`https://localhost:${port}/`));
    expect(tls).toMatchObject({ protocol: "TLSv1.3", subject: "localhost", issuer: "Test Authority" });
    expect(tls?.chain.map(({ subject }) => subject)).toEqual(["localhost", "Test Authority"]);
    expect(Date.parse(tls?.validTo ?? "") - Date.now()).toBeGreaterThan(80 * day);
    expect(Object.keys(phases)).toEqual(["dns", "connect", "tls", "ttfb", "download"]);
    expect(connection.alpn).toBe("http/1.1");
  });

  test.each([
    ["expired", { validTo: new Date(Date.now() - day) }, "tls-expired"],
    ["not valid yet", { validFrom: new Date(Date.now() + day) }, "tls-expired"],
    ["for another host", { hosts: ["other.example"] }, "tls-hostname"],
  ])("%s", async (_what, options, kind) => {
    const identity = makeCertificate({ name: "x", hosts: ["localhost"], issuer: authority, ...options });
    const port = await httpsServer({ cert: identity.cert, key: identity.key });
    const { failure } = await client(trusting).exchange(get(`https://localhost:${port}/`));
    expect(failure).toMatchObject({ kind, message: expect.stringContaining("localhost") });
  });

  test.each([
    ["a name below a wildcard", ["*.api.localhost"], "v1.api.localhost", undefined],
    ["a name two levels below a wildcard", ["*.api.localhost"], "a.v1.api.localhost", "tls-hostname"],
    ["the wildcard's own name", ["*.api.localhost"], "api.localhost", "tls-hostname"],
    ["a name with its last dot", ["localhost"], "localhost.", undefined],
    ["a name in capitals", ["LOCALHOST"], "localhost", undefined],
    ["another name of the same server", ["localhost"], "api.localhost", "tls-hostname"],
    ["an address", ["127.0.0.1"], "127.0.0.1", undefined],
    ["an address that is no name of the certificate", ["localhost"], "127.0.0.1", "tls-hostname"],
  ])("%s is compared as every client does", async (_what, hosts, host, kind) => {
    const identity = makeCertificate({ name: "elsewhere.example", hosts, issuer: authority });
    const port = await httpsServer({ cert: identity.cert, key: identity.key });
    const { failure, tls: info } = await client(trusting).exchange(get(`https://${host}:${port}/`));
    expect(failure?.kind).toBe(kind);
    // What the certificate says is told however its name was compared.
    expect(info?.subject).toBe(kind === undefined ? "elsewhere.example" : undefined);
  });

  test("self-signed, and of an authority that is not known", async () => {
    const self = makeCertificate({ name: "localhost", hosts: ["localhost"] });
    const lone = await httpsServer({ cert: self.cert, key: self.key });
    const issued = await httpsServer({ cert: good.cert, key: good.key });
    const failures = await Promise.all(
      [lone, issued].map(
        async (port) => (await client().exchange(get(`https://localhost:${port}/`))).failure,
      ),
    );
    expect(failures.map((failure) => failure?.kind)).toEqual(["tls-untrusted", "tls-untrusted"]);
    expect(failures[0]?.message).toContain("self-signed");
    expect(failures[0]?.hint).toContain("NODE_EXTRA_CA_CERTS");
  });

  test("every cold handshake is a full one: no session is resumed", async () => {
    const resumed: boolean[] = [];
    const port = await httpsServer({ cert: good.cert, key: good.key }, (request, response) => {
      resumed.push(
        "isSessionReused" in request.socket &&
          (request.socket as { isSessionReused(): boolean }).isSessionReused(),
      );
      response.end();
    });
    const http = client(trusting);
    for (let turn = 0; turn < 3; turn++)
      await http.exchange(get(`https://localhost:${port}/`), { freshConnection: true });
    expect(resumed).toEqual([false, false, false]);
  });

  test("TLS on a port that does not speak it", async () => {
    const origin = await httpServer((_request, response) => response.end());
    const { failure } = await client().exchange(get(origin.replace("http:", "https:")));
    expect(failure).toMatchObject({ kind: "tls", hint: expect.stringContaining("http://") });
  });

  test("plain HTTP on a TLS port", async () => {
    const port = await httpsServer({ cert: good.cert, key: good.key });
    const { failure } = await client().exchange(get(`http://localhost:${port}/`));
    expect(["reset", "protocol", "truncated"]).toContain(failure?.kind);
  });

  test("only yesterday's TLS", async () => {
    const port = await httpsServer({
      cert: good.cert,
      key: good.key,
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    const { failure } = await client(trusting).exchange(get(`https://localhost:${port}/`));
    expect(failure).toMatchObject({ kind: "tls", message: expect.stringContaining("TLS version") });
  });

  test("a client certificate is shown to the server that asks for one", async () => {
    const mine = makeCertificate({ name: "probe client", hosts: ["client"], issuer: authority });
    const port = await httpsServer(
      { cert: good.cert, key: good.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        const socket = request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } };
        response.end(socket.getPeerCertificate().subject.CN);
      },
    );
    const shown = await client({ tls: { ca: authority.cert, cert: mine.cert, key: mine.key } }).exchange(
      get(`https://localhost:${port}/`),
    );
    expect(Buffer.from(shown.response?.body ?? []).toString()).toBe("probe client");
    const without = await client(trusting).exchange(get(`https://localhost:${port}/`));
    // Which of the two reaches us first, the alert or the end of the connection, is up to the network.
    expect(["tls", "reset"]).toContain(without.failure?.kind);
    expect(`${without.failure?.message} ${without.failure?.hint}`).toContain("client certificate");
  });
});

test("a certificate that is none is a failure, not an exception", async () => {
  const { failure } = await client({ tls: { cert: "nonsense", key: "nonsense" } }).exchange(
    get("https://localhost:1/"),
  );
  expect(failure).toMatchObject({ kind: "tls", message: expect.stringContaining("certificate") });
  expect(JSON.stringify(failure)).not.toContain("nonsense");
});

/** A TLS server in a thread of its own, which raises a flag when a client has proved that both sides agree. */
async function serverInThread(): Promise<{ port: string; agreed: Int32Array }> {
  const agreed = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const source = `
    const { parentPort, workerData: { agreed, ...identity } } = require("node:worker_threads");
    const server = require("node:tls").createServer(identity, (socket) => {
      socket.on("error", () => {});
      Atomics.store(agreed, 0, 1);
      Atomics.notify(agreed, 0);
    });
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(String(server.address().port)));`;
  const worker = new Worker(source, { eval: true, workerData: { ...good, agreed } });
  onTestFinished(async () => {
    await worker.terminate();
  });
  const port = await new Promise<string>((resolve) => worker.once("message", resolve));
  return { port, agreed };
}

test("a handshake counts as over when its last message is on its way to the server, not before", async () => {
  const { port, agreed } = await serverInThread();
  const marks: Marks = {};
  let seen: string | undefined;
  const now = () => {
    // The first mark after the connection stands. This thread sends nothing more while it waits.
    if (marks.connected !== undefined) seen ??= Atomics.wait(agreed, 0, 0, 20_000);
    return performance.now();
  };
  const to = { protocol: "https:", hostname: "127.0.0.1", port };
  const options = {
    now,
    marks: () => marks,
    secureContext: tls.createSecureContext({ ca: authority.cert }),
    http2: false,
    family: undefined,
    proxy: undefined,
    refuses: () => false,
  };
  const socket = await new Promise<tls.TLSSocket>((resolve, reject) => {
    openSocket(to, options, (error, opened) => (error ? reject(error) : resolve(opened as tls.TLSSocket)));
  });
  socket.destroy();
  expect(marks.secured).toBeGreaterThan(marks.connected ?? Number.POSITIVE_INFINITY);
  expect(seen).not.toBe("timed-out");
});

describe("HTTP/2", () => {
  const server = () =>
    http2Server({ cert: good.cert, key: good.key }, (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "x-ratelimit-remaining": "5" });
      response.end(gzipSync("two"));
    });

  test("headers by names that every object has of its own are headers like any other", async () => {
    const port = await http2Server({ cert: good.cert, key: good.key }, (_request, response) => {
      response.stream.respond({ ":status": 200, constructor: ["a", "b"], ["__proto__"]: "c" });
      response.stream.end("ok");
    });
    const { response, connection } = await client(trusting).exchange(get(`https://localhost:${port}/`));
    expect(connection.alpn).toBe("h2");
    const fields = Object.entries(response?.headers ?? {});
    expect(fields).toEqual(
      expect.arrayContaining([
        ["constructor", "a, b"],
        ["__proto__", "c"],
      ]),
    );
  });

  test("is spoken where the server offers it, on cold and reused connections", async () => {
    const port = await server();
    const http = client(trusting);
    const cold = await http.exchange(get(`https://localhost:${port}/`));
    const warm = await http.exchange(get(`https://localhost:${port}/`));
    expect(cold.failure).toBeUndefined();
    expect(cold).toMatchObject({
      connection: { reused: false, alpn: "h2" },
      response: { status: 200, httpVersion: "2" },
    });
    expect(warm).toMatchObject({ connection: { reused: true }, response: { httpVersion: "2" } });
    expect(Object.keys(cold.phases)).toEqual(["dns", "connect", "tls", "ttfb", "download"]);
    expect(Object.keys(warm.phases)).toEqual(["ttfb", "download"]);
    expect(Buffer.from(cold.response?.body ?? []).toString()).toBe("two");
    expect(cold.response?.headers).not.toHaveProperty(":status");
    expect(cold.tls?.subject).toBe("localhost");
  });

  test("is not offered where it is not wanted", async () => {
    const { response, connection } = await client({ ...trusting, http2: false }).exchange(
      get(`https://localhost:${await server()}/`),
    );
    expect(response?.httpVersion).toBe("1.1");
    expect(connection.alpn).toBe("http/1.1");
  });

  test.each(["before the answer", "in the middle of it"])(
    "a server that closes in peace %s has its answer counted, is not asked twice, and the next request finds a new connection",
    async (moment) => {
      const asked: string[] = [];
      const sessions = new Set<unknown>();
      const port = await http2Server({ cert: good.cert, key: good.key }, async (request, response) => {
        asked.push(`${request.method} ${await bodyOf(request as never)}`);
        const { session } = request.stream;
        sessions.add(session);
        if (moment === "in the middle of it") response.write("ha");
        session?.goaway(0);
        setTimeout(() => response.end("lf"), 50);
      });
      const http = client(trusting);
      for (const [method, body] of [
        ["GET", ""],
        ["POST", "one"],
        ["POST", "two"],
      ] as const) {
        const request = { ...get(`https://localhost:${port}/`), method, ...(body ? { body } : {}) };
        const { response, failure } = await http.exchange(request);
        expect(failure).toBeUndefined();
        expect(Buffer.from(response?.body ?? []).toString()).toMatch(/^(?:ha)?lf$/);
      }
      expect(asked).toEqual(["GET ", "POST one", "POST two"]);
      expect(sessions.size).toBe(3);
    },
  );

  test("an answer is as large a head as over HTTP/1.1: many headers, up to 64 KiB", async () => {
    const options = { cert: good.cert, key: good.key, maxSendHeaderBlockLength: 1_000_000 };
    const port = await http2Server(options, (request, response) => {
      const count = Number(request.url?.slice(1));
      for (let at = 0; at < count; at++) response.setHeader(`x-${at}`, "y".repeat(20));
      response.end("ok");
    });
    const http = client(trusting);
    const { response } = await http.exchange(get(`https://localhost:${port}/1000`));
    expect(Object.keys(response?.headers ?? {}).length).toBeGreaterThanOrEqual(1000);
    const { failure } = await http.exchange(get(`https://localhost:${port}/2400`));
    expect(failure).toMatchObject({ kind: "too-large", message: expect.stringContaining("headers") });
  });

  test("answers to HEAD, without a body, after early hints, and with trailers end where they end", async () => {
    const port = await http2Server({ cert: good.cert, key: good.key }, (request, response) => {
      if (request.url === "/hints") response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      if (request.url === "/none") response.statusCode = 204;
      if (request.url === "/trailers") response.addTrailers({ "x-late": "1" });
      response.end(request.url === "/none" ? "" : "ok");
    });
    const http = client(trusting);
    const seen = [];
    for (const [method, path] of [
      ["HEAD", "/"],
      ["GET", "/none"],
      ["GET", "/hints"],
      ["GET", "/trailers"],
    ] as const) {
      const { response, failure } = await http.exchange({
        ...get(`https://localhost:${port}${path}`),
        method,
      });
      seen.push(failure ?? [response?.status, Buffer.from(response?.body ?? []).toString()]);
      expect(response?.headers).not.toHaveProperty("x-late");
    }
    expect(seen).toEqual([
      [200, ""],
      [204, ""],
      [200, "ok"],
      [200, "ok"],
    ]);
  });

  test("a stream that ends in the middle of its body is no answer, whatever the server says of it", async () => {
    const port = await http2Server({ cert: good.cert, key: good.key }, ({ url }, response) => {
      response.writeHead(200, url === "/quietly" ? { "content-length": "8" } : {});
      response.write("half");
      setTimeout(() => {
        if (url === "/quietly") response.stream.destroy();
        else if (url === "/loudly") response.stream.destroy(new Error("broken"));
        else response.stream.session?.destroy();
      }, 20);
    });
    const http = client(trusting);
    const kinds = [];
    for (const path of ["/quietly", "/loudly", "/all"])
      kinds.push((await http.exchange(get(`https://localhost:${port}${path}`))).failure?.kind);
    expect(kinds).toEqual(["truncated", "protocol", "truncated"]);
  });

  test("a stream that the server resets is a named failure", async () => {
    const port = await http2Server({ cert: good.cert, key: good.key }, (_request, response) => {
      response.writeHead(200);
      response.write("half");
      setTimeout(() => response.stream.close(2), 20);
    });
    const { failure } = await client(trusting).exchange(get(`https://localhost:${port}/`), {
      limits: { deadlineMs: 2000 },
    });
    expect(["truncated", "reset", "protocol"]).toContain(failure?.kind);
  });

  test("a server without an answer costs the deadline", async () => {
    const port = await http2Server({ cert: good.cert, key: good.key }, () => {});
    const { failure } = await client(trusting).exchange(get(`https://localhost:${port}/`), {
      limits: { deadlineMs: 100 },
    });
    expect(failure?.kind).toBe("timeout");
  });
});

describe("versions and families", () => {
  test("HTTP/1.0 is told from 1.1", async () => {
    const origin = await answering("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok");
    expect((await client().exchange(get(origin))).response?.httpVersion).toBe("1.0");
  });

  test.runIf(hasIpv6)("an IPv6 address, and the family is told", async () => {
    const url = await httpServer((_request, response) => response.end(), "::1");
    expect((await client().exchange(get(url))).connection).toMatchObject({ family: 6, remoteAddress: "::1" });
  });

  test("a family that is asked for is the only one tried", async () => {
    const origin = await httpServer((_request, response) => response.end());
    const url = origin.replace("127.0.0.1", "localhost");
    expect((await client({ family: 4 }).exchange(get(url))).connection.family).toBe(4);
    expect((await client({ family: 6 }).exchange(get(url))).failure?.kind).toMatch(/dns|refused|unreachable/);
  });
});
