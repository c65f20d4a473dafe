import type { SignedAuth } from "../../config/project.ts";
import { signMessage, Unsignable } from "../../signing/message.ts";
import { withHeaders } from "../credentials.ts";
import type { Signer } from "../exchange.ts";
import { ExchangeError } from "../failure.ts";
import { secretValue } from "./secret.ts";

const DIGEST = "content-digest";

type MessageSignature = Extract<SignedAuth, { scheme: "http-signature" }>;

/**
 * Signs with an HTTP message signature (RFC 9421) under a shared key.
 * @throws SecretError at once when the secret is missing; a component that the request lacks is a failure of kind `auth`
 */
export function messageSigner(auth: MessageSignature, secrets: ReadonlyMap<string, string>): Signer {
  const key = secretValue(secrets, auth.secret);
  return async (request, { now }) => {
    try {
      const { [DIGEST]: digest, ...signature } = await signMessage(request, auth, key, now());
      const headers = { ...request.headers, ...(digest === undefined ? {} : { [DIGEST]: digest }) };
      return withHeaders({ ...request, headers }, signature);
    } catch (error) {
      throw error instanceof Unsignable ? refused(error) : error;
    }
  };
}

function refused({ message }: Unsignable): ExchangeError {
  return new ExchangeError({
    kind: "auth",
    message: `the request cannot be signed: ${message}`,
    hint: "`auth.components` in the manifest may name only headers and query parameters that the request has",
  });
}
