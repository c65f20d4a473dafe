import type { SignedAuth } from "../../config/project.ts";
import { signSigV4 } from "../../signing/sigv4.ts";
import { withHeaders } from "../credentials.ts";
import type { Signer } from "../exchange.ts";
import { headerSecret, secretValue } from "./secret.ts";

type SigV4 = Extract<SignedAuth, { scheme: "aws-sigv4" }>;

/**
 * Signs with AWS Signature Version 4.
 * @throws SecretError at once when a secret is missing
 */
export function sigV4Signer(auth: SigV4, secrets: ReadonlyMap<string, string>): Signer {
  const credentials = {
    accessKeyId: headerSecret(secrets, auth.accessKeySecret),
    secretAccessKey: secretValue(secrets, auth.secretKeySecret),
    ...(auth.sessionTokenSecret ? { sessionToken: headerSecret(secrets, auth.sessionTokenSecret) } : {}),
  };
  return async (request, { now }) => withHeaders(request, await signSigV4(request, auth, credentials, now()));
}
