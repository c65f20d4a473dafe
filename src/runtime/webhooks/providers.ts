import { nodeCrypto } from "../platform/builtins.ts";
import { bytesOf, headerOf, requireHeader, secondsToMs, textOf, WebhookError } from "./delivery.ts";
import { knownHmacScheme } from "./hmac.ts";
import { anyMatches, decodeDigest, hmac, sameBytes, type WebhookScheme } from "./scheme.ts";

/** GitHub: `X-Hub-Signature-256: sha256=<hex>`; no time, so tell repeats apart by `X-GitHub-Delivery`. */
export const githubScheme: WebhookScheme = knownHmacScheme({
  header: "X-Hub-Signature-256",
  prefix: "sha256=",
  idHeader: "X-GitHub-Delivery",
});

/** Shopify: base64 in `X-Shopify-Hmac-Sha256` (shopify-app-js, lib/utils/hmac-validator.ts). */
export const shopifyScheme: WebhookScheme = knownHmacScheme({
  header: "X-Shopify-Hmac-Sha256",
  encoding: "base64",
  idHeader: "X-Shopify-Webhook-Id",
});

/** Intercom: `X-Hub-Signature: sha1=<hex>`, the key being the app's client secret. */
export const intercomScheme: WebhookScheme = knownHmacScheme({
  header: "X-Hub-Signature",
  algorithm: "sha1",
  prefix: "sha1=",
});

/** Jira: `X-Hub-Signature: sha256=<hex>`; `X-Atlassian-Webhook-Identifier` stays the same over repeats. */
export const jiraScheme: WebhookScheme = knownHmacScheme({
  header: "X-Hub-Signature",
  prefix: "sha256=",
  idHeader: "X-Atlassian-Webhook-Identifier",
});

/** Notion: `X-Notion-Signature: sha256=<hex>`, the key being the token of the subscription's handshake. */
export const notionScheme: WebhookScheme = knownHmacScheme({
  header: "X-Notion-Signature",
  prefix: "sha256=",
});

/** Slack: `v0=<hex>` over `v0:time:body` (bolt-js, src/receivers/verify-request.ts). */
export const slackScheme: WebhookScheme = {
  name: "slack",
  read: (delivery) => {
    const timestamp = requireHeader(delivery, "x-slack-request-timestamp");
    const given = requireHeader(delivery, "x-slack-signature");
    const digest = given.startsWith("v0=") ? decodeDigest(given.slice(3), "hex") : new Uint8Array();
    return {
      signedAt: secondsToMs(timestamp),
      signedBy: (secret) =>
        anyMatches([digest], hmac("sha256", secret, [`v0:${timestamp}:`, bytesOf(delivery)])),
    };
  },
};

/** Zendesk: base64 over time and body; the time is an ISO date, signed as it is written. */
export const zendeskScheme: WebhookScheme = {
  name: "zendesk",
  read: (delivery) => {
    const timestamp = requireHeader(delivery, "x-zendesk-webhook-signature-timestamp");
    const digest = decodeDigest(requireHeader(delivery, "x-zendesk-webhook-signature"), "base64");
    const signedAt = Date.parse(timestamp);
    if (Number.isNaN(signedAt)) throw new WebhookError("malformed_signature", "the timestamp is not a date");
    return {
      signedAt,
      signedBy: (secret) => anyMatches([digest], hmac("sha256", secret, [timestamp, bytesOf(delivery)])),
    };
  },
};

/** HubSpot v3: base64 over method, URL, body and time in milliseconds (hubspot-api-nodejs, src/utils/signature.ts). */
export const hubspotScheme: WebhookScheme = {
  name: "hubspot",
  read: (delivery) => {
    const timestamp = requireHeader(delivery, "x-hubspot-request-timestamp");
    const digest = decodeDigest(requireHeader(delivery, "x-hubspot-signature-v3"), "base64");
    if (!/^\d{1,15}$/.test(timestamp)) {
      throw new WebhookError("malformed_signature", "the timestamp is not a number");
    }
    const start = `${delivery.method ?? "POST"}${delivery.url ?? ""}`;
    return {
      signedAt: Number(timestamp),
      signedBy: (secret) =>
        anyMatches([digest], hmac("sha256", secret, [start, bytesOf(delivery), timestamp])),
    };
  },
};

/**
 * HubSpot v1 and v2: a plain hash of the secret with the body, or with method, URL and body (hubspot-api-nodejs,
 * src/utils/signature.ts). It tells no time, and is weaker than an HMAC: only for what HubSpot signs in no other way.
 */
