import type { HmacRules } from "./hmac.ts";
import type { MessageRules } from "./message.ts";
import type { SigV4Rules } from "./sigv4.ts";

/** How a request proves who it is: the `auth` of integration.yaml, with names of secrets. */
export type Auth = PlainAuth | SignedAuth | OAuth2Auth;

/** Schemes in which a secret goes out as it is. */
export type PlainAuth =
  | { scheme: "none" }
  | { scheme: "bearer"; secret: string }
  | { scheme: "header"; header: string; prefix?: string; secret: string }
  /** Several headers, each with a secret of its own: header → secret. */
  | { scheme: "headers"; headers: Readonly<Record<string, string>> }
  | { scheme: "query"; parameter: string; secret: string }
  | { scheme: "basic"; username?: string; usernameSecret?: string; passwordSecret?: string };

/** Schemes in which a secret never goes out: each attempt is signed with it, and with the time at which it leaves. */
export type SignedAuth =
  /** AWS Signature Version 4. */
  | ({
      scheme: "aws-sigv4";
      accessKeySecret: string;
      secretKeySecret: string;
      sessionTokenSecret?: string;
    } & SigV4Rules)
  /** A header with an HMAC over parts of the request. */
  | ({ scheme: "hmac"; secret: string } & HmacRules)
  /** HTTP Message Signatures (RFC 9421) with a shared key, hmac-sha256. */
  | ({ scheme: "http-signature"; secret: string } & MessageRules);

/** Schemes in which an access token is fetched for the secret (RFC 6749), kept, and renewed before it expires. */
export type OAuth2Auth =
  | ({ scheme: "oauth2-client-credentials"; clientSecret: string } & OAuth2)
  | ({ scheme: "oauth2-refresh"; clientSecret?: string; refreshTokenSecret: string } & OAuth2);

/** Where access tokens come from, and how the client shows who it is there. */
export interface OAuth2 {
  /** An address, or a path below the base URL. */
  tokenUrl: string;
  clientId?: string;
  clientIdSecret?: string;
  scopes?: readonly string[];
  audience?: string;
  /** The client's credentials in the Authorization header, or in the form. Default `basic`. */
  authenticate?: "basic" | "body";
}
