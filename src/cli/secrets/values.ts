import { dryRun, env } from "../shared-options.ts";
import { defineCommand } from "../spec.ts";

const secret = { required: true, help: "`integration/secret`, such as stripe/api_key" } as const;

export const set = defineCommand({
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
  load: () => import("../../commands/secrets/set.ts"),
});

export const get = defineCommand({
  name: "secrets get",
  group: "Secrets",
  summary: "print a secret for another program",
  description:
    "Refuses to show the value on a terminal unless --reveal is given. With --json the document holds the value, and where it comes from. --clipboard copies it (wl-copy, xclip, xsel, pbcopy, clip.exe) and removes it after a while unless something else was copied since.",
  args: { secret },
  options: {
    env,
    reveal: { type: "boolean", help: "show the value on the screen" },
    clipboard: { type: "boolean", help: "copy it to the clipboard, and print nothing" },
    clearAfter: {
      type: "duration",
      value: "DURATION",
      help: "how long it stays on the clipboard; 0s for ever (default 45s)",
    },
  },
  examples: [
    {
      why: "Hand it to a program that reads standard input",
      command: "integ secrets get stripe/api_key --env dev | docker login -u me --password-stdin",
    },
    { why: "On the screen", command: "integ secrets get stripe/api_key --env dev --reveal" },
    { why: "Of the default environment", command: "integ secrets get stripe/api_key > key.txt" },
    { why: "To paste it somewhere", command: "integ secrets get stripe/api_key --env dev --clipboard" },
  ],
  json: true,
  load: () => import("../../commands/secrets/get.ts"),
});

export const list = defineCommand({
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
  load: () => import("../../commands/secrets/list.ts"),
});

export const remove = defineCommand({
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
  load: () => import("../../commands/secrets/remove.ts"),
});

export const rollback = defineCommand({
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
  load: () => import("../../commands/secrets/rollback.ts"),
});

export const history = defineCommand({
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
  load: () => import("../../commands/secrets/history.ts"),
});
