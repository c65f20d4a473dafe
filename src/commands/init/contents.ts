import { stringify } from "yaml";
import { CATALOG_BEGIN, CATALOG_END } from "../../config/catalog.ts";
import type { Alarms, Answers, Channel } from "./answers.ts";

const scalar = (text: string): string => stringify(text, { lineWidth: 0 }).trimEnd();

const PRODUCTION = /^(prod|production|live)$/i;

function environments(names: readonly string[]): string {
  return names
    .map((name) =>
      PRODUCTION.test(name)
        ? `  ${scalar(name)}:\n    protected: true # reads and changes ask first`
        : `  ${scalar(name)}:`,
    )
    .join("\n");
}

/** Where each channel is to be found, by the names of variables: addresses that are credentials stand in no file. */
const CHANNELS: Readonly<Record<Channel, string>> = {
  slack: "slack: { url: SLACK_WEBHOOK_URL } # an incoming webhook",
  webhook: "webhook: { url: ALERTS_URL, secret: ALERTS_KEY } # signed as Standard Webhooks",
  email: "email: { smtp: SMTP_URL, from: integ@example.com, to: [team@example.com] } # yours in their place",
};

function notify({ channels }: Alarms): string {
  if (channels.length === 0) return "";
  const lines = channels.map((name) => `  ${CHANNELS[name]}\n`).join("");
  return `
# Whom \`integ check --notify\` tells of what is new or gone. Capital letters name variables.
notify:
${lines}`;
}

/** integ.config.yaml: small, and every line of it says what it is for. */
export function configContent({ project, environments: names, store, directory, alarms }: Answers): string {
  const [first = "dev"] = names;
  return `# yaml-language-server: $schema=node_modules/integ/schema/integ.config.schema.json
# What integ knows of this project. An editor with YAML support shows every key there is.

# Names the project in keychains: keep it.
project: ${scalar(project)}
integrations: ${scalar(directory)}

# Each has its own base URLs and its own secrets.
environments:
${environments(names)}
defaultEnvironment: ${scalar(first)}

secrets:
  store: ${store} # keychain, vault (an encrypted file), env (variables only), hashicorp-vault or aws-secrets-manager

# Share of every rate limit that integ never touches.
quota:
  reserve: 20%
${notify(alarms)}`;
}

export const IGNORED = ".integ/";
const COVERS = /^\/?(\*\*\/)?\.integ\/?$/;

/** .gitignore with what is missing; `undefined` where nothing is. Line ends stay what they are. */
export function ignoreContent(before: string | undefined): string | undefined {
  const lines = (before ?? "").split(/\r?\n/).map((line) => line.trim());
  if (lines.some((line) => COVERS.test(line))) return undefined;
  const end = before?.includes("\r\n") ? "\r\n" : "\n";
  const start = before === undefined || before === "" || /\n$/.test(before) ? "" : end;
  return `${before ?? ""}${start}# Local state of integ: history, rotation journal${end}${IGNORED}${end}`;
}

/** INTEGRATIONS.md before there is anything to list. */
export function catalogContent(): string {
  return `# Integrations

The third-party APIs that this project depends on.

${CATALOG_BEGIN}
No integrations yet: add one with \`integ scaffold <name>\`.
${CATALOG_END}
`;
}
