import { dryRun, env, failOn } from "./shared-options.ts";
import { type CommandSpec, defineCommand } from "./spec.ts";

const secret = { required: true, help: "`integration/secret`, such as stripe/api_key" } as const;

const set = defineCommand({
  name: "secrets set",
  group: "Secrets",
  summary: "store a secret of an environment",
  description:
    "The value comes from a hidden prompt, from standard input, from a file or from a variable; never from the command line. The value before it can be brought back for 7 days. A value whose form belongs to another environment is refused.",
  args: { secret },
  options: {
    env,
    fromFile: { type: "string", value: "FILE", help: "read the value from a file, - for standard input" },
    fromEnv: { type: "string", value: "NAME", help: "read the value from an environment variable" },
    force: { type: "boolean", help: "store a value that does not match the secret's pattern" },
    dryRun,
  },
  examples: [
    { why: "Asks for the value, hidden", command: "integ secrets set stripe/api_key --env prod" },
    { why: "From another program", command: "pass show stripe | integ secrets set stripe/api_key --env dev" },
    { why: "A key of several lines", command: "integ secrets set github/app_key --from-file app.pem" },
    {
      why: "From a variable of this shell",
      command: "integ secrets set stripe/api_key --from-env STRIPE_KEY",
    },
  ],
  json: true,
  load: () => import("../commands/secrets/set.ts"),
});

const get = defineCommand({
  name: "secrets get",
  group: "Secrets",
  summary: "print a secret for another program",
  description: "Refuses to show the value on a terminal unless --reveal is given.",
  args: { secret },
  options: {
    env,
    reveal: { type: "boolean", help: "show the value on the screen" },
  },
  examples: [
    {
      why: "Hand it to a program that reads standard input",
      command: "integ secrets get stripe/api_key --env dev | docker login -u me --password-stdin",
    },
    { why: "On the screen", command: "integ secrets get stripe/api_key --env dev --reveal" },
    { why: "Of the default environment", command: "integ secrets get stripe/api_key > key.txt" },
  ],
  json: false,
  load: () => import("../commands/secrets/get.ts"),
});

const list = defineCommand({
  name: "secrets list",
  group: "Secrets",
  summary: "secrets of an environment: where from, how old, when due",
  description: "Never shows a value. The fingerprint tells two values of one environment apart.",
  args: { secrets: { variadic: true, help: "stripe, stripe/api_key; none means all" } },
  options: { env },
  examples: [
    { why: "Everything in the default environment", command: "integ secrets list" },
    { why: "One integration in prod", command: "integ secrets list stripe --env prod" },
    { why: "For a script", command: "integ secrets list --env prod --json" },
  ],
  json: true,
  load: () => import("../commands/secrets/list.ts"),
});

const remove = defineCommand({
  name: "secrets remove",
  group: "Secrets",
  summary: "take a secret out of use",
  description:
    "The value is kept for 7 days, in which `integ secrets rollback` brings it back; --purge forgets it at once.",
  args: { secret },
  options: {
    env,
    purge: { type: "boolean", help: "forget the value and its history for good" },
    dryRun,
  },
  examples: [
    { why: "Asks first", command: "integ secrets remove stripe/api_key --env dev" },
    { why: "Without asking", command: "integ secrets remove stripe/api_key --env dev --yes" },
    { why: "For good", command: "integ secrets remove stripe/api_key --env dev --purge --yes" },
  ],
  json: true,
  load: () => import("../commands/secrets/remove.ts"),
});

const rollback = defineCommand({
  name: "secrets rollback",
  group: "Secrets",
  summary: "bring back the value before",
  description:
    "`current` and `previous` change places in one write, so doing it twice changes nothing. A value that was replaced or removed is kept for 7 days.",
  args: { secret },
  options: { env, dryRun },
  examples: [
    { why: "The new key does not work", command: "integ secrets rollback stripe/api_key --env prod" },
    { why: "What would come back", command: "integ secrets rollback stripe/api_key --env prod --dry-run" },
    { why: "Without asking in prod", command: "integ secrets rollback stripe/api_key --env prod --yes" },
  ],
  json: true,
  load: () => import("../commands/secrets/rollback.ts"),
});

