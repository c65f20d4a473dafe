import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { systemClock } from "../../src/host/clock.ts";
import { currentValue, emptyEnvelope } from "../../src/secrets/envelope.ts";
import { setCurrent } from "../../src/secrets/labels.ts";
import { journalOf } from "../../src/secrets/rotation/journal.ts";
import { updateEnvelope } from "../../src/secrets/store.ts";
import { vaultStore } from "../../src/secrets/stores/vault.ts";
import { cheapVaults, PASSPHRASE } from "../secrets/cheap-vault.ts";
import { manifestFor, type ProviderServer, startProvider } from "../secrets/rotation/provider-server.ts";
import { integ, type Run, temporaryDirectory } from "../support/cli.ts";

export const NAME = "acme/api_key";

export interface Shop {
  cwd: string;
  env: Record<string, string>;
  provider: ProviderServer;
  /** Ids of keys that are not ours, and of the first one of ours. */
  foreign: string;
  first: string;
  cli(line: string, stdin?: string): Promise<Run>;
  current(): Promise<string | undefined>;
  rotating(): Promise<boolean>;
}

/** A project whose only secret is the first key at a provider of its own. */
export async function shop(rotation?: string, bus?: Record<string, string>): Promise<Shop> {
  const [cwd, provider] = [await temporaryDirectory(), await startProvider()];
  const directory = join(cwd, "src/integrations/acme");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "integration.yaml"), manifestFor(provider.url, rotation));
  const store = bus ? "keychain" : "vault";
  await writeFile(
    join(cwd, "integ.config.yaml"),
    `project: shop\nenvironments: { dev: {}, prod: {}, ci: { store: env } }\nsecrets: { store: ${store} }\n`,
  );
  const env = bus ? { ...bus } : await cheapVaults(cwd);
  const [foreign, first] = [provider.add("somebody else's"), provider.add("made by hand")];
  const cli = (line: string, stdin = "") => integ(line.split(" "), { cwd, env, stdin });
  const vault = vaultStore({
    project: "shop",
    environment: "dev",
    file: join(cwd, ".local/share/integ/shop/dev.vault"),
    clock: systemClock,
    passphrase: async () => PASSPHRASE,
  });
  if (bus) expect(await cli(`secrets set ${NAME}`, first.value)).toMatchObject({ code: 0 });
  else {
    const value = { id: "0", value: first.value, now: Date.now(), source: "set", graceMs: 0 };
    const none = emptyEnvelope("shop", "dev", "0".repeat(64));
    await updateEnvelope(vault, none, (envelope) => setCurrent(envelope, NAME, value));
  }
  const current = async () => {
    if (bus) return (await cli(`secrets get ${NAME}`)).stdout.trimEnd();
    const stored = await vault.read();
    return stored && currentValue(stored.envelope, NAME);
  };
  const rotating = async () => {
    if (!bus) {
      const stored = await vault.read();
      return stored !== undefined && journalOf(stored.envelope, NAME) !== undefined;
    }
    return (await cli("secrets list --json")).stdout.includes('"rotation"');
  };
  return { cwd, env, provider, foreign: foreign.id, first: first.value, cli, current, rotating };
}

/** One key of ours is left and works, the first one is dead, and no rotation is under way. */
export async function expectRotated({ provider, foreign, first, current, rotating }: Shop): Promise<void> {
  const value = await current();
  expect([...provider.keys.keys()]).toContain(foreign);
  expect(provider.keys.size).toBe(2);
  expect(provider.honours(value)).toBe(true);
  expect(provider.honours(first)).toBe(false);
  expect(await rotating()).toBe(false);
}
