import { dryRun, env } from "../shared-options.ts";
import { defineCommand } from "../spec.ts";

const format = {
  type: "string",
  value: "FORMAT",
  choices: ["dotenv", "json"],
  help: "dotenv or json",
} as const;

export const importFile = defineCommand({
  name: "secrets import",
  group: "Secrets",
  summary: "store the secrets of a .env or JSON file",
  description:
    "Names are those of the manifests' variables, or `integration/secret`. Shows what would be added and changed, asks, and stores all in one write. Names that no manifest declares are left out and listed.",
  args: { file: { required: true, help: "a .env or JSON file, - for standard input" } },
  options: {
    env,
    format: { ...format, help: "dotenv or json (default: by the content)" },
    force: { type: "boolean", help: "store values that do not match their secret's pattern" },
    dryRun,
  },
  examples: [
    { why: "Shows the changes and asks", command: "integ secrets import .env --env dev" },
    { why: "Only shows", command: "integ secrets import .env --env dev --dry-run" },
    {
      why: "From another tool",
      command: "vault kv get -format=json x | jq .data.data | integ secrets import - --yes",
    },
  ],
  json: true,
  load: () => import("../../commands/secrets/import.ts"),
});

export const exportFile = defineCommand({
  name: "secrets export",
  group: "Secrets",
  summary: "write the secrets of an environment as .env or JSON",
  description:
    "To standard output for another program, or into a file that only you can read; lines of the file that are not the project's stay. `integ run` needs no file at all.",
  args: {},
  options: {
    env,
    format: { ...format, default: "dotenv" },
    output: { type: "string", short: "o", value: "FILE", help: "file to write or update" },
    reveal: { type: "boolean", help: "show the values on the screen" },
    dryRun,
  },
  examples: [
    { why: "Into a file", command: "integ secrets export --env dev --output .env" },
    { why: "What would change in it", command: "integ secrets export --env dev --output .env --dry-run" },
    { why: "To another program", command: "integ secrets export --env dev --format json | jq keys" },
  ],
  json: true,
  load: () => import("../../commands/secrets/export.ts"),
});

export const compare = defineCommand({
  name: "secrets compare",
  group: "Secrets",
  summary: "which secrets are missing where, and which environments share a value",
  description: "Never shows a value. A value that two environments share usually is a mistake.",
  args: { environments: { variadic: true, help: "environments to compare; none means all" } },
  options: {},
  examples: [
    { why: "All environments", command: "integ secrets compare" },
    { why: "Two of them", command: "integ secrets compare dev prod --yes" },
    { why: "For a script", command: "integ secrets compare --json --yes" },
  ],
  json: true,
  load: () => import("../../commands/secrets/compare.ts"),
});

const store = { type: "string", value: "STORE" } as const;

export const migrate = defineCommand({
  name: "secrets migrate",
  group: "Secrets",
  summary: "move an environment's secrets to another store",
  description:
    "Copies everything with its history, reads it back, then sets `store:` in integ.config.yaml. What lies in the old store stays unless --delete-source is given. After an interruption the same command goes on.",
  args: {},
  options: {
    env,
    from: {
      ...store,
      choices: ["keychain", "vault", "env", "hashicorp-vault", "aws-secrets-manager"],
      help: "where they are (default: as configured)",
    },
    to: {
      ...store,
      choices: ["keychain", "vault", "hashicorp-vault", "aws-secrets-manager"],
      default: "vault",
      help: "where they go",
    },
    deleteSource: { type: "boolean", help: "then remove them from the old store" },
    dryRun,
  },
  examples: [
    {
      why: "From the keychain into an encrypted file",
      command: "integ secrets migrate --env dev --to vault",
    },
    {
      why: "And out of the old store",
      command: "integ secrets migrate --env dev --to keychain --delete-source --yes",
    },
    { why: "What it would do", command: "integ secrets migrate --env dev --to vault --dry-run" },
  ],
  json: true,
  load: () => import("../../commands/secrets/migrate.ts"),
});

export const keygen = defineCommand({
  name: "secrets keygen",
  group: "Secrets",
  summary: "make a key file for a vault that nobody types a passphrase for",
  description:
    "256 random bits, readable by you alone. A vault whose first secret is set while INTEG_VAULT_KEY_FILE names the file opens at once, where a passphrase costs half a second by design. An existing file is never replaced.",
  args: { file: { required: true, help: "where to write the key; outside the repository" } },
  options: {},
  examples: [
    { why: "For a server or a container", command: "integ secrets keygen ~/.config/integ/vault.key" },
    {
      why: "And use it",
      command:
        "integ secrets keygen ./vault.key && INTEG_VAULT_KEY_FILE=./vault.key integ secrets list --env dev",
    },
    { why: "For a script", command: "integ secrets keygen vault.key --json" },
  ],
  json: true,
  load: () => import("../../commands/secrets/keygen.ts"),
});
