/* integ:value webhook */
import { createWebhookVerifier, hmacScheme } from "integ/runtime";

/** How __Display__ signs: set what its documentation says. */
const scheme = hmacScheme({
  header: "X-Signature",
});
/* integ:end */

/**
 * Checks a delivery of __Display__'s webhook and gives its id and payload; throws
 * a `WebhookError` for one that must not be believed: answer it with 400. Hand in
 * the raw body, not the parsed one: only the bytes that came were signed.
 */
export const verify__Provider__Webhook = createWebhookVerifier({
  scheme,
  /* integ:value webhookSecret */
  secret: "EXAMPLE_WEBHOOK_SECRET",
  /* integ:end */
});
