import type { KeyObject } from "node:crypto";
import { nodeCrypto } from "../platform/builtins.ts";
import { duration, requireNumbers } from "../platform/numbers.ts";
import { callable, requireValues } from "../platform/values.ts";
import {
  bytesOf,
  checkDelivery,
  type Delivery,
  requireHeader,
  textOf,
  type VerifiedDelivery,
  WebhookError,
} from "./delivery.ts";
import { decodeDigest, sameBytes } from "./scheme.ts";
import { checkTime, idOf, parsePayload } from "./verifier.ts";

/** A key as Plaid gives it: a JWK, and when it stopped being one. Written out, since Node's types name it differently by version. */
export interface PlaidKey {
  kty?: string;
  crv?: string;
  x?: string;
  y?: string;
  /** Epoch seconds; null while it is in use. */
  expired_at?: number | null;
}

export interface PlaidVerifierOptions {
  /**
   * Asks Plaid for a key (`POST /webhook_verification_key/get`) and gives the `key` of its answer, or `undefined` where
   * it knows none. Asked once for each id, and again after ten minutes: an expired key is not believed.
   */
  fetchKey: (keyId: string) => Promise<PlaidKey | undefined>;
  /** Milliseconds that the token's time may lie in the past or in the future. Default 5 min. */
  toleranceMs?: number;
  /** Epoch milliseconds. Default `Date.now`. */
  now?: () => number;
}

const KEPT_MS = 600_000;
const MAX_KEYS = 100;

const malformed = () =>
  new WebhookError("malformed_signature", "Plaid-Verification is not a token of Plaid's");

function jsonPart(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text ?? "", "base64url").toString());
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Said below.
  }
  throw malformed();
}

/**
 * Plaid: `Plaid-Verification` is a JWT (ES256, nothing else) whose `request_body_sha256` is of the raw body; the key is
 * fetched by the token's `kid` (plaid-openapi, webhook verification).
 * @throws RangeError where `toleranceMs` is no time
 */
export function createPlaidVerifier(
  options: PlaidVerifierOptions,
): (delivery: Delivery) => Promise<VerifiedDelivery> {
  requireValues("Plaid's verifier", options, { fetchKey: callable });
  requireNumbers("Plaid's verifier", options, { toleranceMs: duration });
  const { fetchKey, toleranceMs = 300_000, now = Date.now } = options;
  const keys = new Map<string, { key: KeyObject | undefined; at: number }>();

  const keyOf = async (id: string): Promise<KeyObject | undefined> => {
    const kept = keys.get(id);
    if (kept !== undefined && now() - kept.at < KEPT_MS) return kept.key;
    const jwk = await fetchKey(id);
    const alive = jwk !== undefined && (jwk.expired_at == null || jwk.expired_at * 1000 > now());
    const key = alive ? nodeCrypto().createPublicKey({ key: { ...jwk }, format: "jwk" }) : undefined;
    // A stranger who makes up ids must not fill the memory.
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(id, { key, at: now() });
    return key;
  };

  return async (delivery) => {
    checkDelivery(delivery);
    const token = requireHeader(delivery, "plaid-verification");
    const [head, claims, signature, ...more] = token.split(".");
    const { alg, kid } = jsonPart(head);
    if (alg !== "ES256" || typeof kid !== "string" || signature === undefined || more.length > 0)
      throw malformed();
    const key = await keyOf(kid);
    const signed = Buffer.from(`${head}.${claims}`);
    const bytes = Buffer.from(signature, "base64url");
    if (
      key === undefined ||
      !nodeCrypto().verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, bytes)
    ) {
      throw new WebhookError("wrong_signature", "no living key of Plaid's made this signature");
    }
    const { iat, request_body_sha256: sha256 } = jsonPart(claims);
    if (typeof iat !== "number" || typeof sha256 !== "string") throw malformed();
    if (
      !sameBytes(
        decodeDigest(sha256, "hex"),
        nodeCrypto().createHash("sha256").update(bytesOf(delivery)).digest(),
      )
    ) {
      throw new WebhookError("wrong_signature", "the token was made for another body");
    }
    checkTime(iat * 1000, now(), toleranceMs);
    const payload = parsePayload(textOf(delivery));
    return { id: idOf(payload), signedAt: iat * 1000, payload };
  };
}
