import { signHmac } from "../../signing/hmac.ts";
import { signMessage, Unsignable } from "../../signing/message.ts";
import type { SignedAuth } from "../../signing/schemes.ts";
import { signSigV4 } from "../../signing/sigv4.ts";
import { UnusableParameter } from "../exchange/request.ts";
import type { Credentials } from "./auth.ts";

type Sign = NonNullable<Credentials["sign"]>;

/** A component that the request lacks is the caller's mistake: no retry mends it. */
function refuse(error: unknown): never {
  if (!(error instanceof Unsignable)) throw error;
  throw new UnusableParameter(`the request cannot be signed: ${error.message}`);
}

/**
 * What signs with the secrets. The libraries of the larger schemes are loaded with the first request.
 * @param read gives the value of a secret
 */
export function signerOf(auth: SignedAuth, read: (secret: string) => string): Sign {
  switch (auth.scheme) {
    case "hmac": {
      const key = read(auth.secret);
      return (request, now) => signHmac(request, auth, key, now);
    }
    case "http-signature": {
      const key = read(auth.secret);
      return (request, now) => signMessage(request, auth, key, now).catch(refuse);
    }
    case "aws-sigv4": {
      const keys = {
        accessKeyId: read(auth.accessKeySecret),
        secretAccessKey: read(auth.secretKeySecret),
        ...(auth.sessionTokenSecret === undefined ? {} : { sessionToken: read(auth.sessionTokenSecret) }),
      };
      return (request, now) => signSigV4(request, auth, keys, now);
    }
  }
}
