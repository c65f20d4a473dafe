import type { SignedAuth } from "../../config/project.ts";
import { signHmac } from "../../signing/hmac.ts";
import { withHeaders } from "../credentials.ts";
import type { Signer } from "../exchange.ts";
import { secretValue } from "./secret.ts";

type Hmac = Extract<SignedAuth, { scheme: "hmac" }>;

/**
 * Signs parts of the request with an HMAC, as the message of the scheme says.
 * @throws SecretError at once when the secret is missing
 */
export function hmacSigner(auth: Hmac, secrets: ReadonlyMap<string, string>): Signer {
  const key = secretValue(secrets, auth.secret);
  return async (request, { now }) => withHeaders(request, signHmac(request, auth, key, now()));
}
