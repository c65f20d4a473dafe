import { nodeCrypto } from "../platform/builtins.ts";
import type { Delivery } from "./delivery.ts";

/** What a delivery claims about itself, as a scheme reads it. */
export interface Claim {
  /** Epoch milliseconds; a scheme without one has no protection against replay but the event's id. */
  signedAt?: number;
  /** The event's id, where a signed header tells it. */
  id?: string;
  /** Whether a secret made one of the signatures. Takes the same time whatever the signature says. */
  signedBy(secret: string): boolean;
}

/** How a provider signs. One per file or function, listed in `schemes.ts`. */
export interface WebhookScheme {
  readonly name: string;
  /** @throws WebhookError where the headers are missing or malformed */
  read(delivery: Delivery): Claim;
}

/** Compares in a time that depends on the lengths only. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && nodeCrypto().timingSafeEqual(a, b);
}

export type HmacAlgorithm = "sha1" | "sha256" | "sha512";
export type DigestEncoding = "hex" | "base64";

export function hmac(
  algorithm: HmacAlgorithm,
  key: string | Uint8Array,
  parts: readonly (string | Uint8Array)[],
): Uint8Array {
  const digest = nodeCrypto().createHmac(algorithm, key);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/** The bytes of a digest as text; empty, hence equal to none, where it is not such a text. */
export function decodeDigest(text: string, encoding: DigestEncoding): Uint8Array {
  const valid = encoding === "hex" ? /^[\da-fA-F]+$/ : /^[A-Za-z0-9+/]+={0,2}$/;
  return valid.test(text) ? Buffer.from(text, encoding) : new Uint8Array();
}

/** Whether any of the given digests is the right one; looks at all of them. */
export function anyMatches(given: readonly Uint8Array[], expected: Uint8Array): boolean {
  return given.reduce((found, digest) => sameBytes(digest, expected) || found, false);
}
