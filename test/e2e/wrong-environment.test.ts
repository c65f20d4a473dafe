import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectWith, serve } from "../check/project.ts";
import { key } from "../secrets/shop.ts";
import { integInProcess } from "../support/in-process.ts";

/** A project of one endpoint, its contract recorded, and what its API was sent. */
async function shopWithKeys() {
  const sent: string[] = [];
  const url = await serve((request, response) => {
    sent.push(request.headers.authorization ?? "");
    response.setHeader("content-type", "application/json").end('{"amount":1}');
  });
  const cwd = await projectWith({
    "package.json": '{"name":"shop","type":"module"}',
    "integ.config.yaml":
      "project: shop\nenvironments: { dev: {}, prod: {} }\ndefaultEnvironment: dev\nsecrets: { store: env }\n",
    "src/integrations/stripe/integration.yaml": `name: stripe
baseUrl: ${url}
auth: { scheme: bearer, secret: api_key }
secrets:
  api_key: { env: STRIPE_API_KEY, pattern: { dev: "^sk_test_", prod: "^sk_live_" } }
active: v1
versions: { v1: {} }
endpoints:
  get-balance: { request: GET /v1/balance }
`,
  });
  await mkdir(join(cwd, "src/integrations/stripe/v1"), { recursive: true });
  const run = (line: readonly string[], value: string) =>
    integInProcess(line, { cwd, env: { STRIPE_API_KEY: value } });
  return { cwd, sent, run };
}

const LIVE = key("sk", "live", "a1b2c3d4e5f6");

test("no command sends or hands on the key of another environment", async () => {
  const { cwd, sent, run } = await shopWithKeys();
  expect(await run(["record", "stripe"], key("sk", "test", "a1b2c3d4e5f6"))).toMatchObject({ code: 0 });
  expect(sent.length).toBeGreaterThan(0);
  sent.length = 0;
  await writeFile(join(cwd, "started.js"), "console.log('started')");
  for (const line of [
    ["probe", "stripe/get-balance"],
    ["record", "stripe/get-balance"],
    ["diff", "stripe/get-balance"],
    ["accept", "stripe/get-balance"],
    ["run", "--", process.execPath, "started.js"],
    ["run", "--allow-missing", "--only", "stripe/api_key", "--", process.execPath, "started.js"],
  ]) {
    const { code, stdout, stderr } = await run(line, LIVE);
    const output = stdout + stderr;
    expect({ line, code, output }).toMatchObject({ code: 4 });
    expect(output).toMatch(/stripe\/api_key from the variable STRIPE_API_KEY is\s+one for prod, not for dev/);
    expect(output).not.toMatch(/started$/m);
    expect(output).not.toContain(LIVE);
  }
  const { code, stdout } = await run(["check", "--json"], LIVE);
  const { findings, endpoints } = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(findings.map(({ rule }: { rule: string }) => rule)).toEqual(["secret/wrong-environment"]);
  expect(endpoints).toMatchObject([{ endpoint: "get-balance", state: "not-sent" }]);
  expect(stdout).not.toContain(LIVE);
  expect(sent).toEqual([]);
});

test("in its own environment the same key is sent", async () => {
  const { sent, run } = await shopWithKeys();
  expect(await run(["record", "stripe", "--env", "prod"], LIVE)).toMatchObject({ code: 0 });
  expect(sent).toContain(`Bearer ${LIVE}`);
});
