import type { Exchange, HttpRequest } from "./exchange.ts";
import { isSecretName } from "./redact.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Headers that speak of the body, and go with it. */
const BODY_HEADERS = new Set(["content-type", "content-length", "content-encoding", "content-language"]);

const ALWAYS_SECRET = new Set(["authorization", "proxy-authorization", "cookie", "host"]);

type Next = { follow: HttpRequest } | { refused: string };

function withoutCredentials(request: HttpRequest, url: URL): HttpRequest {
  const names = new Set(request.credentials?.headers ?? []);
  const headers = Object.entries(request.headers).filter(([name]) => {
    const key = name.toLowerCase();
    return !ALWAYS_SECRET.has(key) && !names.has(key) && !isSecretName(key);
  });
  for (const parameter of request.credentials?.query ?? []) url.searchParams.delete(parameter);
  const { sign: _sign, ...rest } = request;
  return { ...rest, url: url.href, headers: Object.fromEntries(headers) };
}

function asGet(request: HttpRequest): HttpRequest {
  const { body: _body, ...rest } = request;
  const headers = Object.entries(request.headers).filter(([name]) => !BODY_HEADERS.has(name.toLowerCase()));
  return { ...rest, method: "GET", headers: Object.fromEntries(headers) };
}

/**
 * What to send after a redirect: 303, and 301/302 after POST, turn into GET as browsers do; user info in the address is
 * dropped always, every credential when the origin differs, and a body is never carried to another origin.
 * @returns undefined where the response is no redirect
 */
export function nextRequest(
  request: HttpRequest,
  status: number,
  location: string | undefined,
): Next | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, request.url)) return { refused: "to something that is not a URL" };
  const url = new URL(location, request.url);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return { refused: `to ${url.protocol}, which is neither http: nor https:` };
  url.username = "";
  url.password = "";
  const from = new URL(request.url);
  if (url.hash === "" && from.hash !== "") url.hash = from.hash;
  const method = request.method.toUpperCase();
  const becomesGet =
    (status === 303 && method !== "HEAD") || ((status === 301 || status === 302) && method === "POST");
  const kept = becomesGet ? asGet(request) : request;
  if (url.origin === from.origin) return { follow: { ...kept, url: url.href } };
  if (kept.body !== undefined)
    return { refused: `a ${method} with its body to another origin, ${url.origin}` };
  return { follow: withoutCredentials(kept, url) };
}

/** The origin to which a redirect led away from whom was asked, if one did: who answers there was sent no credential. */
export function strangerOf({ hops }: Exchange): string | undefined {
  const away = hops.find(({ url, location }) => new URL(url).origin !== new URL(location).origin);
  return away && new URL(away.location).origin;
}
