import { VERSION } from "../version.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { redactHeaders, redactUrl } from "./redact.ts";

/** One exchange with the request it was made of. */
export interface HarExchange {
  request: HttpRequest;
  exchange: Exchange;
  /** Shown beside the entry. */
  comment?: string;
}

const pairs = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

function queryString(url: string) {
  return URL.canParse(url) ? [...new URL(url).searchParams].map(([name, value]) => ({ name, value })) : [];
}

const versionName = (version: string | undefined) => (version === "2" ? "h2" : `HTTP/${version ?? "1.1"}`);

function timings({ phases }: Exchange) {
  const { dns = -1, connect, tls, ttfb = 0, download = 0 } = phases;
  // HAR counts the TLS handshake within `connect` too.
  return {
    blocked: -1,
    dns,
    connect: connect === undefined ? -1 : connect + (tls ?? 0),
    ssl: tls ?? -1,
    send: 0,
    wait: ttfb,
    receive: download,
  };
}

/** Bytes on the wire as the server states them, -1 where it does not: what is no number would be `null` in JSON, which HAR forbids. */
const sizeOf = (length: string | undefined): number =>
  length !== undefined && /^\d+$/.test(length) ? Number(length) : -1;

function responseOf({ response, failure }: Exchange, credentials: readonly string[]) {
  const headers = redactHeaders(response?.headers ?? {}, credentials);
  return {
    status: response?.status ?? 0,
    statusText: "",
    httpVersion: versionName(response?.httpVersion),
    cookies: [],
    headers: pairs(headers),
    // Bodies hold customers' data; their size and type are enough for a network panel.
    content: { size: response?.body.length ?? 0, mimeType: headers["content-type"] ?? "x-unknown" },
    redirectURL: headers.location === undefined ? "" : redactUrl(headers.location),
    headersSize: -1,
    bodySize: sizeOf(response?.headers["content-length"]),
    ...(failure ? { _error: failure.message } : {}),
  };
}

/** One entry, from which the body has already gone. */
export function harEntry({ request, exchange, comment }: HarExchange) {
  const { headers = [], query = [] } = request.credentials ?? {};
  const url = redactUrl(request.url, query);
  return {
    startedDateTime: new Date(exchange.startedAt).toISOString(),
    time: exchange.totalMs,
    request: {
      method: request.method,
      url,
      httpVersion: versionName(exchange.response?.httpVersion),
      cookies: [],
      headers: pairs(redactHeaders(request.headers, headers)),
      queryString: queryString(url),
      headersSize: -1,
      bodySize: request.body?.length ?? 0,
    },
    response: responseOf(exchange, headers),
    cache: {},
    timings: timings(exchange),
    // Chromium's network panel takes JSON without it for a script.
    _resourceType: "fetch",
    ...(exchange.connection.remoteAddress ? { serverIPAddress: exchange.connection.remoteAddress } : {}),
    ...(comment ? { comment } : {}),
  };
}

export type HarEntry = ReturnType<typeof harEntry>;

/** An HTTP Archive 1.2 for a browser's network panel: every credential redacted, no bodies. */
export function toHar(entries: readonly HarEntry[]): { log: Record<string, unknown> } {
  return {
    log: {
      version: "1.2",
      creator: { name: "integ", version: VERSION },
      pages: [],
      entries,
    },
  };
}
