import type { ResponseHead } from "../exchange/transport.ts";

/** The token endpoint answered, and the answer is no access token. */
export class TokenRefused extends Error {
  constructor(tokenUrl: string, reason: string) {
    super(`no access token: ${new URL(tokenUrl).host} ${reason}`);
  }
}

/** What a token endpoint gives out (RFC 6749 §5.1). */
export interface TokenAnswer {
  value: string;
  /** Epoch milliseconds. */
  renewAt: number;
  /** Epoch milliseconds. */
  expiresAt: number;
  refreshToken: string | undefined;
}

/** Seconds, where a token endpoint does not say how long its token lives. */
const DEFAULT_LIFETIME = 300;

/** Seconds that a token is renewed before it expires; a tenth of its life where that is less. */
const MARGIN = 60;

function property(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 6749 §5.2: a word such as invalid_client; anything else may be the provider's text and is not shown. */
function errorWord(answer: unknown): string {
  const word = property(answer, "error");
  return typeof word === "string" && /^[a-z_]{1,40}$/.test(word) ? ` (${word})` : "";
}

/**
 * Reads a token endpoint's answer.
 * @throws TokenRefused
 */
export function readToken(
  tokenUrl: string,
  { status }: ResponseHead,
  text: string,
  now: number,
): TokenAnswer {
  const answer = parse(text);
  if (status !== 200) throw new TokenRefused(tokenUrl, `answered ${status}${errorWord(answer)}`);
  const value = property(answer, "access_token");
  if (typeof value !== "string" || value === "" || /[\r\n\0]/.test(value)) {
    throw new TokenRefused(tokenUrl, "answered without an access token");
  }
  const lifetime = Number(property(answer, "expires_in") ?? DEFAULT_LIFETIME);
  const seconds = Number.isFinite(lifetime) && lifetime > 0 ? lifetime : DEFAULT_LIFETIME;
  const refreshToken = property(answer, "refresh_token");
  return {
    value,
    renewAt: now + (seconds - Math.min(MARGIN, seconds / 10)) * 1000,
    expiresAt: now + seconds * 1000,
    refreshToken: typeof refreshToken === "string" && refreshToken !== "" ? refreshToken : undefined,
  };
}
