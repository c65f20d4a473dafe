import { quote } from "./literal.ts";

/** Schemes that the runtime has by name: scheme → the export that is it. */
const BUILT_IN: Readonly<Record<string, string>> = { stripe: "stripeScheme" };

/** The head of webhook.ts: its imports, and how the provider signs. */
export function emitWebhookScheme(scheme: string, display: string): string {
  const known = BUILT_IN[scheme];
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
