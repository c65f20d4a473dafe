import type { OAuth2Auth } from "../../signing/schemes.ts";
import { tokenAddress } from "../../signing/token-address.ts";
import type { ResponseHead, WireRequest } from "../exchange/transport.ts";
import type { Clock } from "../time/clock.ts";
import { type Issued, type Issuer, isSecretTrouble, SecretNotSet } from "./auth.ts";
import type { SecretCache } from "./secrets.ts";
import { readToken } from "./token.ts";
import { TokenOutage } from "./token-outage.ts";

/** Sends a request to the token endpoint. @throws AttemptFailed where there was no answer, or one that says "later" */
export type AskForToken = (request: WireRequest) => Promise<{ head: ResponseHead; text: string }>;

/** Keeps a refresh token that the provider gave out in place of ours, for the next start of the application. */
export type SaveSecret = (secret: string, value: string) => Promise<void>;

/** What an issuer of tokens stands on. */
export interface TokenTools {
  clock: Clock;
  random: () => number;
  ask: AskForToken;
  onReplaced: (secret: string, value: string) => Promise<void>;
  baseUrl: () => string;
}

interface Token extends Issued {
  /** Epoch milliseconds. */
  renewAt: number;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** Bytes; a token with its neighbours is far smaller. */
const LARGEST_ANSWER = 1_048_576;

/** Milliseconds after a renewal in which a refusal is no fault of the token: the one before was refused as well. */
const RENEWAL_HOLDS = 10_000;

/** RFC 6749 §2.3.1: id and secret are form-encoded before they become a user name and a password. */
function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64")}`;
}

/**
 * Hands out access tokens: one request to the token endpoint serves all calls that wait for it, a token is renewed
 * shortly before it expires, beside the calls that use it to its end, and once more when the provider refuses it before.
 * One failure, too, serves all.
 */
export class OAuth2Issuer implements Issuer {
  readonly #auth: OAuth2Auth;
  readonly #secrets: SecretCache;
  readonly #tools: TokenTools;
  readonly #outage: TokenOutage;
  #generation = 0;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(auth: OAuth2Auth, secrets: SecretCache, tools: TokenTools) {
    this.#auth = auth;
    this.#secrets = secrets;
    this.#tools = tools;
    this.#outage = new TokenOutage(tools.random);
  }

  /** @throws TokenRefused as well */
  issue(): Issued | Promise<Issued> {
    const now = this.#tools.clock.now();
    const token = this.#token;
    if (token && now < token.renewAt) return token;
    this.#fetching ??= this.#fetchOnce(now).finally(() => {
      this.#fetching = undefined;
    });
    if (!token || now >= token.expiresAt) return this.#fetching;
    // The token still lives: nobody waits for the next one, and that it could not be had is told when it is needed.
    this.#fetching.catch(() => {});
    return token;
  }

  async renew(refused: Issued): Promise<boolean> {
    if (this.#token?.generation === refused.generation) {
      const now = this.#tools.clock.now();
      if (now >= this.#renewedAt && now - this.#renewedAt < RENEWAL_HOLDS) return false;
      this.#renewedAt = now;
      this.#token = undefined;
    }
    await this.issue();
    return true;
  }

  async #fetchOnce(startedAt: number): Promise<Token> {
    const known = this.#outage.failure(startedAt);
    if (known !== undefined) throw known;
    try {
      const token = await this.#fetch(false);
      this.#outage.end();
      return token;
    } catch (error) {
      // Nobody was asked.
      if (isSecretTrouble(error)) throw error;
      throw this.#outage.begin(error, this.#tools.clock.now());
    }
  }

  async #fetch(fresh: boolean): Promise<Token> {
    const request = await this.#request(fresh);
    const { head, text } = await this.#tools.ask(request);
    // The client's secret may have been rotated since it was read.
    if (head.status !== 200 && !fresh) return this.#fetch(true);
    const answer = readToken(request.url, head, text, this.#tools.clock.now());
    this.#secrets.hide(answer.value);
    if (answer.refreshToken !== undefined) await this.#keep(answer.refreshToken);
    this.#generation++;
    const { renewAt, expiresAt } = answer;
    const headers = { authorization: `Bearer ${answer.value}` };
    this.#token = { headers, query: {}, generation: this.#generation, renewAt, expiresAt };
    return this.#token;
  }

  async #keep(next: string): Promise<void> {
    if (this.#auth.scheme !== "oauth2-refresh") return;
    const name = this.#auth.refreshTokenSecret;
    const [ours] = await this.#secrets.get(name, { fresh: false });
    if (next === ours) return;
    this.#secrets.replace(name, next);
    await this.#tools.onReplaced(name, next);
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
    const url = tokenAddress(auth.tokenUrl, this.#tools.baseUrl());
    return { method: "POST", url, headers, body, maxBytes: LARGEST_ANSWER };
  }
}
