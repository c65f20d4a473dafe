import type { SignableRequest, SignatureHeaders } from "../../signing/request.ts";
import type { PlainAuth, SignedAuth } from "../../signing/schemes.ts";
import { signerOf } from "./signed.ts";

/** What authentication adds to a request. */
export interface Credentials {
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Headers that only this one request may carry, at this time (epoch milliseconds). */
  sign?: (request: SignableRequest, now: number) => SignatureHeaders | Promise<SignatureHeaders>;
}

/** Credentials as handed to one attempt. */
export interface Issued extends Credentials {
  /** Another number, other credentials: tells whether somebody has renewed them since. */
  generation: number;
}

/** Hands out credentials. One per client, so that a renewal serves all calls. */
export interface Issuer {
  /** @throws SecretNotSet; SecretNotRead; AttemptFailed where a token could not be fetched */
  issue(): Issued | Promise<Issued>;
  /**
   * After the provider refused `refused` with a 401: whether there are other credentials now, worth another attempt. All
   * that ask at the same time wait for one and the same renewal.
   */
  renew(refused: Issued): Promise<boolean>;
}

/** A secret that is not set; the client makes it an error that tells which variable to set. */
export class SecretNotSet extends Error {
  readonly variable: string;

  constructor(variable: string) {
    super(`${variable} is not set`);
    this.variable = variable;
  }
}

/** Whoever reads secrets threw; the client makes it an error that tells which one. */
export class SecretNotRead extends Error {
  readonly variable: string;

  constructor(variable: string, cause: unknown) {
    super(`${variable} cannot be read`, { cause });
    this.variable = variable;
  }
}

/** What keeps a request from being made at all: nothing was attempted. */
export const isSecretTrouble = (error: unknown): error is SecretNotSet | SecretNotRead =>
  error instanceof SecretNotSet || error instanceof SecretNotRead;

/** The secrets that an `auth` names. */
export function secretNames(auth: PlainAuth | SignedAuth): string[] {
  switch (auth.scheme) {
    case "none":
      return [];
    case "headers":
      return [...new Set(Object.values(auth.headers))];
    case "basic":
      return [auth.usernameSecret, auth.passwordSecret].filter((name) => name !== undefined);
    case "aws-sigv4":
      return [auth.accessKeySecret, auth.secretKeySecret, auth.sessionTokenSecret].filter(
        (name) => name !== undefined,
      );
    default:
      return [auth.secret];
  }
}

/** Turns values into headers or query parameters, or into what signs with them. */
export function credentials(auth: PlainAuth | SignedAuth, read: (secret: string) => string): Credentials {
  switch (auth.scheme) {
    case "none":
      return { headers: {}, query: {} };
    case "bearer":
      return { headers: { authorization: `Bearer ${read(auth.secret)}` }, query: {} };
    case "header":
      return {
        headers: { [auth.header.toLowerCase()]: `${auth.prefix ?? ""}${read(auth.secret)}` },
        query: {},
      };
    case "headers": {
      const entries = Object.entries(auth.headers).map(([header, secret]) => [
        header.toLowerCase(),
        read(secret),
      ]);
      return { headers: Object.fromEntries(entries), query: {} };
    }
    case "query":
      return { headers: {}, query: { [auth.parameter]: read(auth.secret) } };
    case "basic": {
      const user = auth.usernameSecret ? read(auth.usernameSecret) : (auth.username ?? "");
      const password = auth.passwordSecret ? read(auth.passwordSecret) : "";
      const pair = Buffer.from(`${user}:${password}`, "utf8").toString("base64");
      return { headers: { authorization: `Basic ${pair}` }, query: {} };
    }
    default:
      return { headers: {}, query: {}, sign: signerOf(auth, read) };
  }
}
