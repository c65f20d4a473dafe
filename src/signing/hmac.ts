import { bodyBytes, type SignableRequest, type SignatureHeaders } from "./request.ts";

/** A header with an HMAC over parts of the request. */
export interface HmacRules {
  /** The header that carries the signature. */
  header: string;
  /** Text before the signature. */
  prefix?: string;
  /** Default `sha256`. */
  algorithm?: "sha1" | "sha256" | "sha512";
  /** Default `hex`. */
  encoding?: "hex" | "base64";
  /**
   * What is signed, with `{method}`, `{path}` (with its query), `{query}`, `{host}`, `{body}`, `{bodyHash}`, `{timestamp}`,
   * `{nonce}`. Default `{timestamp}{method}{path}{body}`.
   */
  message?: string;
  timestampHeader?: string;
  /** Default `s`. */
  timestampUnit?: "s" | "ms" | "iso";
  nonceHeader?: string;
}

function timestampOf(unit: HmacRules["timestampUnit"], now: number): string {
  if (unit === "iso") return new Date(now).toISOString();
  return String(unit === "ms" ? now : Math.floor(now / 1000));
}

/**
 * Signs parts of the request, as the message of the rules says. Each request gets a timestamp and a nonce of its own.
 * @param now epoch milliseconds
 */
export function signHmac(
  request: SignableRequest,
  rules: HmacRules,
  key: string,
  now: number,
): SignatureHeaders {
  const { createHash, createHmac, randomUUID } = process.getBuiltinModule("node:crypto");
  const { algorithm = "sha256", encoding = "hex", message = "{timestamp}{method}{path}{body}" } = rules;
  const { host, pathname, search } = new URL(request.url);
  const body = bodyBytes(request);
  const timestamp = timestampOf(rules.timestampUnit, now);
  const nonce = randomUUID();
  const parts: Readonly<Record<string, string>> = {
    method: request.method.toUpperCase(),
    path: `${pathname}${search}`,
    query: search.slice(1),
    host,
    body: new TextDecoder("utf-8", { ignoreBOM: true }).decode(body),
    // Hexadecimal, by the scheme's own algorithm.
    bodyHash: createHash(algorithm).update(body).digest("hex"),
    timestamp,
    nonce,
  };
  const text = message.replace(/\{(\w+)\}/g, (all, name: string) => parts[name] ?? all);
  const signature = createHmac(algorithm, key).update(text).digest(encoding);
  return {
    [rules.header]: `${rules.prefix ?? ""}${signature}`,
    ...(rules.timestampHeader === undefined ? {} : { [rules.timestampHeader]: timestamp }),
    ...(rules.nonceHeader === undefined ? {} : { [rules.nonceHeader]: nonce }),
  };
}
