import { nodeCrypto } from "../platform/builtins.ts";
import { bytesOf, requireHeader, secondsToMs } from "./delivery.ts";
import { anyMatches, decodeDigest, hmac, type WebhookScheme } from "./scheme.ts";

/** DER prefix of an Ed25519 public key (RFC 8410), before its 32 bytes. */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");

function signedAsymmetrically(publicKey: string, signature: Uint8Array, content: Uint8Array): boolean {
  const key = Buffer.from(publicKey, "base64");
  if (key.length !== 32 || signature.length !== 64) return false;
  const der = Buffer.concat([ED25519_SPKI, key]);
  return nodeCrypto().verify(
    undefined,
    content,
    nodeCrypto().createPublicKey({ key: der, format: "der", type: "spki" }),
    signature,
  );
}

/**
 * Standard Webhooks (OpenAI, Anthropic, GitLab's signing tokens and others): `webhook-id`, `webhook-timestamp`,
 * `webhook-signature: v1,<base64> [v1a,<base64>]` over `id.timestamp.body`; secrets `whsec_<base64>`, public keys
 * `whpk_<base64>` (standard-webhooks, spec/standard-webhooks.md).
 */
export const standardScheme: WebhookScheme = {
  name: "standard",
  read: (delivery) => {
    const id = requireHeader(delivery, "webhook-id");
    const timestamp = requireHeader(delivery, "webhook-timestamp");
    const signatures = requireHeader(delivery, "webhook-signature")
      .split(" ")
      .map((text) => text.split(/,(.*)/s));
    const of = (version: string) =>
      signatures.filter(([name]) => name === version).map(([, text = ""]) => decodeDigest(text, "base64"));
    const start = `${id}.${timestamp}.`;
    return {
      id,
      signedAt: secondsToMs(timestamp),
      signedBy: (secret) => {
        const body = bytesOf(delivery);
        if (secret.startsWith("whpk_")) {
          const content = Buffer.concat([Buffer.from(start), body]);
          return of("v1a").some((digest) => signedAsymmetrically(secret.slice(5), digest, content));
        }
        const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
        return anyMatches(of("v1"), hmac("sha256", key, [start, body]));
      },
    };
  },
};
