import type { Endpoint, Target } from "../config/project.ts";
import { baseUrlOf } from "../config/targets.ts";
import { VERSION } from "../version.ts";
import { authorize } from "./auth.ts";
import type { HttpRequest } from "./exchange.ts";
import { type SaveSecret, withTokenAddress } from "./signing/oauth2.ts";

export const USER_AGENT = `integ/${VERSION}`;

/** Names compare without case; the later value wins and keeps its place. */
function mergeHeaders(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const headers of all) {
    for (const [name, value] of Object.entries(headers)) merged[name.toLowerCase()] = value;
  }
  return merged;
}

function bodyOf({ body }: Endpoint): { headers: Record<string, string>; body?: string } {
  if (body === undefined) return { headers: {} };
  if (typeof body === "string") return { headers: { "content-type": "text/plain; charset=utf-8" }, body };
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/**
 * The request of an endpoint: its URL, our user agent, the version's headers, the endpoint's own (which win), its body as
 * JSON, and the credentials of the integration.
 * @param save keeps a refresh token that the provider replaces
 * @throws SecretError when a secret it needs has no value
 */
export function requestFor(
  target: Target,
  secrets: ReadonlyMap<string, string>,
  save?: SaveSecret,
): HttpRequest {
  const { endpoint, version, integration, environment, url } = target;
  const { headers, body } = bodyOf(endpoint);
  const request: HttpRequest = {
    method: endpoint.method.toUpperCase(),
    url,
    headers: mergeHeaders(
      { accept: "application/json", "user-agent": USER_AGENT },
      headers,
      version.headers,
      endpoint.headers,
    ),
    ...(body === undefined ? {} : { body }),
    ...(integration.deadlines === undefined ? {} : { deadlines: integration.deadlines }),
  };
  const auth = withTokenAddress(integration.auth, baseUrlOf(integration, environment));
  return authorize(request, auth, secrets, save);
}

const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/** Whether sending a request of this method twice means the same as once (RFC 9110 §9.2.2). */
export const isIdempotent = (method: string) => IDEMPOTENT.has(method.toUpperCase());
