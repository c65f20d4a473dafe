import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { integ, temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { hasKeyring, startBus } from "../support/keyring.ts";

const storeIn = async (cwd: string) =>
  /^ {2}store: (\S+)/m.exec(await readFile(join(cwd, "integ.config.yaml"), "utf8"))?.[1];

const PROFILE = "[work]\naws_access_key_id = a-key-of-a-test\naws_secret_access_key = not-one\n";

// Where the platform has a keychain of its own it comes first; only there is more to look for.
test.skipIf(process.platform !== "linux").each<[string, Record<string, string>, string]>([
  ["nothing at all", {}, "vault"],
  ["a bus that nobody listens on", { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere" }, "vault"],
  ["VAULT_ADDR", { VAULT_ADDR: "http://127.0.0.1:8200" }, "hashicorp-vault"],
  ["a profile of the AWS tools", { AWS_PROFILE: "work" }, "aws-secrets-manager"],
  ["both", { AWS_PROFILE: "work", VAULT_ADDR: "http://127.0.0.1:8200" }, "hashicorp-vault"],
])("init proposes the store of a machine that has %s", async (_, more, store) => {
  const cwd = await temporaryDirectory();
  await mkdir(join(cwd, ".aws"));
  await writeFile(join(cwd, ".aws/credentials"), PROFILE);
  expect(await integInProcess(["init", "--yes"], { cwd, env: { HOME: cwd, ...more } })).toMatchObject({
    code: 0,
  });
  expect(await storeIn(cwd)).toBe(store);
});

test.skipIf(!hasKeyring())("init proposes the keychain where a Secret Service answers", async () => {
  const bus = await startBus();
  await bus.startService();
  const cwd = await temporaryDirectory();
  const env = { ...bus.env, VAULT_ADDR: "http://127.0.0.1:8200" };
  expect(await integ(["init", "--yes"], { cwd, env })).toMatchObject({ code: 0 });
  expect(await storeIn(cwd)).toBe("keychain");
});
