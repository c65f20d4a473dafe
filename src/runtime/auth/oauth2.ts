import type { OAuth2Auth } from "../../signing/schemes.ts";
import { tokenAddress } from "../../signing/token-address.ts";
import type { ResponseHead, WireRequest } from "../exchange/transport.ts";
import type { Clock } from "../time/clock.ts";
import { type Issued, type Issuer, SecretNotSet } from "./auth.ts";
import type { SecretCache } from "./secrets.ts";
import { readToken } from "./token.ts";

/** Sends a request to the token endpoint. @throws AttemptFailed where there was no answer, or one that says "later" */
export type AskForToken = (request: WireRequest) => Promise<{ head: ResponseHead; text: string }>;

/** Keeps a refresh token that the provider gave out in place of ours, for the next start of the application. */
export type SaveSecret = (secret: string, value: string) => Promise<void>;

interface Token extends Issued {
  /** Epoch milliseconds. */
  renewAt: number;
}

/** Bytes; a token with its neighbours is far smaller. */
const LARGEST_ANSWER = 1_048_576;

/** RFC 6749 §2.3.1: id and secret are form-encoded before they become a user name and a password. */
function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64")}`;
}

/**
 * Hands out access tokens: one request to the token endpoint serves all calls that wait for it, a token is renewed
 * shortly before it expires, and once more when the provider refuses it before.
 */
export class OAuth2Issuer implements Issuer {
  readonly #auth: OAuth2Auth;
  readonly #secrets: SecretCache;
  readonly #clock: Clock;
  readonly #ask: AskForToken;
  readonly #onReplaced: (secret: string, value: string) => Promise<void>;
  readonly #baseUrl: () => string;
  #generation = 0;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;

  constructor(
    auth: OAuth2Auth,
    secrets: SecretCache,
    clock: Clock,
    ask: AskForToken,
    onReplaced: (secret: string, value: string) => Promise<void>,
    baseUrl: () => string,
  ) {
    this.#auth = auth;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#ask = ask;
    this.#onReplaced = onReplaced;
    this.#baseUrl = baseUrl;
  }

  /** @throws TokenRefused as well */
  issue(): Issued | Promise<Issued> {
    if (this.#token && this.#clock.now() < this.#token.renewAt) return this.#token;
    this.#fetching ??= this.#fetch(false).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async renew(refused: Issued): Promise<boolean> {
    if (this.#token?.generation === refused.generation) this.#token = undefined;
    await this.issue();
    return true;
  }

  async #fetch(fresh: boolean): Promise<Token> {
    const request = await this.#request(fresh);
    const { head, text } = await this.#ask(request);
    // The client's secret may have been rotated since it was read.
    if (head.status !== 200 && !fresh) return this.#fetch(true);
    const answer = readToken(request.url, head, text, this.#clock.now());
    this.#secrets.hide(answer.value);
    if (answer.refreshToken !== undefined) await this.#keep(answer.refreshToken);
    this.#generation++;
    const headers = { authorization: `Bearer ${answer.value}` };
    this.#token = { headers, query: {}, generation: this.#generation, renewAt: answer.renewAt };
    return this.#token;
  }

  async #keep(next: string): Promise<void> {
    if (this.#auth.scheme !== "oauth2-refresh") return;
    const name = this.#auth.refreshTokenSecret;
    const [ours] = await this.#secrets.get(name, { fresh: false });
    if (next === ours) return;
    this.#secrets.replace(name, next);
    await this.#onReplaced(name, next);
  }

  async #need(name: string, fresh: boolean): Promise<string> {
    const [value] = await this.#secrets.get(name, { fresh });
    if (value === undefined) throw new SecretNotSet(this.#secrets.variableOf(name));
    return value;
  }

  async #request(fresh: boolean): Promise<WireRequest> {
    const auth = this.#auth;
    const grant: Record<string, string> =
      auth.scheme === "oauth2-refresh"
        ? { grant_type: "refresh_token", refresh_token: await this.#need(auth.refreshTokenSecret, fresh) }
        : { grant_type: "client_credentials" };
    if (auth.scopes?.length) grant.scope = auth.scopes.join(" ");
    if (auth.audience && auth.scheme === "oauth2-client-credentials") grant.audience = auth.audience;
    const id = auth.clientIdSecret ? await this.#need(auth.clientIdSecret, fresh) : (auth.clientId ?? "");
    const secret = auth.clientSecret ? await this.#need(auth.clientSecret, fresh) : undefined;
    const headers: Record<string, string> = {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    };
    if (secret !== undefined && auth.authenticate !== "body") {
      headers.authorization = basic(id, secret);
      this.#secrets.hide(headers.authorization.slice("Basic ".length));
    } else {
      grant.client_id = id;
      if (secret !== undefined) grant.client_secret = secret;
    }
    const body = new URLSearchParams(grant).toString();
    const url = tokenAddress(auth.tokenUrl, this.#baseUrl());
    return { method: "POST", url, headers, body, maxBytes: LARGEST_ANSWER };
  }
}
