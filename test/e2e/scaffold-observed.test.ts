import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { freshProject, readProjectFile, runTests, typeCheck } from "../support/fresh-project.ts";
import { integInProcess as integ } from "../support/in-process.ts";

vi.setConfig({ testTimeout: 180_000 });

let provider: Sandbox;
beforeAll(async () => {
  provider = await startSandbox({});
});
afterAll(() => provider.close());

/** A HAR file as a browser's network panel exports it. */
function har(entries: readonly { method?: string; path: string; body: unknown; status?: number }[]): string {
  return JSON.stringify({
    log: {
      version: "1.2",
      creator: { name: "a browser", version: "1" },
      entries: entries.map(({ method = "GET", path, body, status = 200 }, index) => ({
        startedDateTime: new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString(),
        time: 12,
        request: {
          method,
          url: `https://api.example.com${path}`,
          httpVersion: "HTTP/2",
          headers: [{ name: "X-Api-Key", value: "nobody-should-see-this" }],
        },
        response: {
          status,
          httpVersion: "HTTP/2",
          headers: [{ name: "Content-Type", value: "application/json" }],
          content: { size: 1, mimeType: "application/json", text: JSON.stringify(body) },
        },
      })),
    },
  });
}

/** Keys and values that would leave their place in generated code if anything were pasted. */
const HOSTILE = {
  "*/ process.exit(1) /*": 1,
  "`${process.exit(1)}`": "x",
  __proto__x: null,
  "a\nb": [{ "}": 1 }],
};

describe("a module from what was seen", () => {
  test("in a recording: type-checks, passes its own tests, and has its contracts; no credential and no person in it", async () => {
    const root = await freshProject();
    const customer = (id: number) => ({ id: `cus_abc12${id}`, email: `jane${id}@example.com`, plan: null });
    await writeFile(
      join(root, "api.har"),
      har([
        {
          path: "/v1/customers?limit=3&token=nobody-should-see-this",
          body: { data: [customer(1), customer(2)] },
        },
        { path: "/v1/customers/cus_abc121", body: customer(1) },
        { path: "/v1/users/jane1@example.com/posts", body: [HOSTILE] },
        { method: "POST", path: "/v1/refunds", body: { id: "re_123456", ok: true } },
      ]),
    );
    const run = await integ(["scaffold", "acme", "--from-har", "api.har"], { cwd: root });
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("created  src/integrations/acme/v1/contract/get-customer.json"),
    });
    expect(run.stderr).toContain("integ record acme --deepen");
    const home = join(root, "src/integrations/acme");
    const names = await readdir(home, { recursive: true });
    expect(names.filter((name) => name.startsWith("v1/contract/")).sort()).toEqual([
      "v1/contract/create-refund.json",
      "v1/contract/get-customer.json",
      "v1/contract/list-customers.json",
      "v1/contract/list-users-posts.json",
    ]);
    const files = names.filter((name) => /\.\w+$/.test(name)).map((name) => `src/integrations/acme/${name}`);
    for (const file of [...files, "integ.lock.json"]) {
      expect(await readProjectFile(root, file)).not.toMatch(/nobody-should|jane/);
    }
    expect(await readProjectFile(root, "src/integrations/acme/integration.yaml")).toContain(
      "auth: { scheme: header, header: X-Api-Key, secret: api_key }",
    );
    expect((await typeCheck(root)).stdout).toBe("");
    expect(await runTests(root)).toMatchObject({ code: 0 });
    // The recording is gone, and templates of another version still find everything.
    await writeFile(join(root, "api.har"), "");
    expect((await integ(["upgrade", "--force"], { cwd: root })).stdout).toBe("everything is up to date\n");
  });

  test("at an address: its contract is what it answers, and check agrees", async () => {
    const root = await freshProject("environments: { dev: {} }\nsecrets: { store: env }\n");
    const env = { SHOP_API_KEY: provider.apiKey };
    const url = `${provider.url}/v1/customers?limit=3`;
    const args = ["scaffold", "shop", "--from-url", url, "--auth", "bearer"];
    expect(await integ(args, { cwd: root })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("SHOP_API_KEY is not set"),
    });
    expect(await integ(args, { cwd: root, env })).toMatchObject({ code: 0 });
    const checked = await integ(["check", "--only", "contract", "--json"], { cwd: root, env });
    expect([checked.code, JSON.parse(checked.stdout).summary]).toMatchObject([0, { errors: 0, warnings: 0 }]);
  });

  test.each([
    [["--from-har", "none.har"], 2, "none.har cannot be read"],
    [["--from-har", "package.json"], 2, "package.json is no HAR file"],
    [["--from-url", "api.example.com/x"], 2, "is not an http: or https: URL"],
    [["--from-url", "http://127.0.0.1:1/x"], 3, "127.0.0.1"],
    [["--from-url", "http://127.0.0.1:1/x", "--from-har", "x"], 2, "exclude each other"],
    [["--from-url", "http://127.0.0.1:1/x", "--preset", "stripe"], 2, "exclude each other"],
  ])("%j is refused with %i, and nothing is written", async (args, code, why) => {
    const root = await freshProject();
    const before = await readdir(root);
    expect(await integ(["scaffold", "acme", ...args], { cwd: root })).toMatchObject({
      code,
      stderr: expect.stringContaining(why),
    });
    expect(await readdir(root)).toEqual(before);
  });
});
