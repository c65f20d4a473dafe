// Secrets of an environment: what reading them costs over the keychain itself, and what `integ run` costs before its child.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interleave, median } from "./measure.mjs";
import { clock, source } from "./support.mjs";

export const name = "secrets";

const COUNT = 20;
const GOAL_READ_MS = 5;
const GOAL_RUN_MS = 60;
const binary = fileURLToPath(new URL("../bin/integ.cjs", import.meta.url));
const names = Array.from({ length: COUNT }, (_, index) => `key_${index}`);
const values = Object.fromEntries(
  names.map((key) => [`acme/${key}`, [key, "of", "this", "benchmark", Math.random()].join(" ")]),
);

/** One project with an environment for each store, each with the same values. */
function plant(root, env) {
  mkdirSync(join(root, "src/integrations/acme"), { recursive: true });
  const environments = "{ ring: { store: keychain }, key: { store: vault }, phrase: { store: vault } }";
  writeFileSync(join(root, "integ.config.yaml"), `project: bench\nenvironments: ${environments}\n`);
  const secrets = names.map((key) => `  ${key}: { env: ACME_${key.toUpperCase()} }\n`).join("");
  writeFileSync(
    join(root, "src/integrations/acme/integration.yaml"),
    `name: acme\nbaseUrl: https://api.example.com\nsecrets:\n${secrets}`,
  );
  writeFileSync(join(root, "values.json"), JSON.stringify(values));
  integ(root, env, ["secrets", "keygen", join(root, "vault.key")]);
  for (const [environment, more] of Object.entries(opening(root))) {
    integ(root, { ...env, ...more }, ["secrets", "import", "values.json", "--env", environment, "--yes"]);
  }
}

/** What opens each environment's store. */
const opening = (root) => ({
  ring: {},
  key: { INTEG_VAULT_KEY_FILE: join(root, "vault.key") },
  phrase: { INTEG_VAULT_PASSPHRASE: "for this benchmark only" },
});

function integ(cwd, env, args) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [binary, ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`integ ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

async function benchReading(root, print) {
  const { AsyncEntry } = createRequire(import.meta.url)("@napi-rs/keyring");
  const { loadProject } = await source("src/config/load.ts");
  const { SecretSession, usableSecrets } = await source("src/secrets/resolve.ts");
  const project = await loadProject({ cwd: root });
  const [integration] = project.integrations;
  const environment = project.config.environments.find(({ name }) => name === "ring");
  let reads = 0;
  const { getPassword } = AsyncEntry.prototype;
  AsyncEntry.prototype.getPassword = function counted(...args) {
    reads++;
    return getPassword.apply(this, args);
  };
  const bare = async () => {
    const text = await getPassword.apply(
      new AsyncEntry("integ", "bench/ring", { linux: { store: "secret-service" } }),
    );
    if (!text) throw new Error("the entry is empty");
  };
  const own = async () => {
    const session = new SecretSession(project, { env: process.env, clock, io: { prompt: undefined } });
    const found = await usableSecrets(integration, environment, session);
    if (found.values.size !== COUNT) throw new Error(`read ${found.values.size} of ${COUNT} secrets`);
  };
  const rounds = 60;
  const warmUp = 10;
  const times = await interleave({ bare, own }, { rounds, warmUp });
  AsyncEntry.prototype.getPassword = getPassword;
  const over = median(times.own) - median(times.bare);
  print(`one bare keychain read: ${median(times.bare).toFixed(1)} ms (opens its connection)`);
  print(
    `all ${COUNT} secrets: ${median(times.own).toFixed(1)} ms in ${reads / (rounds + warmUp)} keychain read, ${over.toFixed(2)} ms over it (goal ${GOAL_READ_MS}: ${over <= GOAL_READ_MS ? "ok" : "missed"})`,
  );
}

/** Milliseconds from our start of a program until `date`, its child, looks at the clock. */
function untilChild(root, env, environment) {
  const started = performance.timeOrigin + performance.now();
  const stdout = integ(root, { ...env, ...opening(root)[environment] }, [
    ...["run", "--env", environment, "--", "date", "+%s%N"],
  ]);
  return Number(stdout) / 1e6 - started;
}

async function benchRun(root, env, print) {
  const found = { ring: [], key: [], phrase: [] };
  const contestant = (environment) => () => {
    found[environment].push(untilChild(root, env, environment));
  };
  const bareNode = () => spawnSync(process.execPath, ["-e", "0"], { cwd: root, env });
  const times = await interleave(
    { bare: bareNode, ...Object.fromEntries(Object.keys(found).map((key) => [key, contestant(key)])) },
    { rounds: 15, warmUp: 2 },
  );
  const bare = median(times.bare);
  print(`node -e 0: ${bare.toFixed(0)} ms (Node ${process.versions.node})`);
  const labels = {
    ring: "from the keychain",
    key: "from a vault under a generated key",
    phrase: "from a vault under a passphrase (scrypt costs what it costs on purpose)",
  };
  for (const [environment, label] of Object.entries(labels)) {
    const over = median(found[environment].slice(2)) - bare;
    const goal =
      environment === "phrase" ? "no goal" : `goal ${GOAL_RUN_MS}: ${over <= GOAL_RUN_MS ? "ok" : "missed"}`;
    print(`integ run with ${COUNT} secrets ${label}: its child starts ${over.toFixed(0)} ms later (${goal})`);
  }
}

export async function run(print) {
  const keyring = await source("test/support/secret-service.ts");
  if (!keyring.hasKeyring()) return;
  const root = mkdtempSync(join(tmpdir(), "integ-bench-secrets-"));
  const endings = [];
  try {
    const home = join(root, "home");
    mkdirSync(home);
    const bus = await keyring.startBusIn(home, (work) => void endings.push(work));
    await bus.startService();
    // The native library reads the address from this process's environment.
    Object.assign(process.env, bus.env);
    plant(root, bus.env);
    await benchReading(root, print);
    await benchRun(root, bus.env, print);
  } finally {
    for (const end of endings.reverse()) await end();
    rmSync(root, { recursive: true, force: true });
  }
}
