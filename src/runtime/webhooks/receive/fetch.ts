import type { WebhookAnswer, WebhookOutcome } from "./outcome.ts";
import { requireReceiver, type WebhookReceiver } from "./receiver.ts";

/** The bytes of a request, or why there are none. Stops reading at the limit. */
async function bodyOf(
  request: Request,
  { maxBytes, bodyTimeoutMs }: WebhookReceiver["limits"],
): Promise<Uint8Array | WebhookOutcome> {
  if (request.bodyUsed) return "parsed";
  if (Number(request.headers.get("content-length")) > maxBytes) return "too_large";
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {});
  }, bodyTimeoutMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (late) return "too_slow";
      if (done) return Buffer.concat(parts);
      length += value.length;
      if (length > maxBytes) {
        reader.cancel().catch(() => {});
        return "too_large";
      }
      parts.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The URL as the provider called it. */
export function publicUrl(url: string, origin: string | undefined): string {
  if (origin === undefined) return url;
  const { pathname, search } = new URL(url);
  return origin.replace(/\/$/, "") + pathname + search;
}

function toResponse({ status, headers, body }: WebhookAnswer): Response {
  return new Response(body, { status, headers });
}

/**
 * A receiver as a function from `Request` to `Response`: a route handler of Next, `fetch` of a worker, and in Hono
 * `app.post(path, (c) => handler(c.req.raw))`.
 */
export function fetchHandler(receiver: WebhookReceiver): (request: Request) => Promise<Response> {
  requireReceiver("fetchHandler", receiver);
  return async (request) => {
    if (request.method !== "POST") return toResponse(receiver.refuse("method"));
    let body: Uint8Array | WebhookOutcome;
    try {
      body = await bodyOf(request, receiver.limits);
    } catch (error) {
      return toResponse(receiver.refuse("too_slow", error));
    }
    if (typeof body === "string") return toResponse(receiver.refuse(body));
    const { headers, method } = request;
    const url = publicUrl(request.url, receiver.limits.origin);
    return toResponse(await receiver.receive({ headers, body, url, method }));
  };
}
