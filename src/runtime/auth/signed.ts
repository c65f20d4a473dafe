import type { MessageRules } from "../../signing/message.ts";
import type { SignableRequest, SignatureHeaders } from "../../signing/request.ts";
import type { SignedAuth } from "../../signing/schemes.ts";
import { UnusableParameter } from "../exchange/request.ts";
import type { Credentials } from "./auth.ts";

type Sign = NonNullable<Credentials["sign"]>;

/** A component that the request lacks is the caller's mistake: no retry mends it. */
async function signMessage(
  request: SignableRequest,
  rules: MessageRules,
  key: string,
  now: number,
): Promise<SignatureHeaders> {
  const { signMessage, Unsignable } = await import("../../signing/message.ts");
  return signMessage(request, rules, key, now).catch((error: unknown) => {
    if (!(error instanceof Unsignable)) throw error;
    throw new UnusableParameter(`the request cannot be signed: ${error.message}`);
  });
}

/**
 * What signs with the secrets. Each scheme is loaded with the first request that needs it.
 * @param read gives the value of a secret
 */
export function signerOf(auth: SignedAuth, read: (secret: string) => string): Sign {
  switch (auth.scheme) {
    case "hmac": {
      const key = read(auth.secret);
      return async (request, now) => {
        const { signHmac } = await import("../../signing/hmac.ts");
        return signHmac(request, auth, key, now);
      };
    }
    case "http-signature": {
      const key = read(auth.secret);
      return (request, now) => signMessage(request, auth, key, now);
    }
    case "aws-sigv4": {
      const keys = {
        accessKeyId: read(auth.accessKeySecret),
        secretAccessKey: read(auth.secretKeySecret),
        ...(auth.sessionTokenSecret === undefined ? {} : { sessionToken: read(auth.sessionTokenSecret) }),
      };
      return async (request, now) => {
        const { signSigV4 } = await import("../../signing/sigv4.ts");
        return signSigV4(request, auth, keys, now);
      };
    }
  }
}