export const hubspotLegacyScheme: WebhookScheme = {
  name: "hubspot-legacy",
  read: (delivery) => {
    const digest = decodeDigest(requireHeader(delivery, "x-hubspot-signature"), "hex");
    const version = headerOf(delivery, "x-hubspot-signature-version") ?? "v1";
    if (version !== "v1" && version !== "v2") {
      throw new WebhookError("malformed_signature", "the version of the signature is neither v1 nor v2");
    }
    const start = version === "v2" ? `${delivery.method ?? "POST"}${delivery.url ?? ""}` : "";
    return {
      signedBy: (secret) => {
        const hash = nodeCrypto().createHash("sha256").update(`${secret}${start}`).update(bytesOf(delivery));
        return anyMatches([digest], hash.digest());
      },
    };
  },
};

/** With and without the port: proxies add and drop it, and Twilio signs what it dialled. */
function urlVariants(url: string): string[] {
  if (!URL.canParse(url)) return [url];
  const { protocol, port, hostname } = new URL(url);
  const standard = protocol === "https:" ? "443" : "80";
  const withPort = url.replace(/^([a-z]+:\/\/[^/?#:]+)(?=[/?#]|$)/i, `$1:${standard}`);
  return port === "" ? [url, withPort] : [url, url.replace(`${hostname}:${port}`, hostname)];
}

function formText(body: string): string {
  return [...new URLSearchParams(body)]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => name + value)
    .join("");
}

/**
 * Twilio: base64 HMAC-SHA1 over URL and sorted form fields; of a JSON body the URL carries the SHA-256 as `bodySHA256`
 * (twilio-node, src/webhooks/webhooks.ts). Needs the public URL, as Twilio called it. No time: no protection against
 * replay.
 */
export const twilioScheme: WebhookScheme = {
  name: "twilio",
  read: (delivery) => {
    const digest = decodeDigest(requireHeader(delivery, "x-twilio-signature"), "base64");
    const url = delivery.url ?? "";
    const claimed = URL.canParse(url) ? new URL(url).searchParams.get("bodySHA256") : null;
    const bodyFits =
      claimed === null ||
      sameBytes(
        decodeDigest(claimed, "hex"),
        nodeCrypto().createHash("sha256").update(bytesOf(delivery)).digest(),
      );
    const fields = claimed === null ? formText(textOf(delivery)) : "";
    return {
      signedBy: (secret) =>
        urlVariants(url).some((variant) => anyMatches([digest], hmac("sha1", secret, [variant, fields]))) &&
        bodyFits,
    };
  },
};

/** SendGrid: ECDSA P-256 over time and body; the "secret" is the public key that SendGrid shows. */
export const sendgridScheme: WebhookScheme = {
  name: "sendgrid",
  read: (delivery) => {
    const timestamp = requireHeader(delivery, "x-twilio-email-event-webhook-timestamp");
    const signature = decodeDigest(
      requireHeader(delivery, "x-twilio-email-event-webhook-signature"),
      "base64",
    );
    return {
      signedAt: secondsToMs(timestamp),
      signedBy: (publicKey) => {
        const key = nodeCrypto().createPublicKey({
          key: Buffer.from(publicKey, "base64"),
          format: "der",
          type: "spki",
        });
        return nodeCrypto().verify(
          "sha256",
          Buffer.concat([Buffer.from(timestamp), bytesOf(delivery)]),
          key,
          signature,
        );
      },
    };
  },
};

function mailgunFields(body: string): { timestamp: string; token: string; signature: string } {
  try {
    const { signature } = JSON.parse(body);
    const { timestamp, token, signature: digest } = signature;
    if ([timestamp, token, digest].every((part) => typeof part === "string")) {
      return { timestamp, token, signature: digest };
    }
  } catch {
    // Said below, in one way for all that is wrong with it.
  }
  throw new WebhookError("malformed_signature", "the body holds no signature of Mailgun");
}

/**
 * Mailgun: time, token and signature stand in the body. Only these are signed, not the event itself; the token is the
 * id by which repeats are told apart.
 */
export const mailgunScheme: WebhookScheme = {
  name: "mailgun",
  read: (delivery) => {
    const { timestamp, token, signature } = mailgunFields(textOf(delivery));
    return {
      id: token,
      signedAt: secondsToMs(timestamp),
      signedBy: (secret) =>
        anyMatches([decodeDigest(signature, "hex")], hmac("sha256", secret, [timestamp, token])),
    };
  },
};
