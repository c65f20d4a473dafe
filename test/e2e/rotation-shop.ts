import { mkdir, readFile, writeFile } from "node:fs/promises";
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
import { integInProcess } from "../support/in-process.ts";

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
  /** What the deployed application reads: the push target's copy. */
  deployed(): Promise<string>;
}

/**
 * A program as a push target: takes the value as one file, seen whole or not at all. Where a file asks for it, it kills who
 * started it, before or after its deed.
 */
const PUSH = `cd "$(dirname "$0")"
if [ -e kill-before ]; then rm kill-before; kill -9 $PPID; exit; fi
cat > deployed.new && mv deployed.new deployed
if [ -e kill-after ]; then rm kill-after; kill -9 $PPID; fi
`;

/** A project whose only secret is the first key at a provider of its own. */
export async function shop(rotation?: string, bus?: Record<string, string>): Promise<Shop> {
  const [cwd, provider] = [await temporaryDirectory(), await startProvider()];
  const directory = join(cwd, "src/integrations/acme");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "integration.yaml"), manifestFor(provider.url, rotation));
  const store = bus ? "keychain" : "vault";
  await writeFile(
    join(cwd, "integ.config.yaml"),
    `project: shop
environments: { dev: {}, prod: {}, ci: { store: env } }
secrets:
  store: ${store}
  push: { file: { to: command, environment: dev, secrets: [acme], command: [sh, push.sh] } }
`,
  );
  await writeFile(join(cwd, "push.sh"), PUSH);
  const env = bus ? { ...bus } : await cheapVaults(cwd);
  const [foreign, first] = [provider.add("somebody else's"), provider.add("made by hand")];
  await writeFile(join(cwd, "deployed"), first.value);
  const deployed = () => readFile(join(cwd, "deployed"), "utf8");
  // The library of the keychain asks the bus that its process asked for first: there each command is a process.
  const command = bus ? integ : integInProcess;
  const cli = (line: string, stdin = "") => command(line.split(" "), { cwd, env, stdin });
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
  return { cwd, env, provider, foreign: foreign.id, first: first.value, cli, current, rotating, deployed };
}

/** One key of ours is left and works, the first one is dead, and no rotation is under way. */
export async function expectRotated(shop: Shop): Promise<void> {
  const { provider, foreign, first, current, rotating, deployed } = shop;
  const value = await current();
  expect(await deployed()).toBe(value);
  expect([...provider.keys.keys()]).toContain(foreign);
  expect(provider.keys.size).toBe(2);
  expect(provider.honours(value)).toBe(true);
  expect(provider.honours(first)).toBe(false);
  expect(await rotating()).toBe(false);
}
