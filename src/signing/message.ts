import { bodyBytes, hasHeader, type SignableRequest, type SignatureHeaders } from "./request.ts";

/** HTTP Message Signatures (RFC 9421) under a shared key. */
export interface MessageRules {
  /** How the secret writes the key's bytes; default `utf8`. */
  keyEncoding?: "utf8" | "base64" | "hex";
  /** The `keyid` by which the provider knows the key. */
  keyId?: string;
  /** Name of the signature in its headers; default `sig`. */
  label?: string;
  /** What is signed, in this order. Default: method, target URI, and the body's digest where there is a body. */
  components?: readonly string[];
  /** Parameters of the signature, in this order. Default `created`, `keyid`, `alg`. */
  parameters?: readonly ("created" | "expires" | "nonce" | "alg" | "keyid" | "tag")[];
  tag?: string;
}

const DIGEST = "content-digest";
const SIGNATURE_HEADERS = new Set(["signature-input", "signature"]);
const ALGORITHM = "hmac-sha256";
const PARAMETERS: NonNullable<MessageRules["parameters"]> = ["created", "keyid", "alg"];

/** A component that is to be signed and that the request does not have. */
export class Unsignable extends Error {}

/** RFC 9530, over the bytes as they are sent. */
function digestOf(request: SignableRequest): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return `sha-256=:${createHash("sha256").update(bodyBytes(request)).digest("base64")}:`;
}

/**
 * Signs with an HTTP message signature, hmac-sha256, by the http-message-signatures library. Where the body's digest is
 * among what is signed, and the request has none, its header is added.
 * @param now epoch milliseconds
 * @throws Unsignable
 */
export async function signMessage(
  request: SignableRequest,
  rules: MessageRules,
  secret: string,
  now: number,
): Promise<SignatureHeaders> {
  const { createHmac, randomUUID } = process.getBuiltinModule("node:crypto");
  const { httpbis } = await import("http-message-signatures");
  const key = Buffer.from(secret, rules.keyEncoding ?? "utf8");
  const fields = rules.components ?? [
    "@method",
    "@target-uri",
    ...(request.body === undefined ? [] : [DIGEST]),
  ];
  const digest: Readonly<Record<string, string>> =
    fields.includes(DIGEST) && !hasHeader(request, DIGEST) ? { [DIGEST]: digestOf(request) } : {};
  const url = new URL(request.url);
  url.hash = "";
  const signed = await httpbis
    .signMessage(
      {
        key: {
          alg: ALGORITHM,
          ...(rules.keyId === undefined ? {} : { id: rules.keyId }),
          sign: async (base) => createHmac("sha256", key).update(base).digest(),
        },
        name: rules.label ?? "sig",
        fields: [...fields],
        params: [...(rules.parameters ?? PARAMETERS)],
        paramValues: {
          created: new Date(now),
          nonce: randomUUID(),
          ...(rules.tag === undefined ? {} : { tag: rules.tag }),
        },
      },
      { method: request.method, url, headers: { host: url.host, ...request.headers, ...digest } },
    )
    .catch((error: unknown) => {
      throw new Unsignable(error instanceof Error ? error.message : String(error));
    });
  const own = Object.entries(signed.headers).filter(([name]) => SIGNATURE_HEADERS.has(name.toLowerCase()));
  return { ...digest, ...Object.fromEntries(own.map(([name, value]) => [name, String(value)])) };
}
