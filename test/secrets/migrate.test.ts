import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/host/clock.ts";
import { setCurrent } from "../../src/secrets/labels.ts";
import { copyStore, deleteCopied } from "../../src/secrets/migrate.ts";
import type { SecretStore } from "../../src/secrets/store.ts";
import { vaultStore } from "../../src/secrets/stores/vault.ts";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { empty, put } from "./conformance.ts";

/** Values of variables, which have no history, no ids and no times of their own. */
function variables(values: Readonly<Record<string, string>>): SecretStore {
  const envelope = Object.entries(values).reduce(
    (before, [name, value]) =>
      setCurrent(before, name, { id: "env", value, now: 0, source: "env", graceMs: 0 }),
    empty(),
  );
  const refuse = () => Promise.reject(new Error("variables are read-only"));
  return {
    kind: "env",
    describe: () => "environment variables",
    read: async () => ({ envelope, revision: 0 }),
    write: refuse,
    destroy: refuse,
  };
}

async function vault(): Promise<SecretStore> {
  const key = generateVaultKey();
  return vaultStore({
    project: "shop",
    environment: "dev",
    file: join(await temporaryDirectory(), "dev.vault"),
    clock: systemClock,
    passphrase: async () => key,
  });
}

describe("moving secrets to another store", () => {
  test("again, after an interruption, is harmless: from a store, and from variables", async () => {
    const [from, to] = [await vault(), await vault()];
    await from.write(put(empty(), "a/b", "value"), 0);
    for (const source of [from, variables({ "a/b": "value" })]) {
      const target = source === from ? to : await vault();
      expect(await copyStore(source, target, 1)).toBe(1);
      expect(await copyStore(source, target, 2)).toBe(1);
      expect((await target.read())?.revision).toBe(1);
    }
  });

  test("mixes nothing: a target that holds other values, more or fewer, is refused and stays as it is", async () => {
    const to = await vault();
    await to.write(put(empty(), "a/b", "value"), 0);
    for (const values of [{ "a/b": "other" }, { "a/b": "value", "a/c": "more" }, { "a/c": "value" }]) {
      await expect(copyStore(variables(values), to, 1)).rejects.toMatchObject({ state: "refused" });
    }
    expect((await to.read())?.revision).toBe(1);
  });

  test("a source that was written to since it was copied is not deleted; one that was not is", async () => {
    const [from, to] = [await vault(), await vault()];
    const copied = put(empty(), "a/b", "value");
    await from.write(copied, 0);
    await copyStore(from, to, 1);
    await from.write(put(copied, "a/c", "meanwhile"), 1);
    await expect(deleteCopied(from, to)).rejects.toMatchObject({ state: "stale-revision" });
    expect((await from.read())?.revision).toBe(2);
    await from.write(copied, 2);
    await deleteCopied(from, to);
    expect(await from.read()).toBeUndefined();
  });
});
