import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { temporaryDirectory } from "../../support/cli.ts";
import { integInProcess as integ } from "../../support/in-process.ts";
import { cheapVaults } from "../cheap-vault.ts";
import { manifestFor } from "./provider-server.ts";

const ROTATION = `      driver: http
      verify: get-balance
      create: { request: POST /v1/api_keys, body: { name: "{{tag}}" }, value: $.secret, id: $.id }
      list: { request: GET /v1/api_keys, keys: $.data, id: $.id, name: $.name, ending: $.last4 }
      revoke: { request: "DELETE /v1/api_keys/{{id}}" }`;

test("a provider whose new keys work late, revoked ones linger, and whose list shows the last four characters", async () => {
  const sandbox = await startSandbox({ keys: { maximum: 2, activationMs: 400, revocationMs: 400 } });
  onTestFinished(() => sandbox.close());
  const cwd = await temporaryDirectory();
  await mkdir(join(cwd, "src/integrations/acme"), { recursive: true });
  const manifest = manifestFor(sandbox.url, ROTATION).replace("GET /v1/me", "GET /v1/customers");
  await writeFile(join(cwd, "src/integrations/acme/integration.yaml"), manifest);
  await writeFile(join(cwd, "integ.config.yaml"), "project: shop\nenvironments: { dev: { store: vault } }\n");
  const env = await cheapVaults(cwd);
  const cli = (line: string, stdin = "") => integ(line.split(" "), { cwd, env, stdin });
  await cli("secrets set acme/api_key", sandbox.apiKey);
  const rotated = await cli("secrets rotate acme --grace 0s --yes --json");
  expect(JSON.parse(rotated.stdout).rotations).toMatchObject([{ result: "rotated", observedDead: true }]);
  const works = async (key: string) =>
    (await fetch(`${sandbox.url}/v1/balance`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect(await works(sandbox.apiKey)).toBe(401);
  expect(await works((await cli("secrets get acme/api_key")).stdout.trim())).toBe(200);
});
