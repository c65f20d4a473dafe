import { join } from "node:path";
import { describe } from "vitest";
import { systemClock } from "../../src/host/clock.ts";
import type { Entries } from "../../src/secrets/stores/entries.ts";
import { keychainStore } from "../../src/secrets/stores/keychain.ts";
import { vaultStore } from "../../src/secrets/stores/vault.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { storeConformance } from "./conformance.ts";

function memoryEntries(limit: number): Entries {
  const texts = new Map<string, string>();
  return {
    get: async (account) => texts.get(account),
    set: async (account, text) => {
      if (text.length > limit) throw new Error("Value of 'password' is invalid: too long");
      texts.set(account, text);
    },
    remove: async (account) => texts.delete(account),
  };
}

describe("the vault", () => {
  storeConformance(async () => {
    const file = join(await temporaryDirectory(), "sub", "dev.vault");
    return () =>
      vaultStore({
        project: "shop",
        environment: "dev",
        file,
        clock: systemClock,
        passphrase: async () => "correct horse",
        scryptN: 2 ** 10,
      });
  });
});

describe.each([
  ["without a size limit", Number.POSITIVE_INFINITY],
  ["with the size limit of Windows", 1200],
])("the keychain store %s", (_, limit) => {
  storeConformance(async () => {
    const lockFile = join(await temporaryDirectory(), "dev.lock");
    const entries = memoryEntries(limit);
    return () =>
      keychainStore({
        project: "shop",
        environment: "dev",
        lockFile,
        clock: systemClock,
        attended: false,
        entries,
        limit,
      });
  });
});
