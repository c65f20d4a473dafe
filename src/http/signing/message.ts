import { createHash, createHmac, randomUUID } from "node:crypto";
import type { SignedAuth } from "../../config/project.ts";
import { withHeader } from "../credentials.ts";
import type { HttpRequest, Signer } from "../exchange.ts";
import { ExchangeError } from "../failure.ts";
import { secretValue } from "./secret.ts";

type MessageSignature = Extract<SignedAuth, { scheme: "http-signature" }>;

const DIGEST = "content-digest";
const SIGNATURE_HEADERS = new Set(["signature-input", "signature"]);
const ALGORITHM = "hmac-sha256";

const hasHeader = (request: HttpRequest, wanted: string) =>
  Object.keys(request.headers).some((name) => name.toLowerCase() === wanted);

/** RFC 9530, over the bytes as they are sent. */
function digestOf(body: string | Uint8Array | undefined): string {
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
  return `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;
}

function componentsOf(request: HttpRequest, { components }: MessageSignature): readonly string[] {
  return components ?? ["@method", "@target-uri", ...(request.body === undefined ? [] : [DIGEST])];
}

/**
 * Signs with an HTTP message signature (RFC 9421) under a shared key, by the http-message-signatures library. Where the body's
 * digest is among what is signed, and the request has none, its header is added.
 * @throws SecretError at once when the secret is missing; a component that the request lacks is a failure of kind `auth`
 */
export function messageSigner(auth: MessageSignature, secrets: ReadonlyMap<string, string>): Signer {
  const key = Buffer.from(secretValue(secrets, auth.secret), auth.keyEncoding);
  return async (request, { now }) => {
    const { httpbis } = await import("http-message-signatures");
    const fields = componentsOf(request, auth);
    const lacksDigest = fields.includes(DIGEST) && !hasHeader(request, DIGEST);
    const headers = { ...request.headers, ...(lacksDigest ? { [DIGEST]: digestOf(request.body) } : {}) };
    const url = new URL(request.url);
    url.hash = "";
    const signed = await httpbis
      .signMessage(
        {
          key: {
            alg: ALGORITHM,
            ...(auth.keyId === undefined ? {} : { id: auth.keyId }),
            sign: async (base) => createHmac("sha256", key).update(base).digest(),
          },
          name: auth.label,
          fields: [...fields],
          params: [...auth.parameters],
          paramValues: {
            created: new Date(now()),
            nonce: randomUUID(),
            ...(auth.tag === undefined ? {} : { tag: auth.tag }),
          },
        },
        { method: request.method, url, headers: { host: url.host, ...headers } },
      )
      .catch((error: unknown) => {
        throw unsignable(error);
      });
    return Object.entries(signed.headers)
      .filter(([name]) => SIGNATURE_HEADERS.has(name.toLowerCase()))
      .reduce((result, [name, value]) => withHeader(result, name, String(value)), { ...request, headers });
  };
}

function unsignable(error: unknown): ExchangeError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ExchangeError({
    kind: "auth",
    message: `the request cannot be signed: ${reason}`,
    hint: "`auth.components` in the manifest may name only headers and query parameters that the request has",
  });
}
