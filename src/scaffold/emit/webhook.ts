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

/** The head of webhook.ts: its imports, and how the provider signs. */
export function emitWebhookScheme(scheme: string, display: string): string {
  const known = WEBHOOK_SCHEMES[scheme];
  if (known !== undefined) {
    return [
      `import { createWebhookVerifier, ${known} } from "integ/runtime";`,
      "",
      `const scheme = ${known};`,
    ].join("\n");
  }
  return [
    'import { createWebhookVerifier, hmacScheme } from "integ/runtime";',
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
