import { chmod, cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { binary, integ, type Run, run, temporaryDirectory } from "./cli.ts";

/** Programs that examples and docs pipe to and from; each does the least that keeps the pipeline going. */
const PROGRAMS = (key: string): Record<string, string> => ({
  integ: `exec "${process.execPath}" "${binary}" "$@"`,
  // `npx integ …`, without asking a registry.
  npx: `shift; exec "${process.execPath}" "${binary}" "$@"`,
  docker: "cat >/dev/null",
  npm: "exit 0",
  vim: "exit 0",
  jq: "exec cat",
  pass: `echo "${key}"`,
  vault: `echo '{"STRIPE_API_KEY": "${key}"}'`,
});

const GITHUB = (url: string) => `name: github
purpose: Source code
owner: Shop
baseUrl: ${url}
auth: { scheme: none }
secrets:
  app_key: { env: GITHUB_APP_KEY }
active: v1
versions: { v1: {} }
endpoints:
  get-user: { request: GET / }
`;

/** Places to run commands in, from the empty repository to a project with everything. */
export type Place = "empty" | "configured" | "full";

/** What commands of examples and docs need around them: a provider, projects, programs, variables. */
export interface World {
  provider: Sandbox;
  /** Runs lines of shell in a fresh copy of a place, which goes away with the test. */
  shell(lines: string, place: Place): Promise<Run>;
  /** A fresh copy of a place in which several lines run one after the other; it goes away with the test. */
  enter(place: Place): Promise<(lines: string, stdin?: string) => Promise<Run>>;
  close(): Promise<void>;
}

async function makePrograms(directory: string, key: string): Promise<void> {
  await mkdir(directory);
  for (const [name, body] of Object.entries(PROGRAMS(key))) {
    const file = join(directory, name);
    await writeFile(file, `#!/bin/sh\n${body}\n`);
    await chmod(file, 0o755);
  }
}

async function makePlaces(root: string, provider: Sandbox, env: Record<string, string>): Promise<void> {
  const must = async (args: string[], cwd: string, stdin?: string) => {
    const result = await integ(args, { cwd, env, ...(stdin === undefined ? {} : { stdin }) });
    if (result.code !== 0) throw new Error(`integ ${args.join(" ")}: ${result.code}\n${result.stderr}`);
  };
  const empty = join(root, "empty");
  await mkdir(join(empty, "node_modules"), { recursive: true });
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  await symlink(repository, join(empty, "node_modules/integ"));
  await symlink(join(repository, "node_modules/zod"), join(empty, "node_modules/zod"));
  await writeFile(join(empty, "package.json"), '{ "name": "shop", "private": true, "type": "module" }\n');
  await writeFile(join(empty, "sync.js"), "process.exitCode = process.env.STRIPE_API_KEY ? 0 : 1;\n");
  await writeFile(join(empty, "app.pem"), "a key of\nseveral lines\n");
  await writeFile(join(empty, "notes.txt"), "\n");
  await writeFile(join(empty, ".env"), `STRIPE_API_KEY=${provider.apiKey}\n`);

  const configured = join(root, "configured");
  await cp(empty, configured, { recursive: true, verbatimSymlinks: true });
  await must(["init", "--yes", "--store", "vault", "--ci", "none"], configured);

  const full = join(root, "full");
  await cp(configured, full, { recursive: true, verbatimSymlinks: true });
  await must(["scaffold", "stripe", "--base-url", provider.url], full);
  const github = join(full, "src/integrations/github");
  await mkdir(join(github, "v1"), { recursive: true });
  await writeFile(join(github, "integration.yaml"), GITHUB(provider.url));
  for (const environment of ["dev", "staging", "prod"]) {
    const set = ["secrets", "set", "stripe/api_key", "--env", environment, "--yes", "--force"];
    await must(set, full, `older-${provider.apiKey}`);
    await must(set, full, provider.apiKey);
    const app = ["secrets", "set", "github/app_key", "--env", environment, "--yes"];
    await must([...app, "--from-file", "app.pem"], full);
  }
  await must(["record", "--samples", "10"], full);
  await mkdir(join(full, "contract"));
  await cp(join(github, "v1/contract/get-user.json"), join(full, "contract/get-user.json"));
}

/** Makes a world; `close` it when the file's tests are over. */
export async function createWorld(): Promise<World> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "integ-world-")));
  const provider = await startSandbox({ quota: { limit: 1_000_000 } });
  const home = join(root, "home");
  const programs = join(root, "bin");
  await mkdir(home);
  await makePrograms(programs, provider.apiKey);
  const env = {
    PATH: `${programs}:${process.env.PATH}`,
    HOME: home,
    TMPDIR: root,
    STRIPE_KEY: provider.apiKey,
    INTEG_VAULT_PASSPHRASE: ["passphrase", "of", "a", "test"].join("-"),
    // Nobody's keyring is touched.
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(root, "no-bus")}`,
  };
  await makePlaces(root, provider, env);
  const enter: World["enter"] = async (place) => {
    const base = await temporaryDirectory();
    for (const name of ["home", place]) {
      await cp(join(root, name), join(base, name), { recursive: true, verbatimSymlinks: true });
    }
    return (lines, stdin) =>
      run("bash", ["-e", "-o", "pipefail", "-c", lines], {
        cwd: join(base, place),
        env: { ...env, HOME: join(base, "home") },
        timeout: 60_000,
        ...(stdin === undefined ? {} : { stdin }),
      });
  };
  return {
    provider,
    enter,
    shell: async (lines, place) => (await enter(place))(lines),
    close: async () => {
      await provider.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
