import { readBody } from "../../http/body.ts";
import type { WholeSample } from "../judge.ts";
import { isObject, type JsonObject, own, stringOf } from "./json.ts";

/** One recorded exchange, under the endpoint that its URL seems to belong to. */
export interface HarEntry {
  /** `GET https://api.example.com/users/{}`. */
  endpoint: string;
  method: string;
  url: string;
  sample: WholeSample;
}

/** A part of a path that looks like a value: a number, a UUID, a long hexadecimal or prefixed id. */
const ID =
  /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{12,}|[a-z]{2,8}_[A-Za-z0-9]{8,}|(?=[^/]*\d)(?=[^/]*[A-Z])[A-Za-z0-9]{16,})$/i;

/** A URL with ids replaced by `{}`; the query is left out. */
export function endpointOf(method: string, url: string): string {
  if (!URL.canParse(url)) return `${method} ${url}`;
  const { origin, pathname } = new URL(url);
  const path = pathname
    .split("/")
    .map((part) => (ID.test(part) ? "{}" : part))
    .join("/");
  return `${method} ${origin}${path}`;
}

/** What a HAR recording holds. */
export interface HarContent {
  /** The exchanges that came to an end. */
  entries: HarEntry[];
  /** How many entries there are, those included that hold no whole exchange. */
  total: number;
}

/** The exchanges of a HAR recording that came to an end; what is broken in it is counted and left out. */
export function readHar(root: unknown): HarContent {
  const log = isObject(root) ? own(root, "log") : undefined;
  const entries = isObject(log) ? own(log, "entries") : undefined;
  const all: unknown[] = Array.isArray(entries) ? entries : [];
  return { entries: all.flatMap((entry) => (isObject(entry) ? readEntry(entry) : [])), total: all.length };
}

function readEntry(entry: JsonObject): HarEntry[] {
  const request = own(entry, "request");
  const response = own(entry, "response");
  if (!isObject(request) || !isObject(response)) return [];
  const method = stringOf(own(request, "method"))?.toUpperCase();
  const url = stringOf(own(request, "url"));
  const status = own(response, "status");
  if (method === undefined || url === undefined || typeof status !== "number" || status < 100) return [];
  const headers = headersOf(response);
  const body = readBody({ headers, body: bodyOf(response) });
  return [{ endpoint: endpointOf(method, url), method, url, sample: { status, headers, body } }];
}

function headersOf(response: JsonObject): Record<string, string> {
  const written = own(response, "headers");
  const headers: Record<string, string> = {};
  for (const header of Array.isArray(written) ? written : []) {
    const name = isObject(header) ? stringOf(own(header, "name"))?.toLowerCase() : undefined;
    const value = isObject(header) ? stringOf(own(header, "value")) : undefined;
    if (name === undefined || value === undefined || name.startsWith(":")) continue;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const content = own(response, "content");
  const type = isObject(content) ? stringOf(own(content, "mimeType")) : undefined;
  if (type !== undefined) headers["content-type"] ??= type;
  return headers;
}

function bodyOf(response: JsonObject): Uint8Array {
  const content = own(response, "content");
  const text = isObject(content) ? stringOf(own(content, "text")) : undefined;
  if (text === undefined) return new Uint8Array();
  const encoded = isObject(content) && own(content, "encoding") === "base64";
  return encoded ? Uint8Array.from(atob(text), (char) => char.charCodeAt(0)) : new TextEncoder().encode(text);
}
