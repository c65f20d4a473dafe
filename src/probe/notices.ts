import { parseDate } from "../quota/values.ts";
import { parseLinks } from "./links.ts";
import { readServerTime, type ServerTiming } from "./server-time.ts";

/** A link about the life of the resource. */
export interface NoticeLink {
  rel: "deprecation" | "sunset" | "successor-version";
  href: string;
}

/** What a provider's headers say about the life of what was asked for. */
export interface Notices {
  deprecated: boolean;
  /** ISO 8601. */
  deprecatedAt?: string;
  sunsetAt?: string;
  links: readonly NoticeLink[];
  /** In the provider's words. */
  message?: string;
  /** The version that the provider says it answered in. */
  version?: string;
  serverTimings: readonly ServerTiming[];
  /** Milliseconds that the provider says it spent. */
  serverMs?: number;
}

/** Headers in which providers echo the API version. */
export const VERSION_HEADERS = [
  "x-github-api-version-selected",
  "x-shopify-api-version",
  "stripe-version",
  "square-version",
  "intercom-version",
  "notion-version",
  "x-api-version",
  "api-version",
] as const;

/** Headers that carry the reason of a deprecation as text. */
const REASON_HEADERS = [
  "x-shopify-api-deprecated-reason",
  "x-deprecation-notice",
  "x-deprecation-reason",
  "x-api-warn",
];

const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

/** `@1688169599` (RFC 9745), an HTTP date (its drafts, and all recorded providers), `true`. */
function readDeprecation(text: string | undefined): { deprecated: boolean; at?: string } {
  if (text === undefined) return { deprecated: false };
  const seconds = /^@(-?\d{1,12})$/.exec(text.trim())?.[1];
  const at = iso(seconds === undefined ? parseDate(text) : Number(seconds) * 1000);
  return { deprecated: at !== undefined || text.trim().toLowerCase() === "true", ...(at ? { at } : {}) };
}

/** `299 - "text"` (RFC 9111) or free text; only what speaks of deprecation counts, for Slack warns of other things here. */
function readWarning(text: string | undefined): string | undefined {
  if (text === undefined || !/deprecat|sunset|will be removed|end of life/i.test(text)) return undefined;
  return /^\d{3} \S+ "((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
}

function firstOf(headers: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  for (const name of names) if (headers[name] !== undefined) return headers[name];
  return undefined;
}

/** Reads Deprecation, Sunset, Link, Warning and providers' own headers of a response. @param headers lower-case names */
export function readNotices(headers: Readonly<Record<string, string>>): Notices {
  const { deprecated, at } = readDeprecation(headers.deprecation);
  const sunsetAt = headers.sunset === undefined ? undefined : iso(parseDate(headers.sunset));
  const links = headers.link === undefined ? [] : parseLinks(headers.link);
  const message = readWarning(headers.warning) ?? firstOf(headers, REASON_HEADERS);
  const version = firstOf(headers, VERSION_HEADERS);
  const speaksOfIt = links.some(({ rel }) => rel === "deprecation" || rel === "sunset");
  const { serverTimings, serverMs } = readServerTime(headers);
  const notices: Notices = {
    deprecated: deprecated || message !== undefined || (headers.deprecation === undefined && speaksOfIt),
    links,
    serverTimings,
  };
  if (at) notices.deprecatedAt = at;
  if (sunsetAt) notices.sunsetAt = sunsetAt;
  if (message !== undefined) notices.message = message;
  if (version !== undefined) notices.version = version;
  if (serverMs !== undefined) notices.serverMs = serverMs;
  return notices;
}
