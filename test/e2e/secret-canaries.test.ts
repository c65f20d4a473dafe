import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { rotatingProject } from "../secrets/rotation/project.ts";
import { integ, run } from "../support/cli.ts";
import { startVault } from "../support/vault-server.ts";

const canary = () => `canary-${randomBytes(12).toString("hex")}`;

/** What has values to handle: every command about secrets, and those that read them on their way. */
const HANDLING = [
  ...commands.filter(({ group }) => group === "Secrets").map(({ name }) => name),
  ...["check", "probe", "record", "diff", "doctor", "catalog"],
];

/** Notes what anybody on the machine can see of every process that this user owns: command lines and environments. */
const SPY = `cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >> "$SPIED" 2>/dev/null`;

const MANIFEST = `auth: { scheme: bearer, secret: api_key }
secrets:
  api_key:
    rotation: { driver: command, command: [sh, rotate.sh] }
endpoints: {}
`;

/** Is asked by whatever sends requests; nobody answers. */
const ASKED = `name: asked
baseUrl: http://127.0.0.1:9
auth: { scheme: bearer, secret: key }
secrets: { key: }
endpoints: { get-it: { request: GET /it } }
`;

/** Makes the second value; reads what it is asked on standard input, as it has to. */
const rotateScript = (next: string) => `${SPY}
read -r asked
case "$asked" in
  *'"create"'*) echo '{"value": "${next}", "id": "2"}' ;;
  *'"revoke"'*) echo '{"revoked": true}' ;;
  *) echo '{"unsupported": true}' ;;
esac
`;

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

test.skipIf(process.platform !== "linux")(
  "values are on no command line and in no environment of a child, and nowhere else, through every command that handles them",
  async () => {
    const [first, second, third, fourth] = [canary(), canary(), canary(), canary()];
    const vault = await startVault();
    onTestFinished(() => vault.close());
    const push = "{ spied: { to: command, environment: dev, secrets: [acme], command: [sh, push.sh] } }";
    const config = `secrets:\n  hashicorpVault: { address: "${vault.url}" }\n  push: ${push}\n`;
    const { cwd, env } = await rotatingProject(
      "http://127.0.0.1:9",
      MANIFEST,
      { "acme/api_key": first, "asked/key": fourth },
      config,
    );
    const spied = join(cwd, "spied");
    await mkdir(join(cwd, "src/integrations/asked"));
    await writeFile(join(cwd, "src/integrations/asked/integration.yaml"), ASKED);
    const configuration = join(cwd, "integ.config.yaml");
    const text = await readFile(configuration, "utf8");
    await writeFile(configuration, text.replace("store: vault }", "store: vault }, other: { store: env }"));
    await writeFile(join(cwd, "rotate.sh"), rotateScript(second));
    await writeFile(join(cwd, "push.sh"), `${SPY}\ncat > /dev/null\n`);
    await writeFile(join(cwd, "show.sh"), 'echo "$ACME_API_KEY"\n');
    await writeFile(join(cwd, "values.json"), JSON.stringify({ "acme/api_key": third }));
    await writeFile(join(cwd, "leaked.txt"), `key = ${second}\n`);
    const shims = join(cwd, "shims");
    await mkdir(shims);
    for (const [name, after] of [
      ["git", `PATH="\${PATH#*:}" exec git "$@"`],
      ["xclip", "cat > /dev/null"],
    ]) {
      await writeFile(join(shims, name ?? ""), `#!/bin/sh\n${SPY}\n${after}\n`);
      await chmod(join(shims, name ?? ""), 0o755);
    }
    await run("git", ["init", "-q", "."], { cwd });
    const all = {
      ...env,
      PATH: `${shims}:${process.env.PATH}`,
      SPIED: spied,
      DISPLAY: ":0",
      VAULT_TOKEN: vault.token,
    };
    const outputs: string[] = [];
    const lines: string[] = [];
    const cli = async (line: string, code: number, stdin = "") => {
      lines.push(line);
      const result = await integ(line.split(" "), { cwd, env: all, stdin });
      expect([line, result.code, result.code === code ? "" : result.stderr + result.stdout]).toEqual([
        line,
        code,
        "",
      ]);
      outputs.push(result.stdout, result.stderr);
    };
    await cli("secrets rotate acme --unverified --grace 0s --yes --verbose", 0);
    await cli("secrets push --force --yes --json --verbose", 0);
    await cli("secrets get acme/api_key --clipboard --clear-after 0s --verbose", 0);
    await cli("run --env dev --verbose -- sh show.sh", 0);
    await cli("secrets export --env dev --output .env --dry-run --verbose", 0);
    await cli("secrets import values.json --dry-run --verbose", 0);
    await cli("secrets compare dev other --verbose", 0);
    await cli("check --json --verbose", 1);
    await cli("probe --samples 1 --verbose", 3);
    await cli("record --verbose", 3);
    await cli("diff --verbose", 3);
    await cli("doctor --verbose", 3);
    await cli("catalog --verbose", 0);
    await cli("secrets scan --json --verbose", 1);
    await cli("secrets scan --history --verbose", 0);
    await cli("secrets migrate --env dev --to hashicorp-vault --delete-source --yes --verbose", 0);
    await cli("secrets list --env dev --json --verbose", 0);
    await cli("secrets history acme/api_key --verbose", 0);
    await cli("secrets audit --json", 0);
    await cli("secrets audit --format markdown --verify", 0);
    await cli("secrets calendar --ics", 0);
    await cli("secrets keygen spare.key --verbose", 0);
    await cli("secrets set acme/api_key --verbose", 0, third);
    await cli("secrets rollback acme/api_key --yes --verbose", 0);
    await cli("secrets remove acme/api_key --yes --verbose", 0);
    await cli("secrets rollback acme/api_key --yes --verbose", 0);
    expect(HANDLING.filter((name) => !lines.some((line) => `${line} `.startsWith(`${name} `)))).toEqual([]);
    const seen = await readFile(spied, "latin1");
    // The spy saw: integ itself with its arguments, and what belongs into an environment.
    expect(seen).toContain("--unverified");
    expect(seen).toContain("SPIED=");
    outputs.push(seen);
    const plain = ["leaked.txt", "rotate.sh", "values.json"].map((name) => join(cwd, name));
    for (const file of await filesBelow(cwd)) {
      if (!plain.includes(file)) outputs.push(`${file}\n${await readFile(file, "latin1")}`);
    }
    const forms = [first, second, third, fourth].flatMap((value) => [
      value,
      Buffer.from(value).toString("base64").slice(0, 30),
    ]);
    expect(outputs.filter((text) => forms.some((form) => text.includes(form)))).toEqual([]);
    const got = await integ(["secrets", "get", "acme/api_key"], { cwd, env: all });
    expect(got.stdout.trim()).toBe(second);
  },
);
