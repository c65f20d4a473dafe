import type { Auth, OAuth2Auth } from "../../config/project.ts";
import { tokenAddress } from "../../signing/token-address.ts";
import { readBody } from "../body.ts";
import { withHeader } from "../credentials.ts";
import type { Exchange, HttpRequest, Signer, SigningTools } from "../exchange.ts";
import { ExchangeError } from "../failure.ts";
import { redactUrl } from "../redact.ts";
import { secretValue } from "./secret.ts";

/** An access token, or that there is none, and when to ask for the next. */
export interface Token {
  value: string;
  /** Epoch milliseconds. */
  renewAt: number;
  /** What the provider gave in place of the refresh token that was sent: the only one that it accepts from now on. */
  refreshToken?: string | undefined;
  /** Why there is none: the provider does not accept the credential, and asking at once again may lock it. */
  refused?: ExchangeError;
}

interface Client {
  id: string;
  secret: string | undefined;
}

/** Where a token endpoint does not say how long its token lives. */
const DEFAULT_LIFETIME_S = 300;

/** A credential that was refused is not shown again before. */
const REFUSED_FOR_MS = 30_000;

/** A token is renewed so long before it expires, or after nine tenths of a short life. */
const MARGIN_S = 60;

function grantOf(auth: OAuth2Auth, secrets: ReadonlyMap<string, string>): Record<string, string> {
  const scope = auth.scopes?.length ? { scope: auth.scopes.join(" ") } : {};
  const audience = auth.audience ? { audience: auth.audience } : {};
  return auth.scheme === "oauth2-refresh"
    ? { grant_type: "refresh_token", refresh_token: secretValue(secrets, auth.refreshTokenSecret), ...scope }
    : { grant_type: "client_credentials", ...scope, ...audience };
}

function clientOf(auth: OAuth2Auth, secrets: ReadonlyMap<string, string>): Client {
  return {
    id: auth.clientIdSecret ? secretValue(secrets, auth.clientIdSecret) : (auth.clientId ?? ""),
    secret: auth.clientSecret ? secretValue(secrets, auth.clientSecret) : undefined,
  };
}

/** The same with the token endpoint's whole address, where the manifest gives a path below the base URL. */
export function withTokenAddress<A extends Auth>(auth: A, baseUrl: string | undefined): A {
  if (!("tokenUrl" in auth) || baseUrl === undefined) return auth;
  return { ...auth, tokenUrl: tokenAddress(auth.tokenUrl, baseUrl) };
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they become a user name and a password. */
function basic({ id, secret }: Client): string {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret ?? "")}`).toString("base64")}`;
}

function tokenRequest(auth: OAuth2Auth, grant: Record<string, string>, client: Client): HttpRequest {
  const inHeader = auth.authenticate !== "body" && client.secret !== undefined;
  const fields = inHeader
    ? grant
    : {
        ...grant,
        client_id: client.id,
        ...(client.secret === undefined ? {} : { client_secret: client.secret }),
      };
  const request: HttpRequest = {
    method: "POST",
    url: auth.tokenUrl,
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  };
  return inHeader ? withHeader(request, "authorization", basic(client)) : request;
}

function refused(auth: OAuth2Auth, reason: string, hint?: string): ExchangeError {
  return new ExchangeError({
    kind: "auth",
    message: `no access token: ${redactUrl(auth.tokenUrl)} ${reason}`,
    ...(hint ? { hint } : {}),
  });
}

const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;

/** RFC 6749 §5.2: a word such as invalid_client; anything else may be the provider's text and is not shown. */
function errorWord(value: unknown): string | undefined {
  const word = property(value, "error");
  return typeof word === "string" && /^[a-z_]{1,40}$/.test(word) ? word : undefined;
}

function readToken(auth: OAuth2Auth, { response, failure }: Exchange, now: number): Token {
  if (!response) {
    const why = failure ?? { kind: "protocol" as const, message: "no answer" };
    throw new ExchangeError({ ...why, message: `no access token: ${why.message}` });
  }
  const body = readBody(response);
  const value = body.kind === "json" ? body.value : undefined;
  if (response.status !== 200) {
    const word = errorWord(value);
    throw refused(
      auth,
      `answered ${response.status}${word === undefined ? "" : ` (${word})`}`,
      "are client id, secret and refresh token still right?",
    );
  }
  const token = property(value, "access_token");
  if (typeof token !== "string" || token === "" || /[\r\n\0]/.test(token))
    throw refused(auth, "answered without an access token");
  const lifetime = Number(property(value, "expires_in") ?? DEFAULT_LIFETIME_S);
  const seconds = Number.isFinite(lifetime) && lifetime > 0 ? lifetime : DEFAULT_LIFETIME_S;
  const margin = Math.min(MARGIN_S, seconds * 0.1);
  return { value: token, renewAt: now + (seconds - margin) * 1000 };
}

