import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { generateVaultKey } from "../../src/secrets/stores/vault-key.ts";
import { binary, type Run, run, temporaryDirectory } from "./cli.ts";
import { integInProcess } from "./in-process.ts";

/** Programs that examples and docs pipe to and from; each does the least that keeps the pipeline going. */
const PROGRAMS = (key: string): Record<string, string> => ({
  integ: `exec "${process.execPath}" "${binary}" "$@"`,
  // `npx integ …`, without asking a registry.
  npx: `while [ "$1" != integ ]; do shift; done; shift; exec "${process.execPath}" "${binary}" "$@"`,
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

/**
 * Places to run commands in: an empty repository; one after `init`; a project with everything; the same with reports of a
 * check on which the provider had drifted; with a second version of a module; and with the first one out of use.
 */
export type Place = "empty" | "configured" | "full" | "drifted" | "two-versions" | "moved-on";

/** What commands of examples and docs need around them: a provider, projects, programs, variables. */
export interface World {
  provider: Sandbox;
  /** Fingerprint of a finding in the `drifted` place. */
  fingerprint: string;
  /** Runs lines of shell in a fresh copy of a place. */
  shell(lines: string, place: Place): Promise<Run>;
  /** As `shell`, for one command line of integ's without quotes, within this process: a tenth of the time. */
  command(line: string, place: Place): Promise<Run>;
  /**
   * A fresh copy of a place in which several lines run one after the other; it goes away with the test. Lines that only
   * call integ run within this process, as by `command`.
   */
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

const THINGS = {
  openapi: "3.1.0",
  info: { title: "Things", version: "1" },
  servers: [{ url: "https://api.example.com" }],
  paths: {
    "/things": {
      get: { operationId: "listThings", responses: { 200: { description: "All things" } } },
      post: { operationId: "createThing", responses: { 201: { description: "The new thing" } } },
    },
    "/v1/balance": {
      get: {
        operationId: "getBalance",
        responses: {
          200: {
            description: "What is there",
            content: { "application/json": { schema: { type: "object" } } },
          },
        },
      },
    },
  },
};

/** What a proxy recorded of the same API. */
const RECORDED = {
  log: {
    entries: [
      {
        startedDateTime: "2026-01-01T00:00:00.000Z",
        time: 10,
        request: { method: "GET", url: "https://api.example.com/things" },
        response: {
          status: 200,
          httpVersion: "HTTP/1.1",
          headers: [{ name: "Content-Type", value: "application/json" }],
          content: { text: '[{"id":1}]' },
        },
      },
    ],
  },
};

async function furnish(directory: string, key: string): Promise<void> {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  await mkdir(join(directory, "node_modules"), { recursive: true });
  await symlink(repository, join(directory, "node_modules/integ"));
  await symlink(join(repository, "node_modules/zod"), join(directory, "node_modules/zod"));
  const files = {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }\n',
    "sync.js": "process.exitCode = process.env.STRIPE_API_KEY ? 0 : 1;\n",
    "app.pem": "a key of\nseveral lines\n",
    "notes.txt": "\n",
    "openapi.json": JSON.stringify(THINGS),
    "api.har": JSON.stringify(RECORDED),
    ".env": `STRIPE_API_KEY=${key}\n`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  // A repository with a first commit that holds nothing.
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  // Without git's examples of hooks, which every copy of a place would hold.
  await run("git", ["init", "-q", "-b", "main", "--template="], { cwd: directory });
  await run("git", [...who, "commit", "-q", "--allow-empty", "-m", "begin"], { cwd: directory });
}

/** Stripe with its keys in three environments, and GitHub by a manifest of its own; contracts of both recorded. */
async function fill(directory: string, provider: Sandbox, must: Must): Promise<void> {
  await must(["scaffold", "stripe", "--base-url", provider.url], directory);
  const manifest = join(directory, "src/integrations/stripe/integration.yaml");
  // One key serves all three environments here, so its form cannot tell them apart.
  await writeFile(manifest, (await readFile(manifest, "utf8")).replaceAll(/_(test|live)_/g, "_"));
  const github = join(directory, "src/integrations/github");
  await mkdir(join(github, "v1"), { recursive: true });
  await writeFile(join(github, "integration.yaml"), GITHUB(provider.url));
  for (const environment of ["dev", "staging", "prod"]) {
    const where = ["--env", environment, "--yes"];
    await must(["secrets", "set", "github/app_key", ...where, "--from-file", "app.pem"], directory);
    await must(
      ["secrets", "set", "stripe/api_key", ...where, "--force"],
      directory,
      `older-${provider.apiKey}`,
    );
    await must(["secrets", "set", "stripe/api_key", ...where], directory, provider.apiKey);
  }
  await must(["record", "--samples", "10"], directory);
  for (const [name, version] of Object.entries({ old: "1.0.0", new: "1.1.0" })) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, "openapi.yaml"), OPENAPI(version));
  }
  await mkdir(join(directory, "contract"));
  await cp(join(github, "v1/contract/get-user.json"), join(directory, "contract/get-user.json"));
}

