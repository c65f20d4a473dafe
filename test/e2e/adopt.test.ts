import { appendFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { freshProject, readProjectFile, runTests, typeCheck } from "../support/fresh-project.ts";
import { integInProcess } from "../support/in-process.ts";

vi.setConfig({ testTimeout: 180_000 });

let provider: Sandbox;
let root: string;
const env = () => ({ STRIPE_API_KEY: provider.apiKey });
const integ = (...args: string[]) => integInProcess(args, { cwd: root, env: env() });

beforeAll(async () => {
  provider = await startSandbox({});
  root = await freshProject("environments: { dev: {} }\nsecrets: { store: env }\n", afterAll);
  expect(await integ("scaffold", "stripe", "--base-url", provider.url, "--with", "queue")).toMatchObject({
    code: 0,
  });
  await writeFile(
    join(root, "src/report.ts"),
    [
      'import { stripe } from "./integrations/index.js";',
      "export async function mails(): Promise<(string | null)[]> {",
      "  const { data } = await stripe.active.listCustomers();",
      "  return data.map(({ email }) => email);",
      "}",
      "",
    ].join("\n"),
  );
  expect(await integ("record", "stripe", "--samples", "20")).toMatchObject({ code: 0 });
});
afterAll(() => provider.close());

describe("integ adopt", () => {
  test("writes nothing where nothing has drifted", async () => {
    const before = await readProjectFile(root, "integ.lock.json");
    expect(await integ("adopt", "stripe")).toMatchObject({ code: 0, stdout: "no drift to adopt\n" });
    expect(await readProjectFile(root, "integ.lock.json")).toBe(before);
  });

  test("makes v2 of what the API returns now: check is green, tests pass, every place is named", async () => {
    await appendFile(join(root, "src/integrations/stripe/v1/schemas.ts"), "\nexport const Ours = Money;\n");
    provider.setRelease("v2");
    const shown = await integ("adopt", "stripe", "--samples", "20", "--dry-run");
    expect(shown).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("+++ b/src/integrations/stripe/v2/"),
    });
    const done = await integ("adopt", "stripe", "--samples", "20");
    expect(done).toMatchObject({ code: 0 });
    const [, line] =
      /v2\/schemas\.ts:(\d+) {2}taken out\n {2}src\/report\.ts:4 {2}reads it/.exec(done.stdout) ?? [];
    const schemas = await readProjectFile(root, "src/integrations/stripe/v2/schemas.ts");
    expect(schemas).not.toContain("email");
    expect(schemas.match(/amount: z\.string\(\),/g)).toHaveLength(2);
    expect(schemas).toContain("export const Ours = Money;");
    expect(schemas.split("\n")[Number(line) - 1]).toContain("name:");
    expect((await typeCheck(root)).stdout).toBe("");
    const tests = await runTests(root);
    expect(tests, tests.stdout + tests.stderr).toMatchObject({ code: 0 });
    const checked = await integ("check", "stripe@v2", "--only", "contract", "--json");
    expect([checked.code, JSON.parse(checked.stdout).findings]).toEqual([0, []]);
  });

  test("makes no second version of the same drift", async () => {
    provider.setRelease("v2");
    const before = await readProjectFile(root, "integ.lock.json");
    expect(await integ("adopt", "stripe", "--samples", "20")).toMatchObject({
      code: 0,
      stdout: "stripe@v2 is as the API is now\n",
      stderr: expect.stringContaining("next: integ versions canary stripe v2 10%"),
    });
    expect(await readProjectFile(root, "integ.lock.json")).toBe(before);
  });

  test.each([
    [["adopt", "strpe"], 2, "did you mean `stripe`"],
    [["adopt", "stripe", "--version", "next"], 2, "is not a version such as v2"],
    [["adopt", "stripe", "--version", "v1", "--samples", "20"], 2, "stripe@v1 is there already"],
  ])("refuses %j", async (args, code, words) => {
    provider.setRelease("v2");
    expect(await integ(...args)).toMatchObject({ code, stderr: expect.stringContaining(words) });
  });

  test("takes new values into an enum, and names the line of what means something else", async () => {
    let changed = false;
    const answer = () => ({
      data: Array.from({ length: 10 }, (_, n) => ({
        id: `ord_${n}`,
        status: changed && n % 2 === 0 ? "refunded" : n % 3 === 0 ? "open" : "paid",
        placed: changed ? `2026-11-${10 + n}T10:00:00Z` : `2026-11-${10 + n}`,
      })),
    });
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer()));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const home = await freshProject("environments: { dev: {} }\nsecrets: { store: env }\n");
    const shop = (...args: string[]) => integInProcess(args, { cwd: home, env: {} });
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const endpoint = ["--endpoint", "list-orders=GET /orders"];
      await shop("scaffold", "shop", "--base-url", url, "--auth", "none", ...endpoint);
      await writeFile(
        join(home, "src/integrations/shop/v1/schemas.ts"),
        [
          'import * as z from "zod";',
          "",
          'const Status = z.enum(["open", "paid"]);',
          "const Order = z.looseObject({",
          "  id: z.string(),",
          "  status: Status,",
          "  placed: z.string(),",
          "});",
          "export const ListOrders = z.looseObject({ data: z.array(Order) });",
          "export type ListOrders = z.infer<typeof ListOrders>;",
          "",
        ].join("\n"),
      );
      await writeFile(
        join(home, "src/report.ts"),
        [
          'import { shop } from "./integrations/index.js";',
          "export async function days(): Promise<string[]> {",
          "  const { data } = await shop.active.listOrders();",
          "  return data.map(({ placed }) => placed);",
          "}",
          "",
        ].join("\n"),
      );
      expect(await shop("record", "shop", "--samples", "20")).toMatchObject({ code: 0 });
      changed = true;
      const done = await shop("adopt", "shop", "--samples", "20");
      expect(done).toMatchObject({ code: 0 });
      const schemas = await readProjectFile(home, "src/integrations/shop/v2/schemas.ts");
      expect(schemas).toContain('const Status = z.enum(["open", "paid", "refunded"]);');
      expect(done.stdout).toContain('src/integrations/shop/v2/schemas.ts:3  knows "refunded" now');
      expect(done.stdout).toMatch(
        /date-time.*\n {2}src\/integrations\/shop\/v2\/schemas\.ts:7 {2}look at it.*\n {2}src\/report\.ts:4 {2}reads it/,
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("says what it could not ask, and writes nothing for it", async () => {
    const lost = await integInProcess(["adopt", "stripe"], { cwd: root });
    expect(lost.code).toBe(4);
    expect(lost.stdout).toContain("STRIPE_API_KEY");
  });
});
