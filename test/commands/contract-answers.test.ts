import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";

/** A project with one endpoint of an API whose answers a test sets. */
async function project(endpoint: string) {
  const api = { moved: "", status: 200, body: { id: 1, name: "x" } as unknown, headers: {} };
  const server = createServer((request, response) => {
    if (api.moved !== "" && request.url === "/v1/thing") {
      response.writeHead(308, { location: api.moved }).end();
    } else {
      response
        .writeHead(api.status, { "content-type": "application/json", ...api.headers })
        .end(JSON.stringify(api.body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const root = await temporaryDirectory();
  const directory = join(root, "src", "integrations", "acme");
  await mkdir(join(directory, "v1"), { recursive: true });
  await writeFile(join(root, "integ.config.yaml"), "environments:\n  dev: {}\n");
  await writeFile(
    join(directory, "integration.yaml"),
    `name: acme
purpose: Things
owner: us
baseUrl: http://127.0.0.1:${port}
auth: { scheme: none }
active: v1
versions: { v1: {} }
endpoints:
  get-thing: ${endpoint}
`,
  );
  const run = async (...args: string[]) => {
    const { stdout, code } = await integInProcess([...args, "--json"], { cwd: root, env: {} });
    const report = JSON.parse(stdout) as {
      findings: { rule: string; severity: string }[];
      contracts?: { state: string }[];
    };
    const findings = report.findings.filter(({ rule }) => rule.startsWith("contract/"));
    return {
      code,
      said: findings.map(({ rule, severity }) => `${severity} ${rule}`),
      state: report.contracts?.[0]?.state,
    };
  };
  const contract = () => readFile(join(directory, "v1", "contract", "get-thing.json"), "utf8");
  return { api, root, run, contract };
}

test("a redirect is recorded, missed, found and accepted, and recording again changes no line", {
  timeout: 120_000,
}, async () => {
  const { api, run, contract } = await project("{ request: GET /v1/thing }");
  api.moved = "/v2/thing?token=hidden";
  expect((await run("record")).state).toBe("recorded");
  const first = await contract();
  expect(first).toContain('"/v2/thing"');
  expect(first).not.toContain("hidden");
  expect((await run("record")).state).toBe("unchanged");
  expect(await contract()).toBe(first);

  api.moved = "/v3/thing";
  expect((await run("diff")).said).toEqual(["warning contract/redirect-added"]);
  expect((await run("check")).said).toEqual(["warning contract/redirect-added"]);
  api.moved = "";
  expect((await run("diff")).said).toEqual(["info contract/redirect-removed"]);
  await run("accept", "--all");
  expect(await contract()).not.toContain("redirects");
  expect((await run("diff")).said).toEqual([]);
});

test("an endpoint that is expected to answer 404 has its body judged", { timeout: 120_000 }, async () => {
  const { api, run } = await project("{ request: GET /v1/thing, expect: { status: 404 } }");
  api.status = 404;
  api.body = { error: { code: "none" }, docs: "https://example.com" };
  expect((await run("record", "--samples", "10")).state).toBe("recorded");
  expect((await run("check")).said).toEqual([]);
  api.body = { error: { code: 404 }, docs: "https://example.com" };
  expect((await run("diff", "--samples", "5")).said).toEqual(["error contract/type-changed"]);
});

test("bodies in files are judged as bodies: nothing is known of their headers and status", {
  timeout: 120_000,
}, async () => {
  const { api, root, run, contract } = await project(
    "{ request: GET /v1/thing, expect: { status: [404, 200] } }",
  );
  Object.assign(api, { status: 404, headers: { etag: '"1"', "x-ratelimit-remaining": "5" } });
  expect((await run("record")).state).toBe("recorded");
  const before = await contract();
  expect(before).toContain('"etag"');
  await writeFile(join(root, "a.ndjson"), '{"id":2,"name":"y"}\n{"id":3,"name":"z"}\n');
  expect(await run("record", "acme", "--from", "a.ndjson")).toMatchObject({ said: [], state: "unchanged" });
  expect(await run("record", "acme", "--from", "a.ndjson", "--deepen")).toMatchObject({ state: "deepened" });
  expect(await contract()).toContain('"samples": 7');
  expect(await contract()).toContain('"etag"');
  // Headers that really are gone are still told.
  api.headers = { etag: '"2"' };
  expect((await run("diff")).said).toEqual(["warning contract/header-removed"]);

  await run("record", "acme", "--from", "a.ndjson", "--force");
  expect(await contract()).toContain('"status": 404');
  expect((await run("diff")).said).toEqual([]);
});