const history = defineCommand({
  name: "secrets history",
  group: "Secrets",
  summary: "the versions of a secret: when each came and went",
  description:
    "Never shows a value. Of retired versions only dates and fingerprints are kept, of the last 10.",
  args: { secret },
  options: { env },
  examples: [
    { why: "In the default environment", command: "integ secrets history stripe/api_key" },
    { why: "In prod", command: "integ secrets history stripe/api_key --env prod" },
    { why: "For a script", command: "integ secrets history stripe/api_key --json" },
  ],
  json: true,
  load: () => import("../commands/secrets/history.ts"),
});

const format = {
  type: "string",
  value: "FORMAT",
  choices: ["dotenv", "json"],
  help: "dotenv or json",
} as const;

const importFile = defineCommand({
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
  load: () => import("../commands/secrets/import.ts"),
});

const exportFile = defineCommand({
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
  load: () => import("../commands/secrets/export.ts"),
});

const compare = defineCommand({
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
  load: () => import("../commands/secrets/compare.ts"),
});

const store = { type: "string", value: "STORE" } as const;

const migrate = defineCommand({
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
  load: () => import("../commands/secrets/migrate.ts"),
});

const audit = defineCommand({
  name: "secrets audit",
  group: "Secrets",
  summary: "who did what with secrets, and proof that the log is whole",
  description:
    "Every change, and every time values are handed out (get, run, export), is a line of .integ/audit.jsonl that holds the hash of the line before; where the chain ends is kept outside the repository. --verify exits with 1 when a line was changed, removed or moved.",
  args: {},
  options: {
    env: { ...env, help: "only this environment" },
    verify: { type: "boolean", help: "verify the whole chain", group: "Check" },
    limit: {
      type: "integer",
      value: "COUNT",
      min: 1,
      default: 50,
      help: "the most entries to show",
      group: "Output",
    },
  },
  examples: [
    { why: "The last deeds", command: "integ secrets audit" },
    { why: "Prove that the log is whole", command: "integ secrets audit --verify" },
    { why: "For a script", command: "integ secrets audit --env prod --limit 1000 --json" },
  ],
  json: true,
  load: () => import("../commands/secrets/audit.ts"),
});

const rotate = defineCommand({
  name: "secrets rotate",
  group: "Secrets",
  summary: "replace secrets without ever losing a working one",
  description: [
    "Without a name: what is due in the environment, and rotations that are under way. Shows the plan and asks. A new key is made beside the old one, stored as `pending` before anything else, tested by a live request (the manifest's `rotation.verify`) and compared with what the old one may do; then one write makes it `current`. The old key lives for a grace of 24 hours, in which --abort brings it back, and is then revoked and watched until it is dead.",
    "Every step is written down first: a run that was killed is taken up by the next. A new key that fails its test is taken back, and the old one stays in use.",
  ].join("\n\n"),
  args: { secrets: { variadic: true, help: "stripe, stripe/api_key; none means what is due" } },
  options: {
    env,
    allEnvironments: { type: "boolean", help: "every environment", group: "Target" },
    dueWithin: {
      type: "duration",
      value: "DURATION",
      help: "what falls due within this time counts as due (default 14d)",
      group: "Target",
    },
    grace: {
      type: "duration",
      value: "DURATION",
      help: "how long the old key lives on; 0s for a leaked one (default 24h)",
    },
    endGrace: { type: "boolean", help: "revoke old keys whose grace is not over yet" },
    resume: { type: "boolean", help: "only go on with what is under way" },
    abort: { type: "boolean", help: "undo what is under way: the old value stays or comes back" },
    unverified: { type: "boolean", help: "promote new values without a live test" },
    fromFile: {
      type: "string",
      value: "FILE",
      help: "driver manual: read the new value from a file, - for stdin",
    },
    fromEnv: { type: "string", value: "NAME", help: "driver manual: read the new value from a variable" },
    dryRun,
  },
  examples: [
    { why: "What is due in prod; shows the plan and asks", command: "integ secrets rotate --env prod" },
    { why: "Unattended, every environment", command: "integ secrets rotate --all-environments --yes" },
    {
      why: "A key that leaked: no grace",
      command: "integ secrets rotate stripe/api_key --env prod --grace 0s",
    },
    { why: "Back to the old key", command: "integ secrets rotate stripe/api_key --env prod --abort" },
  ],
  json: true,
  load: () => import("../commands/secrets/rotate/rotate.ts"),
});

