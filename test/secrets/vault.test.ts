import { link, lstat, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/host/clock.ts";
import type { SecretStore } from "../../src/secrets/store.ts";
import { vaultStore } from "../../src/secrets/stores/vault.ts";
import {
  deriveKey,
  type Kdf,
  newKdf,
  openVault,
  parseVault,
  sealVault,
} from "../../src/secrets/stores/vault-format.ts";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { binary, integ, run, temporaryDirectory } from "../support/cli.ts";
import { integInProcess } from "../support/in-process.ts";
import { cheapVaults } from "./cheap-vault.ts";
import { empty, put } from "./conformance.ts";
import { shopProject } from "./shop.ts";

const CHEAP = 2 ** 10;

function open(file: string, passphrase = "correct horse", environment = "dev"): SecretStore {
  return vaultStore({
    project: "shop",
    environment,
    file,
    clock: systemClock,
    passphrase: async () => passphrase,
    scryptN: CHEAP,
  });
}

async function keyFor(secret: string, kdf: Kdf): Promise<Buffer> {
  const key = await deriveKey(secret, kdf);
  if (!key) throw new Error("the vault asks for another kind of secret");
  return key;
}

async function filled(): Promise<string> {
  const file = join(await temporaryDirectory(), "dev.vault");
  await open(file).write(put(empty(), "a/b", "first value"), 0);
  await open(file).write(put(empty(), "a/b", "second value"), 1);
  return file;
}

describe("the vault's file", () => {
  test("any changed byte is noticed", async () => {
    const kdf = newKdf("p", CHEAP);
    const key = await keyFor("p", kdf);
    const header = { project: "shop", environment: "dev", rev: 1, kdf };
    const whole = Buffer.from(sealVault('{"some":"text"}', header, key), "latin1");
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        const parsed = parseVault(damaged.toString("latin1"));
        expect(parsed.ok && openVault(parsed.file, key) !== undefined).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("any cut is noticed", async () => {
    const kdf = newKdf("p", CHEAP);
    const text = sealVault(
      "text",
      { project: "shop", environment: "dev", rev: 1, kdf },
      await keyFor("p", kdf),
    );
    for (let length = 0; length < text.length; length++) {
      expect(parseVault(text.slice(0, length))).toMatchObject({ ok: false });
    }
    expect(parseVault(`${text}\n`)).toMatchObject({ ok: false });
  });

  test("a header that was changed together with its checksum does not open", async () => {
    const kdf = newKdf("p", CHEAP);
    const key = await keyFor("p", kdf);
    const parsed = parseVault(sealVault("text", { project: "shop", environment: "dev", rev: 1, kdf }, key));
    if (!parsed.ok) throw new Error(parsed.reason);
    const forged = { ...parsed.file, headerLine: parsed.file.headerLine.replace('"rev":1', '"rev":2') };
    expect(openVault(parsed.file, key)).toBe("text");
    expect(openVault(forged, key)).toBeUndefined();
  });

  test("a header that asks for more than 1 GiB is refused before any work", () => {
    const kdf = { ...newKdf("p"), N: 2 ** 24 };
    const text = sealVault("text", { project: "shop", environment: "dev", rev: 1, kdf }, Buffer.alloc(32));
    expect(parseVault(text)).toEqual({ ok: false, reason: expect.stringMatching(/header/) });
  });
});

describe("a generated key in the place of a passphrase", () => {
  test("opens what it made, without scrypt, and no passphrase or other key does", async () => {
    const file = join(await temporaryDirectory(), "dev.vault");
    const key = generateVaultKey();
    await open(file, key).write(put(empty(), "a/b", "value"), 0);
    expect(await readFile(file, "latin1")).toContain('"hkdf-sha256"');
    expect((await open(file, key).read())?.revision).toBe(1);
    for (const wrong of ["correct horse", generateVaultKey(), `${key}=`, key.slice(0, -1)]) {
      await expect(open(file, wrong).read()).rejects.toMatchObject({ state: "locked" });
      await expect(open(file, wrong).write(empty(), 1)).rejects.toMatchObject({ state: "locked" });
    }
  });

  test("a vault made with a passphrase goes on asking for scrypt", async () => {
    const file = await filled();
    await open(file).write(put(empty(), "a/b", "third"), 2);
    expect(await readFile(file, "latin1")).toContain('"scrypt"');
    await expect(open(file, generateVaultKey()).read()).rejects.toMatchObject({ state: "locked" });
  });

  test("`secrets keygen` writes a key that only its owner reads, and never over a file", async () => {
    const cwd = await temporaryDirectory();
    expect(await integInProcess(["secrets", "keygen", "keys/vault.key"], { cwd })).toMatchObject({
      code: 0,
      stdout: "created  keys/vault.key\n",
    });
    const file = join(cwd, "keys/vault.key");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const before = await readFile(file, "utf8");
    const again = await integInProcess(["secrets", "keygen", "keys/vault.key"], { cwd });
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("left as it is") });
    expect(`${again.stdout}${again.stderr}`).not.toContain(before.trim());
    expect(await readFile(file, "utf8")).toBe(before);
  });
});

describe("the vault as a store", () => {
  test("holds nothing in clear and belongs to its user alone", async () => {
    const file = await filled();
    for (const name of [file, `${file}.bak`]) {
      expect(await readFile(name, "latin1")).not.toMatch(/value|a\/b/);
      expect((await stat(name)).mode & 0o777).toBe(0o600);
    }
  });

  test("keeps the former revision, and nothing else beside it", async () => {
    const file = await filled();
    expect((await readdir(join(file, ".."))).sort()).toEqual(["dev.vault", "dev.vault.bak"]);
    await rm(file);
    await link(`${file}.bak`, file);
    expect((await open(file).read())?.revision).toBe(1);
  });

  test("where it lies elsewhere the link to it stays; a link to nowhere is no new vault", async () => {
    const file = await filled();
    const away = join(await temporaryDirectory(), "dev.vault");
    await symlink(file, away);
    await open(away).write(put(empty(), "a/b", "third value"), 2);
    expect((await lstat(away)).isSymbolicLink()).toBe(true);
    expect((await open(file).read())?.revision).toBe(3);
    expect(await readdir(join(away, ".."))).toEqual(["dev.vault"]);
    await rm(file);
    const lost = {
      state: "unavailable",
      message: expect.stringContaining("a link to a file that is not there"),
    };
    await expect(open(away).read()).rejects.toMatchObject(lost);
    await expect(open(away).write(empty(), 0)).rejects.toMatchObject(lost);
  });

  test("a wrong passphrase is `locked`, damage is `corrupt`", async () => {
    const file = await filled();
    await expect(open(file, "battery staple").read()).rejects.toMatchObject({ state: "locked" });
    await truncate(file, 100);
    await expect(open(file).read()).rejects.toMatchObject({
      state: "corrupt",
      hint: expect.stringContaining(`${file}.bak`),
    });
    await expect(open(file).write(empty(), 2)).rejects.toMatchObject({ state: "corrupt" });
    await rm(`${file}.bak`);
    await expect(open(file).read()).rejects.toMatchObject({
      hint: expect.stringContaining("there is no former revision"),
    });
  });

  test("a wrong passphrase cannot overwrite what the right one keeps", async () => {
    const file = await filled();
    // A writer that never read: its key differs, so what it would write could not be opened by the owner.
    await expect(open(file, "battery staple").write(put(empty(), "a/b", "x"), 2)).rejects.toMatchObject({
      state: "locked",
    });
    expect((await open(file).read())?.revision).toBe(2);
  });

  test("the vault of another environment is refused, not mixed up", async () => {
    const file = await filled();
    await expect(open(file, "correct horse", "prod").read()).rejects.toMatchObject({ state: "refused" });
  });

  test("a lock that a killed process left behind does not stop the next", async () => {
    const file = await filled();
    await writeFile(`${file}.lock`, `4194304 1 ${encodeURIComponent(hostname())} dead\n`);
    expect(await open(file).write(put(empty(), "a/b", "third"), 2)).toBe(3);
  });

  test("a lock of a process that died and whose id was given away does not stop the next", async () => {
    const file = await filled();
    await writeFile(`${file}.lock`, `${process.pid} 1 ${encodeURIComponent(hostname())} before\n`);
    expect(await open(file).write(put(empty(), "a/b", "third"), 2)).toBe(3);
  });
});

test("a disk that takes no more: the vault is as it was, and nothing is left beside it", async () => {
  const cwd = await shopProject({ store: "vault" });
  const env = { ...(await cheapVaults(cwd)), NODE_DISABLE_COMPILE_CACHE: "1" };
  await integ(["secrets", "set", "stripe/api_key"], { cwd, env, stdin: "small" });
  const directory = join(cwd, ".local/share/integ/shop");
  const before = await readFile(join(directory, "dev.vault"));
  const limited = [
    "-c",
    'ulimit -f 4; exec "$@"',
    "_",
    process.execPath,
    binary,
    "secrets",
    "set",
    "stripe/api_key",
  ];
  const result = await run("bash", limited, { cwd, env, stdin: "x".repeat(20_000) });
  expect(result).toMatchObject({
    code: 4,
    stdout: "",
    stderr: expect.stringMatching(/is not available: EFBIG/),
  });
  expect(await readFile(join(directory, "dev.vault"))).toEqual(before);
  expect((await readdir(directory)).filter((name) => /tmp|lock/.test(name))).toEqual([]);
});

describe("many processes", () => {
  test("fifty writers at once lose nothing", { timeout: 240_000 }, async () => {
    const cwd = await shopProject({ store: "vault" });
    const secrets = Array.from({ length: 50 }, (_, i) => `s${i}`);
    const manifest = join(cwd, "src/integrations/stripe/integration.yaml");
    const declared = secrets.map((name) => `  ${name}: { env: ${name.toUpperCase()} }`).join("\n");
    await writeFile(
      manifest,
      (await readFile(manifest, "utf8")).replace("secrets:\n", `secrets:\n${declared}\n`),
    );
    const env = { HOME: cwd, INTEG_VAULT_PASSPHRASE: "correct horse" };
    // A vault of cheap derivation: fifty full ones at once would want 6 GiB of memory.
    await open(join(cwd, ".local/share/integ/shop/dev.vault")).write(empty(), 0);
    const runs = await Promise.all(
      secrets.map((name) =>
        integ(["secrets", "set", `stripe/${name}`], { cwd, env, stdin: `value ${name}`, timeout: 200_000 }),
      ),
    );
    expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
    const list = await integ(["secrets", "list", "--json"], { cwd, env });
    const stored = JSON.parse(list.stdout).secrets.filter(
      ({ source }: { source: string }) => source === "vault",
    );
    expect(stored.map(({ secret }: { secret: string }) => secret).sort()).toEqual(
      secrets.map((name) => `stripe/${name}`).sort(),
    );
    const ledger = JSON.parse(await readFile(join(cwd, "integ.secrets.json"), "utf8"));
    expect(Object.keys(ledger.environments.dev)).toHaveLength(50);
  });
});
