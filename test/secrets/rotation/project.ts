import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../../src/host/clock.ts";
import { currentValue, type Envelope } from "../../../src/secrets/envelope.ts";
import { setCurrent } from "../../../src/secrets/labels.ts";
import { updateEnvelope } from "../../../src/secrets/store.ts";
import { vaultStore } from "../../../src/secrets/stores/vault.ts";
import { temporaryDirectory } from "../../support/cli.ts";
import { integInProcess } from "../../support/in-process.ts";
import { cheapVaults, PASSPHRASE } from "../cheap-vault.ts";
import { empty } from "../conformance.ts";

/** A project of one integration, `acme`, whose secrets have values in a vault. */
export interface RotatingProject {
  cwd: string;
  env: Record<string, string>;
  /** Runs the CLI within this process. */
  cli(line: string): ReturnType<typeof integInProcess>;
  envelope(): Promise<Envelope>;
  current(name: string): Promise<string | undefined>;
}

/** @param rest of the manifest, from `auth` on */
export async function rotatingProject(
  baseUrl: string,
  rest: string,
  values: Readonly<Record<string, string>>,
  config = "",
): Promise<RotatingProject> {
  const cwd = await temporaryDirectory();
  await mkdir(join(cwd, "src/integrations/acme"), { recursive: true });
  const head = `name: acme\npurpose: Test\nowner: Test\nbaseUrl: ${baseUrl}\n`;
  await writeFile(join(cwd, "src/integrations/acme/integration.yaml"), head + rest);
  await writeFile(
    join(cwd, "integ.config.yaml"),
    `project: shop\nenvironments: { dev: { store: vault } }\n${config}`,
  );
  const env = await cheapVaults(cwd, ["dev"]);
  const vault = vaultStore({
    project: "shop",
    environment: "dev",
    file: join(cwd, ".local/share/integ/shop/dev.vault"),
    clock: systemClock,
    passphrase: async () => PASSPHRASE,
  });
  await updateEnvelope(vault, empty(), (before) =>
    Object.entries(values).reduce(
      (envelope, [name, value], index) =>
        setCurrent(envelope, name, { id: `${index}`, value, now: Date.now(), source: "set", graceMs: 0 }),
      before,
    ),
  );
  const envelope = async () => (await vault.read())?.envelope ?? empty();
  return {
    cwd,
    env,
    cli: (line) => integInProcess(line.split(" "), { cwd, env }),
    envelope,
    current: async (name) => currentValue(await envelope(), name),
  };
}
