import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/host/clock.ts";
import type { SecretStore } from "../../src/secrets/store.ts";
import { awsSecretsManagerStore } from "../../src/secrets/stores/remote/aws-secrets-manager.ts";
import { hashicorpVaultStore } from "../../src/secrets/stores/remote/hashicorp-vault.ts";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { type SecretsManagerServer, startSecretsManager } from "../support/secrets-manager-server.ts";
import { APP_ROLE, startVault, type VaultServer } from "../support/vault-server.ts";
import { empty, put, storeConformance } from "./conformance.ts";

let vault: VaultServer;
let aws: SecretsManagerServer;
beforeAll(async () => {
  [vault, aws] = await Promise.all([startVault(), startSecretsManager()]);
});
afterAll(() => Promise.all([vault.close(), aws.close()]));

const owner = ["shop", "dev"] as const;

function openVault(path: string, more: { env?: Record<string, string>; mount?: string } = {}): SecretStore {
  const env = more.env ?? { VAULT_TOKEN: vault.token };
  const mount = more.mount ?? "secret";
  return hashicorpVaultStore({ owner, env, clock: systemClock, address: vault.url, mount, path });
}

function openAws(name: string, env: Record<string, string> = aws.env): SecretStore {
  return awsSecretsManagerStore({ owner, env, clock: systemClock, endpoint: aws.url, name });
}

describe("HashiCorp Vault", () => {
  storeConformance(async () => {
    const path = `integ/${randomUUID()}`;
    return () => openVault(path);
  });

  test("gets its token from the variable, from an AppRole, or from the file that a login leaves", async () => {
    const path = `integ/${randomUUID()}`;
    await openVault(path).write(put(empty(), "a/b", "x"), 0);
    const home = await temporaryDirectory();
    await writeFile(join(home, ".vault-token"), `${vault.token}\n`);
    for (const env of [APP_ROLE, { HOME: home }]) {
      expect((await openVault(path, { env }).read())?.revision).toBe(1);
    }
  });

  test.each([
    [
      "no token at all",
      () => openVault("a/b", { env: { HOME: "/nowhere" } }),
      "locked",
      /nobody gave a token/,
    ],
    [
      "a token that is not valid",
      () => openVault("a/b", { env: { VAULT_TOKEN: "x" } }),
      "locked",
      /may not do this/,
    ],
    [
      "an AppRole that is refused",
      () => openVault("a/b", { env: { ...APP_ROLE, VAULT_ROLE_ID: "x" } }),
      "locked",
      /AppRole/,
    ],
    [
      "a mount of version 1",
      () => openVault("a/b", { mount: "kv1" }),
      "unavailable",
      /no KV engine of version 2/,
    ],
    [
      "a mount that is not there",
      () => openVault("a/b", { mount: "nope" }),
      "unavailable",
      /no KV engine of version 2/,
    ],
  ])("%s has a state and words of its own", async (_, open, state, words) => {
    await expect(open().read()).rejects.toMatchObject({ state, message: expect.stringMatching(words) });
    await expect(open().write(put(empty(), "a/b", "x"), 0)).rejects.toMatchObject({ state });
  });

  test("a sealed one is locked; one that is not there is unavailable, and no token is in the words", async () => {
    vault.sealed = true;
    await expect(openVault("a/b").read()).rejects.toMatchObject({ state: "locked", message: /sealed/ });
    vault.sealed = false;
    const away = hashicorpVaultStore({
      owner,
      env: { VAULT_TOKEN: "never-shown" },
      clock: systemClock,
      address: "http://127.0.0.1:1",
      mount: "secret",
      path: "a",
    });
    const error = await away.read().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ state: "unavailable" });
    expect(String(error)).not.toContain("never-shown");
  });

  test("what was deleted or written there by others never looks empty", async () => {
    const path = `integ/${randomUUID()}`;
    await openVault(path).write(put(empty(), "a/b", "x"), 0);
    const last = vault.entries.get(path)?.at(-1);
    if (last) last.deleted = "2026-01-02T00:00:00Z";
    await expect(openVault(path).read()).rejects.toMatchObject({
      state: "corrupt",
      hint: expect.stringContaining("vault kv undelete"),
    });
    vault.entries.set(path, [{ data: { password: "theirs" }, deleted: "", destroyed: false }]);
    await expect(openVault(path).read()).rejects.toMatchObject({ state: "corrupt" });
    vault.entries.set(path, [{ data: { integ: "not an envelope" }, deleted: "", destroyed: false }]);
    await expect(openVault(path).write(empty(), 0)).rejects.toMatchObject({ state: "stale-revision" });
    await expect(openVault(path).read()).rejects.toMatchObject({ state: "corrupt" });
  });

  test("a write whose answer was lost counts once, and leaves no part behind", async () => {
    const path = `integ/${randomUUID()}`;
    vault.loseNextAnswer = true;
    expect(await openVault(path).write(put(empty(), "a/b", "x"), 0)).toBe(1);
    expect((await openVault(path).read())?.revision).toBe(1);
  });

  test("large ones are cut, and nothing is left of what they were before", async () => {
    const path = `integ/${randomUUID()}`;
    const parts = () => [...vault.entries.keys()].filter((name) => name.startsWith(`${path}.parts/`));
    await openVault(path).write(put(empty(), "a/b", "x".repeat(700_000)), 0);
    expect(parts()).toHaveLength(3);
    await openVault(path).write(put(empty(), "a/b", "y".repeat(300_000)), 1);
    expect(parts()).toHaveLength(2);
    await openVault(path).write(put(empty(), "a/b", "z"), 2);
    expect(parts()).toEqual([]);
  });

  test("the entry of another environment is refused, not mixed up", async () => {
    const path = `integ/${randomUUID()}`;
    await openVault(path).write({ ...empty(), environment: "prod" }, 0);
    await expect(openVault(path).read()).rejects.toMatchObject({ state: "refused", message: /shop\/prod/ });
  });
});

