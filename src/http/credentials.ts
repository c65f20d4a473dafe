import type { HttpRequest } from "./exchange.ts";

/** The request with a header that carries a credential; one of the same name gives way. */
export function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  const others = Object.entries(request.headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  const { headers = [], query = [] } = request.credentials ?? {};
  return {
    ...request,
    headers: { ...Object.fromEntries(others), [name.toLowerCase()]: value },
    credentials: { headers: [...headers, name.toLowerCase()], query },
  };
}

/** The request with headers that carry credentials. */
export function withHeaders(request: HttpRequest, headers: Readonly<Record<string, string>>): HttpRequest {
  return Object.entries(headers).reduce((result, [name, value]) => withHeader(result, name, value), request);
}

/** The request with a query parameter that carries a credential. */
export function withParameter(request: HttpRequest, name: string, value: string): HttpRequest {
  const url = new URL(request.url);
  url.searchParams.set(name, value);
  const { headers = [], query = [] } = request.credentials ?? {};
  return { ...request, url: url.href, credentials: { headers, query: [...query, name] } };
}
