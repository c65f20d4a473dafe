import { createHmac, randomUUID } from "node:crypto";
import type { Message } from "../message.ts";
import { titleOf } from "../message.ts";
import { type Channel, notTold, type SendDeps, send } from "./channel.ts";

/** standardwebhooks.com: keys of 24 to 64 bytes. */
const LEAST_KEY_BYTES = 24;

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (key.length >= LEAST_KEY_BYTES) return key;
  throw notTold(
    "The webhook",
    "its secret is no key",
    "a key is `whsec_` and base64 of 24 bytes or more: openssl rand -base64 32",
  );
}

/** What is posted: the findings as in the JSON report. */
export function webhookBody(message: Message): string {
  const { project, environment, at, link, changes } = message;
  return JSON.stringify({
    type: "integ.check",
    timestamp: at,
    data: {
      title: titleOf(message),
      project,
      environment,
      ...(link === undefined ? {} : { link }),
      appeared: changes.appeared,
      gone: changes.gone,
    },
  });
}

/**
 * Anybody's webhook, signed as the Standard Webhooks specification says: HMAC-SHA256 over id, time and body; the id stays the
 * same when a message is sent again.
 */
export function webhookChannel({ url, secret }: { url: string; secret: string }, deps: SendDeps): Channel {
  return {
    name: "webhook",
    tell: async (message) => {
      const body = webhookBody(message);
      const id = `msg_${randomUUID()}`;
      const timestamp = String(Math.floor(deps.clock.now() / 1000));
      const signature = createHmac("sha256", keyOf(secret))
        .update(`${id}.${timestamp}.${body}`)
        .digest("base64");
      const headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signature}`,
      };
      const { status } = await send("The webhook", { method: "POST", url, headers, body }, deps);
      if (status < 200 || status >= 300) throw notTold("The webhook", `it answered ${status}`);
      return undefined;
    },
  };
}
