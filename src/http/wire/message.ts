import type { HttpRequest } from "../exchange.ts";
import type { ProxyServer } from "../proxy.ts";
import { requestBytes } from "./request-bytes.ts";
import type { WireMessage } from "./wire.ts";

/**
 * A request as it goes out. A plain one for a proxy goes to the proxy itself, with the whole URL in its request line.
 * @param url the request's
 * @throws where a header holds what would end it, or says what the request is not
 */
export function messageOf(
  request: HttpRequest,
  url: URL,
  proxy: ProxyServer | undefined,
  maxBodyBytes: number,
): WireMessage {
  const path = `${url.pathname}${url.search}`;
  const absolute = proxy !== undefined && url.protocol === "http:";
  const authorization = absolute ? proxy.authorization : undefined;
  const headers = authorization
    ? { ...request.headers, "proxy-authorization": authorization }
    : request.headers;
  const target = absolute ? `${url.origin}${path}` : path;
  const { method, body } = request;
  const bytes = requestBytes({ method, target, host: url.host, headers, body });
  return { request: { ...request, headers }, target, bytes, maxBodyBytes };
}
