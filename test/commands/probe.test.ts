import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { binary, temporaryDirectory } from "../support/cli.ts";
import { home } from "../support/home.ts";
import { integInProcess } from "../support/in-process.ts";

/** An API of four endpoints: fine, slow to be found, failing, and wanting a key. */
async function api(): Promise<string> {
  const server = createServer((request, response) => {
    const authorized = request.headers.authorization === "Bearer right";
    const path = request.url ?? "";
    response.setHeader("content-type", "application/json");
    response.setHeader("x-ratelimit-limit", "1000");
    response.setHeader("x-ratelimit-remaining", "900");
    if (path === "/v1/secret" && !authorized) response.statusCode = 401;
    if (path === "/v1/gone") response.statusCode = 404;
    if (path === "/v1/broken") response.statusCode = 500;
    if (path === "/v1/page")
      return void response.setHeader("content-type", "text/html").end("<!doctype html><p>");
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function project(origin: string, endpoints: Record<string, string>): Promise<string> {
  const root = await temporaryDirectory();
  const directory = join(root, "src", "integrations", "acme");
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(root, "integ.config.yaml"),
    "project: probe-test\nenvironments: { dev: { store: env } }\n",
  );
  const lines = Object.entries(endpoints).map(
    ([name, request]) => `  ${name}: ${request.includes("{") ? request : `{ request: ${request} }`}`,
  );
  await writeFile(
    join(directory, "integration.yaml"),
    [
      "name: acme",
      "owner: Engineering",
      `baseUrl: ${origin}`,
      "auth: { scheme: bearer, secret: api_key }",
      "secrets: { api_key: { env: ACME_KEY } }",
      "endpoints:",
      ...lines,
      "",
    ].join("\n"),
  );
  return root;
}

const few = ["--samples", "2", "--cold", "1", "--pause", "0ms"];
const json = (stdout: string) => JSON.parse(stdout);

describe("a bare URL, with no project at all", () => {
  test("is measured, with its quota", async () => {
    const { code, stdout, stderr } = await integInProcess(
      ["probe", `${await api()}/v1/x`, ...few, "--json"],
      {
        cwd: await temporaryDirectory(),
      },
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(json(stdout).endpoints).toMatchObject([
      {
        status: 200,
        samples: 3,
        errors: 0,
        latencyMs: { p95: null },
        quotas: [{ name: "default", limit: 1000, remaining: 900 }],
      },
    ]);
  });

  test("user name and password in it are sent as Basic, and shown nowhere", async () => {
    const origins: (string | undefined)[] = [];
    const server = createServer(({ headers, url }, response) => {
      origins.push(headers.authorization);
      if (url === "/away")
        response.writeHead(302, { location: `http://localhost:${(server.address() as AddressInfo).port}/` });
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const password = ["pass", "w:rd%"].join("");
    const url = `http://joe:${encodeURIComponent(password)}@127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cwd = await temporaryDirectory();
    const once = ["--samples", "0", "--cold", "1", "-4"];
    const har = await integInProcess(["probe", `${url}/`, ...once, "--har", "one.har", "--json"], { cwd });
    const away = await integInProcess(["probe", `${url}/away`, ...once], { cwd });
    const basic = `Basic ${Buffer.from(`joe:${password}`).toString("base64")}`;
    expect(origins).toEqual([basic, basic, undefined]);
    const shown = har.stdout + away.stdout + (await readFile(join(cwd, "one.har"), "utf8"));
    for (const secret of ["joe", password, encodeURIComponent(password), basic.slice(6)])
      expect(shown).not.toContain(secret);
  });

  test("in words: phases, percentiles, quota, on stdout", async () => {
    const { stdout } = await integInProcess(["probe", `${await api()}/v1/x`, ...few], {
      cwd: await temporaryDirectory(),
    });
    for (const word of ["Phases", "TCP connect", "p50", "n < 20", "900 of 1000 left"])
      expect(stdout).toContain(word);
  });

  test("one that is not there is inconclusive, and leaves the other's result alone", async () => {
    const { code, stdout } = await integInProcess([
      "probe",
      `${await api()}/v1/x`,
      "http://127.0.0.1:1/",
      ...few,
      "--json",
    ]);
    const report = json(stdout);
    expect(code).toBe(3);
    expect(
      report.findings.map(({ rule, severity }: { rule: string; severity: string }) => [rule, severity]),
    ).toEqual([["probe/refused", "inconclusive"]]);
    expect(report.endpoints[0]).toMatchObject({ status: 200, errors: 0 });
  });
});

describe("targets of a project", () => {
  test("each kind of answer has its own finding", async () => {
    const root = await project(await api(), {
      fine: "GET /v1/x",
      gone: "GET /v1/gone",
      broken: "GET /v1/broken",
      page: "GET /v1/page",
      post: "POST /v1/x",
    });
    const { code, stdout } = await integInProcess(["probe", ...few, "--json"], {
      cwd: root,
      env: { ACME_KEY: "right" },
    });
    const rules = json(stdout).findings.map(
      ({ endpoint, rule }: { endpoint: string; rule: string }) => `${endpoint} ${rule}`,
    );
    expect(rules.sort()).toEqual([
      "broken probe/server-error",
      "gone probe/not-found",
      "page probe/html",
      "post probe/unsafe-method",
    ]);
    expect(code).toBe(3);
  });

  test("a refused credential is exit code 4, and its value is nowhere", async () => {
    const root = await project(await api(), { secret: "GET /v1/secret" });
    const wrong = ["wrong", "key", "value"].join("-");
    const { code, stdout, stderr } = await integInProcess(["probe", ...few], {
      cwd: root,
      env: { ACME_KEY: wrong },
    });
    expect(code).toBe(4);
    expect(stdout).toContain("probe/unauthorized");
    expect(stdout + stderr).not.toContain(wrong);
  });

  test("a missing secret is exit code 4, and says how to set it", async () => {
    const root = await project(await api(), { secret: "GET /v1/secret" });
    const { code, stdout } = await integInProcess(["probe", ...few], { cwd: root });
    expect(code).toBe(4);
    expect(stdout).toContain("acme/api_key");
    expect(stdout).toMatch(/help: .*ACME_KEY/);
  });

  test("a secret that several endpoints wait for is told once, with all of them", async () => {
    const root = await project(await api(), { one: "GET /v1/a", two: "GET /v1/b", three: "GET /v1/c" });
    const { code, stdout } = await integInProcess(["probe", ...few, "--json"], { cwd: root });
    expect(code).toBe(4);
    const findings = JSON.parse(stdout).findings.filter(
      ({ rule }: { rule: string }) => rule === "secret/missing",
    );
    expect(findings).toMatchObject([
      { integration: "acme", environment: "dev", evidence: { "not probed": ["one", "three", "two"] } },
    ]);
    expect(findings[0]).not.toHaveProperty("endpoint");
  });

  test("an unsafe method is sent where the manifest says so", async () => {
    const root = await project(await api(), { post: "{ request: POST /v1/x, unsafe: true }" });
    const { stdout } = await integInProcess(["probe", ...few, "--json"], {
      cwd: root,
      env: { ACME_KEY: "right" },
    });
    expect(json(stdout).endpoints).toMatchObject([{ endpoint: "post", samples: 3, errors: 0 }]);
  });

  test("runs are kept and compared with, archives hold no key", async () => {
    const root = await project(await api(), { secret: "GET /v1/secret" });
    const key = "right";
    const options = { cwd: root, env: { ACME_KEY: key } };
    await integInProcess(["probe", ...few, "--save", "before.json", "--har", "out.har"], options);
    const compared = json((await integInProcess(["probe", ...few, "--compare", "--json"], options)).stdout);
    expect(compared.endpoints[0].comparison).toMatchObject({
      verdict: "too-few-samples",
      baseline: { runs: 1 },
    });
    const against = json(
      (await integInProcess(["probe", ...few, "--baseline", "before.json", "--json"], options)).stdout,
    );
    expect(against.endpoints[0].comparison).toMatchObject({ baseline: { runs: 1 } });
    const har = await readFile(join(root, "out.har"), "utf8");
    expect(JSON.parse(har).log.entries).toHaveLength(3);
    expect(har).not.toContain(`Bearer ${key}`);
  });
});

describe("flags", () => {
  test.each([
    [["http://127.0.0.1:1/", "--rate", "5"], "--rate needs --duration"],
    [["http://127.0.0.1:1/", "--ipv4", "--ipv6"], "exclude each other"],
    [["http://127.0.0.1:1/", "--cert", "x.pem"], "belong together"],
    [["http://127.0.0.1:1/", "--baseline", "absent.json"], "absent.json cannot be read"],
    [["http://bad host/"], "not a valid URL"],
    [["127.0.0.1:8080/x"], "did you mean http://127.0.0.1:8080/x?"],
    [["localhost/x"], "did you mean http://localhost/x?"],
    [["api.example.com/v1?key=a"], "did you mean https://api.example.com/v1?"],
    [["ftp://example.com/x"], "only http:// and https://"],
    [["notaurl"], "begins with http:// or https://"],
  ])("%j is a usage error", async (args, message) => {
    const { code, stdout, stderr } = await integInProcess(["probe", ...args, "--samples", "0"], {
      cwd: await temporaryDirectory(),
    });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  test("--watch with --json is refused: the document would never end", async () => {
    const run = await integInProcess(["probe", "http://127.0.0.1:1/", "--watch", "--json"]);
    expect([run.code, JSON.parse(run.stdout).error.code, run.stderr]).toEqual([2, "usage/flags", ""]);
  });

  test("--watch goes round until it is stopped", async () => {
    const args = ["probe", `${await api()}/v1/x`, "--samples", "1", "--cold", "1", "--watch"];
    const child = spawn(process.execPath, [binary, ...args, "--interval", "50ms"], {
      cwd: await temporaryDirectory(),
      env: { PATH: process.env.PATH, HOME: home },
      stdio: ["ignore", "pipe", "ignore"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
    });
    await expect.poll(() => said.split("again in").length, { timeout: 60_000 }).toBeGreaterThan(2);
    expect(child.exitCode).toBeNull();
  });

  test("a load test tells rate and percentiles", async () => {
    const { code, stdout } = await integInProcess([
      "probe",
      `${await api()}/v1/x`,
      "--duration",
      "300ms",
      "-c",
      "2",
      "--json",
    ]);
    const [endpoint] = json(stdout).endpoints;
    expect(code).toBe(0);
    expect(endpoint.load.requestsPerSecond).toBeGreaterThan(1);
    expect(endpoint.latencyMs.p50).toBeGreaterThan(0);
  });

  test("a load test that cannot send anything is inconclusive, not a bug", async () => {
    const { code, stdout } = await integInProcess(
      ["probe", "http://api.example.com/", "--duration", "300ms", "--json"],
      {
        env: { HTTP_PROXY: "socks5://127.0.0.1:1" },
      },
    );
    expect([code, json(stdout).findings[0].rule]).toEqual([3, "probe/protocol"]);
  });

  test("--format prometheus is all that stdout holds", async () => {
    const { stdout } = await integInProcess([
      "probe",
      `${await api()}/v1/x`,
      ...few,
      "--format",
      "prometheus",
    ]);
    expect(stdout.startsWith("# HELP integ_probe_success")).toBe(true);
  });
});
