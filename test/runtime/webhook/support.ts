import { createHmac, randomBytes } from "node:crypto";
import {
  createWebhookReceiver,
  createWebhookVerifier,
  type Delivery,
  type ReceiverOptions,
  stripeScheme,
  type WebhookReport,
} from "../../../src/runtime/index.ts";

const secret = ["whsec", randomBytes(8).toString("hex")].join("_");

/** A delivery as Stripe signs it. */
export function signed(body: string, at = Date.now()): Delivery & { headers: Record<string, string> } {
  const time = Math.floor(at / 1000);
  const digest = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return {
    headers: { "stripe-signature": `t=${time},v1=${digest}`, "content-type": "application/json" },
    body,
  };
}

export const event = (id: string) => JSON.stringify({ id, type: "payment_intent.succeeded" });

export const verify = createWebhookVerifier({ scheme: stripeScheme, secret: "HOOK", env: { HOOK: secret } });

/** A receiver whose effect is to note the event's id. */
export function counting(options: Partial<ReceiverOptions<unknown>> = {}) {
  const effects: string[] = [];
  const reports: WebhookReport[] = [];
  const receiver = createWebhookReceiver({
    verify,
    handle: ({ id }) => void effects.push(id),
    onDelivery: (report) => reports.push(report),
    ...options,
  });
  return { receiver, effects, reports };
}
