import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate } from "../support/certificate.ts";
import { integInProcess } from "../support/in-process.ts";
import { hasProgram } from "../support/real.ts";
import { freePort, type ServerProcess, startServer } from "../support/server-process.ts";

interface Place {
  directory: string;
  authority: string;
}

/** A directory with a certificate for localhost, and the authority that signed it. */
async function place(): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), "integ-real-"));
  const authority = makeCertificate({ name: "Real Authority" });
  const identity = makeCertificate({
    name: "localhost",
    hosts: ["localhost", "127.0.0.1"],
    issuer: authority,
  });
  await writeFile(join(directory, "ca.pem"), authority.cert);
  await writeFile(join(directory, "cert.pem"), identity.cert + authority.cert);
  await writeFile(join(directory, "key.pem"), identity.key);
  return { directory, authority: join(directory, "ca.pem") };
}

const probed = (url: string, ...flags: string[]) =>
  probe(url, "--samples", "3", "--cold", "2", "--pause", "0ms", ...flags);

async function probe(url: string, ...flags: string[]) {
  const { code, stdout } = await integInProcess(["probe", url, "--json", ...flags], { cwd: tmpdir() });
  const report = JSON.parse(stdout);
  return { code, findings: report.findings, endpoint: report.endpoints[0] };
}

const nginxConfig = (plain: number, secure: number) => `
daemon off; pid nginx.pid; error_log stderr; worker_processes 1;
events {}
http {
  access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  limit_req_zone $server_name zone=slow:1m rate=1r/m;
  limit_req_status 429;
  server {
    listen 127.0.0.1:${plain};
    listen 127.0.0.1:${secure} ssl http2;
    server_name localhost;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate cert.pem; ssl_certificate_key key.pem;
    default_type application/json;
    gzip on; gzip_min_length 1; gzip_types application/json;
    location / { return 200 '{"from":"nginx"}'; }
    location /moved { return 301 /here; }
    location /away { return 302 http://127.0.0.1:${plain}/here; }
    location /limited { root .; limit_req zone=slow; try_files /limited.json =404; add_header Retry-After 60 always; }
  }
}`;

describe.skipIf(!hasProgram("nginx", "-v"))("nginx", () => {
  let server: ServerProcess;
  let at: Place;
  let secure = 0;
  beforeAll(async () => {
    at = await place();
    secure = await freePort();
    const plain = await freePort();
    await writeFile(join(at.directory, "nginx.conf"), nginxConfig(plain, secure));
    await writeFile(join(at.directory, "limited.json"), "{}");
    server = await startServer({
      program: "nginx",
      args: () => ["-p", at.directory, "-c", "nginx.conf", "-e", "stderr"],
      cwd: at.directory,
      ready: "/",
      port: plain,
    });
  });
  afterAll(async () => {
    await server.stop();
    await rm(at.directory, { recursive: true });
  });

  test("over HTTP/1.1, compressed, cold and warm", async () => {
    const { code, endpoint } = await probed(server.url);
    expect(code).toBe(0);
    expect(endpoint).toMatchObject({
      status: 200,
      connection: { httpVersion: "1.1" },
      latencyMs: { of: "warm", warm: { n: 3 }, cold: { n: 2 } },
    });
  });

  test("over HTTP/2 and TLS, chosen by ALPN, with the certificate's chain", async () => {
    const { code, endpoint } = await probed(`https://localhost:${secure}/`, "--ca", at.authority);
    expect(code).toBe(0);
    expect(endpoint.connection).toMatchObject({ httpVersion: "2", alpn: "h2" });
    expect(endpoint.tls).toMatchObject({
      protocol: "TLSv1.3",
      subject: "localhost",
      issuer: "Real Authority",
    });
    expect(Object.keys(endpoint.latencyMs.phases).sort()).toEqual([
      "connect",
      "dns",
      "download",
      "tls",
      "ttfb",
    ]);
  });

  test("over HTTP/1.1 and TLS", async () => {
    const { endpoint } = await probed(`https://localhost:${secure}/`, "--ca", at.authority, "--http1");
    expect(endpoint.connection).toMatchObject({ httpVersion: "1.1", alpn: "http/1.1" });
  });

  test("an authority that is not trusted is named, and inconclusive", async () => {
    const { code, findings } = await probed(`https://localhost:${secure}/`);
    expect([code, findings[0].rule]).toEqual([3, "probe/tls-untrusted"]);
  });

  test("redirects are followed and shown", async () => {
    const { endpoint } = await probed(`${server.url}/moved`);
    expect(endpoint).toMatchObject({ status: 200, redirects: [{ status: 301 }] });
    const away = await probed(`https://localhost:${secure}/away`, "--ca", at.authority);
    expect(away.endpoint).toMatchObject({ status: 200, redirects: [{ status: 302 }] });
  });

  test("its own rate limiter stops the probe", async () => {
    await probed(`${server.url}/limited`, "--samples", "0", "--cold", "1");
    const { code, findings, endpoint } = await probed(`${server.url}/limited`);
    expect([code, findings[0].rule]).toEqual([3, "probe/throttled"]);
    expect(endpoint.samples).toBe(1);
  });

  test("a load test over HTTP/2", async () => {
    const { code, endpoint } = await probe(
      `https://localhost:${secure}/`,
      "--ca",
      at.authority,
      "--duration",
      "500ms",
      "-c",
      "5",
    );
    expect(code).toBe(0);
    expect(Object.keys(endpoint.load.statuses)).toEqual(["200"]);
  });
});

describe.skipIf(!hasProgram("nghttpd"))("nghttpd", () => {
  let server: ServerProcess;
  let at: Place;
  beforeAll(async () => {
    at = await place();
    await writeFile(join(at.directory, "data.json"), '{"from":"nghttpd"}');
    server = await startServer({
      program: "nghttpd",
      args: (port) => [
        "-d",
        at.directory,
        "--address=127.0.0.1",
        String(port),
        join(at.directory, "key.pem"),
        join(at.directory, "cert.pem"),
      ],
      cwd: at.directory,
      ready: { listening: true },
    });
  });
  afterAll(async () => {
    await server.stop();
    await rm(at.directory, { recursive: true });
  });

  test("speaks HTTP/2 only, on cold and reused connections", async () => {
    const { code, endpoint } = await probed(
      `https://localhost:${server.port}/data.json`,
      "--ca",
      at.authority,
    );
    expect(code).toBe(0);
    expect(endpoint).toMatchObject({
      status: 200,
      connection: { httpVersion: "2" },
      latencyMs: { warm: { n: 3 }, cold: { n: 2 } },
    });
  });

  test("what is not there is not found", async () => {
    const { findings } = await probed(`https://localhost:${server.port}/none`, "--ca", at.authority);
    expect(findings[0].rule).toBe("probe/not-found");
  });
});
