export const QUOTA_FAMILIES = [
  "epoch",
  "ietf",
  "ietf-draft3",
  "openai",
  "github",
  "usage",
  "anthropic",
  "none",
] as const;

/**
 * How the sandbox speaks of its rate limit:
 * `epoch` X-RateLimit-* with an epoch second · `ietf` RateLimit and RateLimit-Policy as structured fields (draft 10) ·
 * `ietf-draft3` RateLimit-Limit/-Remaining/-Reset with delta seconds · `openai` requests and tokens, resets as durations ·
 * `github` with -Used and -Resource · `usage` one used/limit pair (Shopify) · `anthropic` RFC 3339 resets · `none`.
 */
export type QuotaFamily = (typeof QUOTA_FAMILIES)[number];

export interface QuotaSettings {
  family: QuotaFamily;
  /** Requests of one key in a window. */
  limit: number;
  windowSeconds: number;
}

/** Where one key stands in its window. Times are epoch milliseconds. */
export interface Usage {
  used: number;
  resetAt: number;
}

/** Counts the requests of each key in fixed windows that begin with the key's first request. */
export class Meter {
  readonly #windows = new Map<string, Usage>();

  /** Counts one request, unless the window's limit is spent. */
  take(key: string, { limit, windowSeconds }: QuotaSettings, now: number): Usage & { spent: boolean } {
    const before = this.#windows.get(key);
    const open = before && before.resetAt > now ? before : { used: 0, resetAt: now + windowSeconds * 1000 };
    const spent = open.used >= limit;
    const after = spent ? open : { ...open, used: open.used + 1 };
    this.#windows.set(key, after);
    return { ...after, spent };
  }

  clear(): void {
    this.#windows.clear();
  }
}

/** `45s`, `6m0s`, `0.5s`: the way Go prints a duration. */
function goDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(3))}s`;
  return `${Math.floor(seconds / 60)}m${Math.floor(seconds % 60)}s`;
}

const rfc3339 = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

/** Tokens that one request is said to cost, so that the `openai` family has a second dimension. */
const TOKENS_PER_REQUEST = 20;

/** The headers of one family that say where a key stands. */
export function quotaHeaders(
  { family, limit, windowSeconds }: QuotaSettings,
  { used, resetAt }: Usage,
  now: number,
): Record<string, string> {
  const remaining = Math.max(0, limit - used);
  const leftMs = Math.max(0, resetAt - now);
  const leftSeconds = Math.ceil(leftMs / 1000);
  const epoch = Math.ceil(resetAt / 1000);
  const count = { limit: String(limit), remaining: String(remaining) };
  switch (family) {
    case "epoch":
      return {
        "x-ratelimit-limit": count.limit,
        "x-ratelimit-remaining": count.remaining,
        "x-ratelimit-reset": String(epoch),
      };
    case "ietf":
      return {
        ratelimit: `"default";r=${remaining};t=${leftSeconds}`,
        "ratelimit-policy": `"default";q=${limit};w=${windowSeconds}`,
      };
    case "ietf-draft3":
      return {
        "ratelimit-limit": `${limit}, ${limit};w=${windowSeconds}`,
        "ratelimit-remaining": count.remaining,
        "ratelimit-reset": String(leftSeconds),
      };
    case "openai":
      return {
        "x-ratelimit-limit-requests": count.limit,
        "x-ratelimit-remaining-requests": count.remaining,
        "x-ratelimit-reset-requests": goDuration(leftMs),
        "x-ratelimit-limit-tokens": String(limit * TOKENS_PER_REQUEST),
        "x-ratelimit-remaining-tokens": String(remaining * TOKENS_PER_REQUEST),
        "x-ratelimit-reset-tokens": goDuration(leftMs),
      };
    case "github":
      return {
        "x-ratelimit-limit": count.limit,
        "x-ratelimit-remaining": count.remaining,
        "x-ratelimit-used": String(used),
        "x-ratelimit-reset": String(epoch),
        "x-ratelimit-resource": "core",
      };
    case "usage":
      return { "x-shopify-shop-api-call-limit": `${used}/${limit}` };
    case "anthropic":
      return {
        "anthropic-ratelimit-requests-limit": count.limit,
        "anthropic-ratelimit-requests-remaining": count.remaining,
        "anthropic-ratelimit-requests-reset": rfc3339(epoch * 1000),
      };
    case "none":
      return {};
  }
}