const OPENAPI = (version: string) => `openapi: 3.1.0
info: { title: Orders, version: ${version} }
paths:
  /orders:
    get:
      operationId: listOrders
      responses: { "200": { description: All orders } }
`;

type Must = (args: string[], cwd: string, stdin?: string, code?: number) => Promise<Run>;

async function makePlaces(root: string, provider: Sandbox, env: Record<string, string>): Promise<void> {
  const must: Must = async (args, cwd, stdin, code = 0) => {
    const result = await integInProcess(args, { cwd, env, ...(stdin === undefined ? {} : { stdin }) });
    if (result.code === code) return result;
    throw new Error(`integ ${args.join(" ")}: ${result.code}\n${result.stdout}${result.stderr}`);
  };
  const after = async (before: Place, place: Place) => {
    await cp(join(root, before), join(root, place), { recursive: true, verbatimSymlinks: true });
    return join(root, place);
  };
  await furnish(join(root, "empty"), provider.apiKey);
  const configured = await after("empty", "configured");
  await must(["init", "--yes", "--store", "vault", "--ci", "none"], configured);
  await must(["templates", "new", "templates/ours"], configured);
  await fill(await after("configured", "full"), provider, must);
  const drifted = await after("full", "drifted");
  await must(["check", "--reporter", "json=main.json"], drifted);
  for (const part of ["1", "2"])
    await must(["check", "--shard", `${part}/2`, "--reporter", `json=part-${part}.json`], drifted);
  provider.setRelease("v2");
  await must(["check", "--reporter", "json=report.json"], drifted, "", 1);
  provider.setRelease("v1");
  await must(["scaffold", "stripe", "--version", "v2"], await after("full", "two-versions"));
  await must(["versions", "promote", "stripe", "v2"], await after("two-versions", "moved-on"));
}

/** Lines that need no shell: command lines of integ without quotes, of which one at most is given standard input. */
function plainCommands(lines: string, stdin: string | undefined): string[][] | undefined {
  const commands = lines.trim().split("\n");
  const reading = commands.filter((line) => / (secrets (set|import)|run) /.test(line));
  if (stdin !== undefined && reading.length > 1) return undefined;
  if (!commands.every((line) => /^npx integ [\w ./:@%=,-]+$/.test(line))) return undefined;
  return commands.map((line) => line.split(" ").slice(2));
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
    // A generated key: scrypt would cost half a second in each of some hundred processes.
    INTEG_VAULT_PASSPHRASE: generateVaultKey(),
    // Nobody's keyring is touched.
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(root, "no-bus")}`,
  };
  await makePlaces(root, provider, env);
  const settle = async (base: string, place: Place) => {
    // A program of the system copies in a fraction of Node's time.
    const copied = await run("cp", ["-RP", ...["home", place].map((name) => join(root, name)), base], {});
    if (copied.code !== 0) throw new Error(copied.stderr);
    const options = { cwd: join(base, place), env: { ...env, HOME: join(base, "home") } };
    const given = (stdin: string | undefined) => (stdin === undefined ? options : { ...options, stdin });
    const shell = (lines: string, stdin?: string) =>
      run("bash", ["-e", "-o", "pipefail", "-c", lines], { ...given(stdin), timeout: 180_000 });
    const command = (args: readonly string[], stdin?: string) => integInProcess(args, given(stdin));
    return { shell, command };
  };
  /** In a copy that goes away with the world. */
  const visit = async (place: Place) => settle(await mkdtemp(join(root, "visit-")), place);
  const { findings }: { findings: { fingerprint: string }[] } = JSON.parse(
    await readFile(join(root, "drifted/report.json"), "utf8"),
  );
  return {
    provider,
    fingerprint: findings[0]?.fingerprint ?? "",
    enter: async (place) => {
      const { shell, command } = await settle(await temporaryDirectory(), place);
      return async (lines, stdin) => {
        const [first, ...rest] = plainCommands(lines, stdin) ?? [];
        if (!first) return shell(lines, stdin);
        let last = await command(first, stdin);
        for (const args of rest) if (last.code === 0) last = await command(args, stdin);
        return last;
      };
    },
    shell: async (lines, place) => (await visit(place)).shell(lines),
    command: async (line, place) => (await visit(place)).command(line.split(" ").slice(1)),
    close: async () => {
      await provider.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