/** The request of a refresh token grant (RFC 6749 §6). @throws SecretError when a secret that it needs is missing */
export function refreshRequest(
  auth: Extract<OAuth2Auth, { scheme: "oauth2-refresh" }>,
  secrets: ReadonlyMap<string, string>,
): HttpRequest {
  return tokenRequest(auth, grantOf(auth, secrets), clientOf(auth, secrets));
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** What a token endpoint answered; without `accessToken` it gave none. */
export function readTokenAnswer({ response }: Exchange): {
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
  /** RFC 6749 §5.2: `invalid_grant` and its like. */
  error?: string | undefined;
} {
  const body = response && readBody(response);
  const value = body?.kind === "json" ? body.value : undefined;
  const error = errorWord(value);
  if (response?.status !== 200) return { error };
  return {
    accessToken: textOf(property(value, "access_token")),
    refreshToken: textOf(property(value, "refresh_token")),
    error,
  };
}

/** Called with a refresh token that the provider gave out in place of ours, and the name of its secret. */
export type SaveSecret = (secret: string, value: string) => Promise<void>;

/**
 * Keeps a refresh token that replaces ours before anything else is done: ours may be dead from now on.
 * @returns the one to send the next time
 */
async function keepRefreshToken(
  auth: OAuth2Auth,
  exchange: Exchange,
  ours: string | undefined,
  save: SaveSecret | undefined,
): Promise<string | undefined> {
  const body = exchange.response && readBody(exchange.response);
  const next = body?.kind === "json" ? property(body.value, "refresh_token") : undefined;
  if (auth.scheme !== "oauth2-refresh" || typeof next !== "string" || next === "" || next === ours)
    return ours;
  try {
    if (!save) throw new Error("there is no store to write it to");
    await save(auth.refreshTokenSecret, next);
    return next;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refused(
      auth,
      `replaced the refresh token ${auth.refreshTokenSecret}, and the new one could not be kept: ${reason}`,
      "sign in again and store the new refresh token with `integ secrets set`",
    );
  }
}

const isRefused = (error: unknown): error is ExchangeError =>
  error instanceof ExchangeError && error.failure.kind === "auth";

/**
 * One fetch for all who ask, its failure too; and no second one while the token holds, or right after a refusal.
 * @param fetch gets the refresh token that came with the token before
 */
async function tokenFor(
  key: string,
  tools: SigningTools,
  fetch: (refreshToken: string | undefined) => Promise<Token>,
): Promise<Token> {
  const pending = tools.tokens.get(key);
  const token = await pending;
  if (token && token.renewAt > tools.now()) {
    if (token.refused) throw token.refused;
    return token;
  }
  // While this one waited, another may have begun to renew it.
  if (tools.tokens.get(key) !== pending) return tokenFor(key, tools, fetch);
  const refreshToken = token?.refreshToken;
  const fresh = fetch(refreshToken).catch((error: unknown): Token => {
    if (!isRefused(error)) throw error;
    return { value: "", renewAt: tools.now() + REFUSED_FOR_MS, refreshToken, refused: error };
  });
  tools.tokens.set(key, fresh);
  // What is known of the refresh token outlives an endpoint that cannot be reached.
  fresh.catch(() => (pending ? tools.tokens.set(key, pending) : tools.tokens.delete(key)));
  const made = await fresh;
  if (made.refused) throw made.refused;
  return made;
}

/**
 * Puts an access token into the Authorization header, fetched from the token endpoint once and kept until shortly before it
 * expires.
 * @throws SecretError at once when a secret is missing
 */
export function oauth2Signer(
  auth: OAuth2Auth,
  secrets: ReadonlyMap<string, string>,
  save?: SaveSecret,
): Signer {
  const grant = grantOf(auth, secrets);
  const client = clientOf(auth, secrets);
  const key = JSON.stringify([auth.tokenUrl, client.id, grant]);
  const fetchWith = async (tools: SigningTools, replaced: string | undefined): Promise<Token> => {
    const sent = replaced === undefined ? grant : { ...grant, refresh_token: replaced };
    const exchange = await tools.exchange(tokenRequest(auth, sent, client));
    const token = readToken(auth, exchange, tools.now());
    return { ...token, refreshToken: await keepRefreshToken(auth, exchange, sent.refresh_token, save) };
  };
  return async (unsigned, tools) => {
    const token = await tokenFor(key, tools, (replaced) => fetchWith(tools, replaced));
    return withHeader(unsigned, "authorization", `Bearer ${token.value}`);
  };
}
