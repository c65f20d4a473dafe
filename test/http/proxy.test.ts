import http from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { proxyFor } from "../../src/http/proxy.ts";
import { warmUp } from "../../src/probe/warm-up.ts";
import { makeCertificate } from "../support/certificate.ts";
import { client, fireOnce, get, httpServer, httpsServer } from "./server.ts";

const shown = (url: string, env: Record<string, string>) => {
  const proxy = proxyFor(new URL(url), env);
  return proxy && "shown" in proxy ? proxy.shown : proxy;
};

describe("which proxy", () => {
  const env = {
    HTTPS_PROXY: "http://secure:3128",
    http_proxy: "plain:8080",
    NO_PROXY: "localhost,.internal.example,exact.example:8443",
  };
  test.each([
    ["https://api.example.com/", "http://secure:3128"],
    ["http://api.example.com/", "http://plain:8080"],
    ["http://localhost/", undefined],
    ["https://a.internal.example/", undefined],
    ["https://internal.example/", undefined],
    ["https://notinternal.example/", "http://secure:3128"],
    ["https://exact.example:8443/", undefined],
    ["https://exact.example/", "http://secure:3128"],
  ])("%s goes through %s", (url, proxy) => {
    expect(shown(url, env)).toBe(proxy);
  });

  test("a star takes everything out, lower case wins, ALL_PROXY is the last resort", () => {
    expect(shown("https://a.b/", { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" })).toBeUndefined();
    expect(shown("https://a.b/", { HTTPS_PROXY: "http://p:1", https_proxy: "http://q:2" })).toBe(
      "http://q:2",
    );
    expect(shown("https://a.b/", { ALL_PROXY: "http://p:1" })).toBe("http://p:1");
  });

  test("what cannot be a proxy is said, without its password", async () => {
    expect(shown("https://a.b/", { HTTPS_PROXY: "socks5://user:hunter2@p:1" })).toEqual({
      invalid: expect.stringContaining("socks5"),
    });
    expect(shown("https://a.b/", { ALL_PROXY: "socks5://p:1" })).toEqual({
      invalid: expect.stringContaining("ALL_PROXY"),
    });
    const { failure } = await client({ env: { HTTP_PROXY: "socks5://user:hunter2@p:1" } }).exchange(
      get("http://a.b/"),
    );
    expect(failure?.kind).toBe("protocol");
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  });
});

test("a password with a lone per cent sign is taken as it stands", () => {
  const proxy = proxyFor(new URL("http://a.b/"), { HTTP_PROXY: "http://us%er:p%40ss@p:1" });
  const authorization = proxy && "authorization" in proxy ? proxy.authorization : "";
  expect(Buffer.from(authorization?.slice(6) ?? "", "base64").toString()).toBe("us%er:p@ss");
});

test("a proxy that is not there is what failed, not the destination", async () => {
  const { failure } = await client({ env: { HTTP_PROXY: "http://127.0.0.1:1" } }).exchange(
    get("http://api.example.com/"),
  );
  expect(failure?.message).toBe(
    "the proxy http://127.0.0.1:1 cannot be used: 127.0.0.1:1 refused the connection: nothing listens there",
  );
  expect(failure?.hint).toContain("NO_PROXY");
});

test("the request that warms the process up goes past every proxy", async () => {
  let asked = 0;
  const proxy = await httpServer((_request, response) => {
    asked++;
    response.end("{}");
  });
  await warmUp(client({ env: { HTTP_PROXY: proxy, ALL_PROXY: proxy } }));
  expect(asked).toBe(0);
});

/** A forward proxy that notes what it was asked for. */
async function forwardProxy(options: { status?: number } = {}) {
  const asked: { line: string; authorization: string | undefined }[] = [];
  const server = http.createServer((request, response) => {
    asked.push({
      line: `${request.method} ${request.url}`,
      authorization: request.headers["proxy-authorization"],
    });
    const onward = http.get(
      request.url ?? "",
      { headers: { host: request.headers.host ?? "" } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.writeHead(502).end());
  });
  server.on("connect", (request, socket) => {
    asked.push({ line: `CONNECT ${request.url}`, authorization: request.headers["proxy-authorization"] });
    if (options.status) return void socket.end(`HTTP/1.1 ${options.status} No\r\n\r\n`);
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, port };
}

const userinfo = ["user", "p%40ss"].join(":");
const basic = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;

describe("through a proxy", () => {
  test("plain HTTP is asked of the proxy with the whole URL, and with its credentials", async () => {
    const origin = await httpServer((request, response) =>
      response.end(`${request.headers.host} ${request.headers["proxy-authorization"]}`),
    );
    const proxy = await forwardProxy();
    const http = client({ env: { HTTP_PROXY: `http://${userinfo}@127.0.0.1:${proxy.port}` } });
    const { response, connection } = await http.exchange(get(`${origin}/path?q=1`));
    expect(Buffer.from(response?.body ?? []).toString()).toBe(`${new URL(origin).host} undefined`);
    expect(proxy.asked).toEqual([{ line: `GET ${origin}/path?q=1`, authorization: basic }]);
    expect(connection.proxy).toBe(`http://127.0.0.1:${proxy.port}`);
  });

  test("so it is by the connections of a load test", async () => {
    const origin = await httpServer((request, response) => response.end(request.headers.host));
    const proxy = await forwardProxy();
    const http = client({ env: { HTTP_PROXY: `http://${userinfo}@127.0.0.1:${proxy.port}` } });
    const { status, bytes } = await fireOnce(http, get(`${origin}/path?q=1`));
    expect([status, bytes]).toEqual([200, new URL(origin).host.length]);
    expect(proxy.asked).toEqual([{ line: `GET ${origin}/path?q=1`, authorization: basic }]);
  });

  test("TLS goes through a tunnel that sees nothing, and the certificate is the destination's", async () => {
    const authority = makeCertificate({ name: "Test Authority" });
    const identity = makeCertificate({ name: "localhost", hosts: ["localhost"], issuer: authority });
    const port = await httpsServer({ cert: identity.cert, key: identity.key });
    const proxy = await forwardProxy();
    const http = client({
      env: { HTTPS_PROXY: `http://${userinfo}@127.0.0.1:${proxy.port}` },
      tls: { ca: authority.cert },
    });
    const { response, tls, phases } = await http.exchange(get(`https://localhost:${port}/`));
    expect(response?.status).toBe(200);
    expect(tls?.subject).toBe("localhost");
    expect(Object.keys(phases)).toContain("tls");
    const tunnel = { line: `CONNECT localhost:${port}`, authorization: basic };
    expect(proxy.asked).toEqual([tunnel]);
    expect((await fireOnce(http, get(`https://localhost:${port}/`))).status).toBe(200);
    expect(proxy.asked).toEqual([tunnel, tunnel]);
  });

  test.each([
    [407, "user name"],
    [403, "403"],
  ])("a proxy that answers %i is named", async (status, word) => {
    const proxy = await forwardProxy({ status });
    const http = client({ env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } });
    const { failure } = await http.exchange(get("https://api.example.com/"));
    expect(failure?.kind).toBe("protocol");
    expect(failure?.message).toContain(`http://127.0.0.1:${proxy.port}`);
    expect(failure?.message).toContain(word);
  });

  test("a proxy that does not know us is named where it would pass requests on, too; without one a 407 is the server's own", async () => {
    const origin = await httpServer((_request, response) => response.writeHead(407).end());
    // As a proxy it is asked for somebody else's address, and answers with the same status.
    const { failure } = await client({ env: { HTTP_PROXY: origin } }).exchange(
      get("http://api.example.com/"),
    );
    expect(failure).toMatchObject({
      kind: "protocol",
      message: `the proxy ${origin} wants a user name and password`,
      hint: expect.stringContaining("HTTP_PROXY=http://USER"),
    });
    expect((await client().exchange(get(origin))).response?.status).toBe(407);
  });

  test("a proxy that is not there is named", async () => {
    const { failure } = await client({ env: { HTTPS_PROXY: "http://127.0.0.1:1" } }).exchange(
      get("https://api.example.com/"),
    );
    expect(failure).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("http://127.0.0.1:1"),
    });
  });
});
