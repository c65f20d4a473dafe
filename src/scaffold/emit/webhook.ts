import { camelCase, pascalCase } from "../names.ts";
import type { ModuleSpec } from "../spec.ts";
import { emitImport } from "./layout.ts";
import { commentText, quote } from "./literal.ts";

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

const importOf = (names: readonly string[]) => emitImport("integ/runtime", names, ["ReceiverOptions"]);

function emitVerifier(scheme: string, variable: string): string {
  return [
    "const verify = createWebhookVerifier({",
    scheme === "scheme" ? "  scheme," : `  scheme: ${scheme},`,
    `  secret: ${quote(variable)},`,
    "});",
  ].join("\n");
}

/** Signed by a scheme that integ does not know of the provider: a person has to say it. */
function emitUnknown(display: string, variable: string): string {
  return [
    importOf(["createWebhookReceiver", "createWebhookVerifier", "hmacScheme"]),
    "",
    `/** How ${display} signs: set what its documentation says. */`,
    "const scheme = hmacScheme({",
    '  header: "X-Signature",',
    "});",
    "",
    emitVerifier("scheme", variable),
  ].join("\n");
}

/** Signed with keys of the provider's own, which an operation of the client gives by their id. */
function emitPlaid(spec: ModuleSpec, keys: string): string {
  const client = `${pascalCase(spec.name)}${spec.version.toUpperCase()}`;
  return [
    importOf(["createPlaidVerifier", "createWebhookReceiver", "InvalidRequestError"]),
    `import { ${client} } from "./client.ts";`,
    "",
    `const client = new ${client}();`,
    "",
    "/** The key of an id; undefined for an id that somebody made up. */",
    "async function fetchKey(keyId: string) {",
    "  try {",
    `    const { key } = await client.${camelCase(keys)}({ key_id: keyId });`,
    "    return key;",
    "  } catch (error) {",
    "    if (error instanceof InvalidRequestError) return undefined;",
    "    throw error;",
    "  }",
    "}",
    "",
    "const verify = createPlaidVerifier({ fetchKey });",
  ].join("\n");
}

/** The head of webhook.ts: its imports, and how deliveries are verified. */
export function emitWebhook(spec: ModuleSpec): string {
  const { webhook } = spec;
  if (!webhook) return "";
  if ("keys" in webhook) return emitPlaid(spec, webhook.keys);
  const known = WEBHOOK_SCHEMES[webhook.scheme];
  if (known === undefined) return emitUnknown(commentText(spec.displayName), webhook.env);
  const names = ["createWebhookReceiver", "createWebhookVerifier", known];
  return `${importOf(names)}\n\n${emitVerifier(known, webhook.env)}`;
}

/** A made-up secret for the test of webhook.ts. */
export function emitWebhookTestSecret({ webhook }: ModuleSpec): string {
  return webhook && "env" in webhook ? `  process.env.${webhook.env} = "offline";` : "";
}
