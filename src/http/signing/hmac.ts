import { createHash, createHmac, randomUUID } from "node:crypto";
import type { SignedAuth } from "../../config/project.ts";
import { withHeader } from "../credentials.ts";
import type { HttpRequest, Signer } from "../exchange.ts";
import { secretValue } from "./secret.ts";

type Hmac = Extract<SignedAuth, { scheme: "hmac" }>;

function timestampOf(unit: Hmac["timestampUnit"], now: number): string {
  if (unit === "iso") return new Date(now).toISOString();
  return String(unit === "ms" ? now : Math.floor(now / 1000));
}

/** What the placeholders of a message stand for. The body hash is hexadecimal, by the scheme's own algorithm. */
function partsOf(request: HttpRequest, auth: Hmac, now: number): Readonly<Record<string, string>> {
  const { host, pathname, search } = new URL(request.url);
  const body = request.body === undefined ? Buffer.alloc(0) : Buffer.from(request.body);
  return {
    method: request.method.toUpperCase(),
    path: `${pathname}${search}`,
    query: search.slice(1),
    host,
    body: body.toString("utf8"),
    bodyHash: createHash(auth.algorithm).update(body).digest("hex"),
    timestamp: timestampOf(auth.timestampUnit, now),
    nonce: randomUUID(),
  };
}

/**
 * Signs parts of the request with an HMAC, as the message of the scheme says. Each request gets a timestamp and a nonce of
 * its own.
 * @throws SecretError at once when the secret is missing
 */
export function hmacSigner(auth: Hmac, secrets: ReadonlyMap<string, string>): Signer {
  const key = secretValue(secrets, auth.secret);
  return async (request, { now }) => {
    const parts = partsOf(request, auth, now());
    const message = auth.message.replace(/\{(\w+)\}/g, (all, name: string) => parts[name] ?? all);
    const signature = createHmac(auth.algorithm, key).update(message).digest(auth.encoding);
    const signed = withHeader(request, auth.header, `${auth.prefix ?? ""}${signature}`);
    const extra = [
      [auth.timestampHeader, parts.timestamp],
      [auth.nonceHeader, parts.nonce],
    ] as const;
    return extra.reduce(
      (result, [name, value]) => (name && value !== undefined ? withHeader(result, name, value) : result),
      signed,
    );
  };
}
