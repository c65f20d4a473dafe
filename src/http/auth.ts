import type { Auth, PlainAuth } from "../config/project.ts";
import { withHeader, withParameter } from "./credentials.ts";
import type { HttpRequest } from "./exchange.ts";
import { hmacSigner } from "./signing/hmac.ts";
import { messageSigner } from "./signing/message.ts";
import { oauth2Signer, type SaveSecret } from "./signing/oauth2.ts";
import { headerSecret, secretValue } from "./signing/secret.ts";
import { sigV4Signer } from "./signing/sigv4.ts";

type Secrets = ReadonlyMap<string, string>;

function authorizePlainly(request: HttpRequest, auth: PlainAuth, secrets: Secrets): HttpRequest {
  switch (auth.scheme) {
    case "none":
      return request;
    case "bearer":
      return withHeader(request, "authorization", `Bearer ${headerSecret(secrets, auth.secret)}`);
    case "header":
      return withHeader(request, auth.header, `${auth.prefix ?? ""}${headerSecret(secrets, auth.secret)}`);
    case "headers":
      return Object.entries(auth.headers).reduce(
        (before, [header, secret]) => withHeader(before, header, headerSecret(secrets, secret)),
        request,
      );
    case "query":
      return withParameter(request, auth.parameter, secretValue(secrets, auth.secret));
    case "basic": {
      const user = auth.usernameSecret ? secretValue(secrets, auth.usernameSecret) : (auth.username ?? "");
      const password = auth.passwordSecret ? secretValue(secrets, auth.passwordSecret) : "";
      const pair = Buffer.from(`${user}:${password}`).toString("base64");
      return withHeader(request, "authorization", `Basic ${pair}`);
    }
  }
}

/**
 * Adds what proves who we are, and notes in `credentials` where it was put. What must be new for each request (a
 * signature, an access token) is left to `sign`, which the client calls.
 * @param save keeps a refresh token that the provider replaces; without it such a provider is a failure of kind `auth`
 * @throws SecretError when a secret that the scheme names has no value
 */
export function authorize(
  request: HttpRequest,
  auth: Auth,
  secrets: Secrets,
  save?: SaveSecret,
): HttpRequest {
  switch (auth.scheme) {
    case "oauth2-client-credentials":
    case "oauth2-refresh":
      return { ...request, sign: oauth2Signer(auth, secrets, save) };
    case "aws-sigv4":
      return { ...request, sign: sigV4Signer(auth, secrets) };
    case "hmac":
      return { ...request, sign: hmacSigner(auth, secrets) };
    case "http-signature":
      return { ...request, sign: messageSigner(auth, secrets) };
    default:
      return authorizePlainly(request, auth, secrets);
  }
}
