import { join } from "node:path";
import { systemClock } from "../../src/host/clock.ts";
import { vaultStore } from "../../src/secrets/stores/vault.ts";
import { empty } from "./conformance.ts";

export const PASSPHRASE = "correct horse battery staple";

/**
 * Environment variables of a home whose vaults of project `shop` exist already and open cheaply: full derivation costs
 * half a second and 128 MiB in every process.
 */
export async function cheapVaults(
  home: string,
  environments: readonly string[] = ["dev", "prod"],
): Promise<Record<string, string>> {
  for (const environment of environments) {
    await vaultStore({
      project: "shop",
      environment,
      file: join(home, ".local/share/integ/shop", `${environment}.vault`),
      clock: systemClock,
      passphrase: async () => PASSPHRASE,
      scryptN: 2 ** 10,
    }).write({ ...empty(), environment }, 0);
  }
  return { HOME: home, INTEG_VAULT_PASSPHRASE: PASSPHRASE };
}