describe("AWS Secrets Manager", () => {
  storeConformance(async () => {
    const name = `integ/${randomUUID()}`;
    return () => openAws(name);
  });

  test("keeps AWS's own labels: what was current is AWSPREVIOUS", async () => {
    const name = `integ/${randomUUID()}`;
    await openAws(name).write(put(empty(), "a/b", "one"), 0);
    await openAws(name).write(put(empty(), "a/b", "two"), 1);
    const versions = [...(aws.secrets.get(name)?.versions.values() ?? [])];
    expect(versions.map(({ stages }) => [...stages].filter((stage) => stage !== "AWSPENDING"))).toEqual([
      ["AWSPREVIOUS"],
      ["AWSCURRENT"],
    ]);
  });

  test("somebody who is faster by a moment is noticed when the label moves", async () => {
    const name = `integ/${randomUUID()}`;
    await openAws(name).write(put(empty(), "a/b", "one"), 0);
    aws.beforeMove = () => {
      const secret = aws.secrets.get(name);
      for (const { stages } of secret?.versions.values() ?? []) stages.clear();
      secret?.versions.set("theirs", { value: "integ/1 2 {}", stages: new Set(["AWSCURRENT"]) });
    };
    await expect(openAws(name).write(put(empty(), "a/b", "two"), 1)).rejects.toMatchObject({
      state: "stale-revision",
    });
  });

  test("waits out a throttled minute", async () => {
    aws.throttle = 2;
    expect(await openAws(`integ/${randomUUID()}`).read()).toBeUndefined();
  });

  test("takes the profile of the shared files", async () => {
    const home = await temporaryDirectory();
    await mkdir(join(home, ".aws"));
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: region } = aws.env;
    await writeFile(
      join(home, ".aws/credentials"),
      `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
    );
    await writeFile(
      join(home, ".aws/config"),
      `[profile work]\nregion = ${region}\n\n[profile sso]\nregion = ${region}\n`,
    );
    const name = `integ/${randomUUID()}`;
    expect(await openAws(name, { HOME: home, AWS_PROFILE: "work" }).read()).toBeUndefined();
    await expect(openAws(name, { HOME: home, AWS_PROFILE: "sso" }).read()).rejects.toMatchObject({
      state: "locked",
      message: /holds no keys of its own/,
      hint: /export-credentials/,
    });
  });

  test.each([
    ["no credentials", { AWS_REGION: "eu-central-1", HOME: "/nowhere" }, "locked", /no profile 'default'/],
    [
      "no region",
      { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", HOME: "/nowhere" },
      "unavailable",
      /no region/,
    ],
    [
      "credentials that are refused",
      { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_REGION: "eu-central-1", HOME: "/nowhere" },
      "locked",
      /InvalidSignatureException/,
    ],
  ])("%s has a state and words of its own", async (_, env, state, words) => {
    const store = openAws("integ/x", env);
    await expect(store.read()).rejects.toMatchObject({ state, message: expect.stringMatching(words) });
  });

  test("one that is scheduled for deletion, or not ours, never looks empty", async () => {
    const name = `integ/${randomUUID()}`;
    const version = { value: "a password", stages: new Set(["AWSCURRENT"]) };
    aws.secrets.set(name, { versions: new Map([["v", version]]), scheduledForDeletion: false });
    await expect(openAws(name).read()).rejects.toMatchObject({ state: "corrupt" });
    aws.secrets.set(name, { versions: new Map(), scheduledForDeletion: true });
    await expect(openAws(name).read()).rejects.toMatchObject({
      state: "unavailable",
      hint: expect.stringContaining("restore-secret"),
    });
  });
});

describe("in a project", () => {
  async function project(store: string) {
    const root = await temporaryDirectory();
    const home = join(root, "home");
    await mkdir(join(root, "src/integrations/acme"), { recursive: true });
    await writeFile(
      join(root, "integ.config.yaml"),
      `project: "@team/shop"\nenvironments: { dev: {} }\nsecrets:\n  store: ${store}\n  hashicorpVault: { address: "${vault.url}" }\n  awsSecretsManager: { endpoint: "${aws.url}", name: "apps/{project}/{environment}" }\n`,
    );
    await writeFile(
      join(root, "src/integrations/acme/integration.yaml"),
      "name: acme\npurpose: Orders\nowner: Shop\nbaseUrl: https://api.example.com\nauth: { scheme: bearer, secret: api_key }\nsecrets: { api_key: { env: ACME_API_KEY } }\nactive: v1\nversions: { v1: {} }\nendpoints: { get-root: { request: GET / } }\n",
    );
    const env = {
      HOME: home,
      VAULT_TOKEN: vault.token,
      INTEG_VAULT_PASSPHRASE: generateVaultKey(),
      ...aws.env,
    };
    return (args: string[], stdin = "") => integInProcess(["secrets", ...args], { cwd: root, env, stdin });
  }

  test("secrets move from the vault file to Vault, on to AWS and back, and arrive the same", async () => {
    const secrets = await project("vault");
    const value = "🔑 one\ntwo";
    expect((await secrets(["set", "acme/api_key"], value)).code).toBe(0);
    for (const store of ["hashicorp-vault", "aws-secrets-manager", "vault"]) {
      const moved = await secrets(["migrate", "--to", store, "--yes", "--delete-source"]);
      expect(moved.stderr).toBe("");
      expect(moved).toMatchObject({ code: 0, stdout: expect.stringContaining("Moved 1 secret") });
      expect((await secrets(["get", "acme/api_key"])).stdout).toBe(`${value}\n`);
    }
    expect([...vault.entries.keys(), ...aws.secrets.keys()].filter((name) => name.includes("team"))).toEqual(
      [],
    );
  });

  test("a service that cannot be reached ends with 4 and says what to do", async () => {
    const secrets = await project("hashicorp-vault");
    vault.sealed = true;
    const { code, stderr } = await secrets(["get", "acme/api_key"]);
    vault.sealed = false;
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(
        /^error: The Vault entry secret\/integ\/@team\/shop\/dev at .* is locked: it is sealed/,
      ),
    ]);
    expect(stderr).toContain("hint: ");
  });
});
