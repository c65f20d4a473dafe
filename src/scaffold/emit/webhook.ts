import { compareText } from "../../base/finding.ts";
import { quote } from "./literal.ts";

/** Schemes that the runtime has by name: scheme → the export that is it. A test keeps this list true. */
export const WEBHOOK_SCHEMES: Readonly<Record<string, string>> = {
  github: "githubScheme",
  hubspot: "hubspotScheme",
  intercom: "intercomScheme",
  jira: "jiraScheme",
  mailgun: "mailgunScheme",
  notion: "notionScheme",
  sendgrid: "sendgridScheme",
  shopify: "shopifyScheme",
  slack: "slackScheme",
  standard: "standardScheme",
  stripe: "stripeScheme",
  twilio: "twilioScheme",
  zendesk: "zendeskScheme",
};

const FROM_RUNTIME = ["createWebhookReceiver", "createWebhookVerifier"];

function emitImport(names: readonly string[]): string {
  // In the order in which formatters sort imports: whatever the case.
  const sorted = [...names, "ReceiverOptions"].sort((a, b) => compareText(a.toLowerCase(), b.toLowerCase()));
  const lines = sorted.map((name) => (name === "ReceiverOptions" ? `  type ${name},` : `  ${name},`));
  return ["import {", ...lines, '} from "integ/runtime";'].join("\n");
}

/** The head of webhook.ts: its imports, and how the provider signs. */
export function emitWebhookScheme(scheme: string, display: string): string {
  const known = WEBHOOK_SCHEMES[scheme];
  if (known !== undefined) {
    return `${emitImport([...FROM_RUNTIME, known])}\n\nconst scheme = ${known};`;
  }
  return [
    emitImport([...FROM_RUNTIME, "hmacScheme"]),
    "",
    `/** How ${display} signs: set what its documentation says. */`,
    "const scheme = hmacScheme({",
    '  header: "X-Signature",',
    "});",
  ].join("\n");
}

export function emitWebhookSecret(variable: string): string {
  return `  secret: ${quote(variable)},`;
}

/** A made-up secret for the test of webhook.ts. */
export function emitWebhookTestSecret(variable: string): string {
  return `  process.env.${variable} = "offline";`;
}
