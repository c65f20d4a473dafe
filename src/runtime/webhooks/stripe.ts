import { bytesOf, type Delivery, requireHeader, secondsToMs, WebhookError } from "./delivery.ts";
import { anyMatches, decodeDigest, hmac, type WebhookScheme } from "./scheme.ts";

/**
 * Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=…]`, HMAC-SHA256 of `t.body` with the whole `whsec_…` text as the
 * key (stripe-node, src/Webhooks.ts). Several `v1` stand there while the endpoint's secret is rolled.
 */
export const stripeScheme: WebhookScheme = {
  name: "stripe",
  read: (delivery: Delivery) => {
    const fields = requireHeader(delivery, "stripe-signature")
      .split(",")
      .map((field) => field.trim().split(/=(.*)/s));
    const timestamp = fields.find(([name]) => name === "t")?.[1];
    const digests = fields
      .filter(([name]) => name === "v1")
      .map(([, text = ""]) => decodeDigest(text, "hex"));
    if (timestamp === undefined || digests.length === 0) {
      throw new WebhookError("malformed_signature", "Stripe-Signature holds no t= or no v1=");
    }
    return {
      signedAt: secondsToMs(timestamp),
      signedBy: (secret) => anyMatches(digests, hmac("sha256", secret, [`${timestamp}.`, bytesOf(delivery)])),
    };
  },
};
