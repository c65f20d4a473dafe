import { maybe, oneOf, requireValues, text } from "../platform/values.ts";
import { bytesOf, requireHeader, secondsToMs } from "./delivery.ts";
import {
  anyMatches,
  type DigestEncoding,
  decodeDigest,
  type HmacAlgorithm,
  hmac,
  type WebhookScheme,
} from "./scheme.ts";

export interface HmacOptions {
  /** Header that carries the signature. */
  header: string;
  /** Default `sha256`. */
  algorithm?: HmacAlgorithm;
  /** Default `hex`. */
  encoding?: DigestEncoding;
  /** Text before the digest: `sha256=`. */
  prefix?: string;
  /** Header with the time of signing in seconds, signed in front of the body with `separator` between. */
  timestampHeader?: string;
  /** Default `.`; only with `timestampHeader`. */
  separator?: string;
  /** Header with the event's id; not signed in most schemes, and good for telling repeats apart only. */
  idHeader?: string;
}

/** The scheme of most providers without one of their own: an HMAC of the body, or of time and body, in a header. */
export function hmacScheme(options: HmacOptions): WebhookScheme {
  requireValues("hmacScheme", options, {
    header: text,
    algorithm: maybe(oneOf("sha1", "sha256", "sha512")),
    encoding: maybe(oneOf("hex", "base64")),
  });
  return knownHmacScheme(options);
}

/** The same for options that are known to be right: the providers' are made at every start. */
export function knownHmacScheme(options: HmacOptions): WebhookScheme {
  const { header, algorithm = "sha256", encoding = "hex", prefix = "", separator = "." } = options;
  return {
    name: "hmac",
    read: (delivery) => {
      const given = requireHeader(delivery, header);
      const digest = given.startsWith(prefix)
        ? decodeDigest(given.slice(prefix.length), encoding)
        : new Uint8Array();
      const timestamp =
        options.timestampHeader === undefined ? undefined : requireHeader(delivery, options.timestampHeader);
      const id = options.idHeader === undefined ? undefined : requireHeader(delivery, options.idHeader);
      const start = timestamp === undefined ? [] : [`${timestamp}${separator}`];
      return {
        ...(timestamp === undefined ? {} : { signedAt: secondsToMs(timestamp) }),
        ...(id === undefined ? {} : { id }),
        signedBy: (secret) => anyMatches([digest], hmac(algorithm, secret, [...start, bytesOf(delivery)])),
      };
    },
  };
}