const calendar = defineCommand({
  name: "secrets calendar",
  group: "Secrets",
  summary: "when which secret is to be rotated",
  description:
    "From the ledger, of every environment; no store is opened. --ics prints whole-day events with a reminder a week before, whose ids stay the same, so that a calendar program moves them.",
  args: {},
  options: {
    env: { ...env, help: "only this environment" },
    ics: { type: "boolean", help: "print an iCalendar document", group: "Output" },
  },
  examples: [
    { why: "The next rotations", command: "integ secrets calendar" },
    { why: "For a calendar program", command: "integ secrets calendar --ics > rotations.ics" },
    { why: "For a script", command: "integ secrets calendar --env prod --json" },
  ],
  json: true,
  load: () => import("../commands/secrets/calendar.ts"),
});

const keygen = defineCommand({
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
  load: () => import("../commands/secrets/keygen.ts"),
});

const scan = defineCommand({
  name: "secrets scan",
  group: "Secrets",
  summary: "find keys in files, in what is staged, or in the git history",
  description: [
    "Looks for what presets and manifests say that keys look like, for random text assigned to something called like a secret, and for the very values that the project's stores hold. Of a key no more than four characters are shown.",
    "What git ignores is left out. A line that says integ:not-a-secret is passed over; --baseline shows only what is new.",
  ].join("\n\n"),
  args: { paths: { variadic: true, help: "files and directories; none means all" } },
  options: {
    staged: { type: "boolean", help: "what is about to be committed", group: "Target" },
    history: { type: "boolean", help: "every version of every file, of all branches", group: "Target" },
    range: {
      type: "string",
      value: "RANGE",
      help: "commits of the history, such as main..HEAD",
      group: "Target",
    },
    skipStored: {
      type: "boolean",
      help: "open no store, look for no stored values",
      group: "Check",
    },
    baseline: {
      type: "string",
      value: "FILE",
      help: "report of an earlier scan: show only what is new since",
      group: "Check",
    },
    failOn,
    reporter: {
      type: "strings",
      value: "NAME[=FILE]",
      help: "json, sarif, junit, github, gitlab, markdown; repeatable, on stdout without a file",
      group: "Output",
    },
    installHook: {
      type: "boolean",
      help: "write git's pre-commit hook, and do nothing else",
      group: "Output",
    },
  },
  examples: [
    { why: "All files of the repository", command: "integ secrets scan" },
    { why: "Before each commit, from now on", command: "integ secrets scan --install-hook" },
    { why: "Everything that was ever committed", command: "integ secrets scan --history" },
    {
      why: "What a branch adds, for code scanning",
      command: "integ secrets scan --range main..HEAD --reporter sarif=scan.sarif",
    },
  ],
  json: true,
  load: () => import("../commands/secrets/scan/scan.ts"),
});

export const secrets: readonly CommandSpec[] = [
  set,
  get,
  list,
  remove,
  rollback,
  history,
  rotate,
  calendar,
  compare,
  importFile,
  exportFile,
  migrate,
  keygen,
  scan,
  audit,
];
