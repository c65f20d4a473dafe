import type { IncomingMessage, ServerResponse } from "node:http";
import { publicUrl } from "./fetch.ts";
import type { WebhookAnswer, WebhookOutcome } from "./outcome.ts";
import { requireReceiver, type WebhookReceiver } from "./receiver.ts";

/** A request of node:http, or Express' richer one. */
export type NodeRequest = IncomingMessage & {
  /** What a body parser left: bytes with `express.raw()`. */
  body?: unknown;
  /** The bytes beside a parsed body, as serverless platforms and `express.json({ verify })` leave them. */
  rawBody?: unknown;
  /** The whole path, where a router has cut off its own part of `url`. */
  originalUrl?: string;
};

/** The bytes of a request, or why there are none; "gone" where the sender left. Stops reading at the limit. */
function bodyOf(
  request: NodeRequest,
  { maxBytes, bodyTimeoutMs }: WebhookReceiver["limits"],
): Promise<Uint8Array | WebhookOutcome | "gone"> {
  if (request.rawBody instanceof Uint8Array) return Promise.resolve(request.rawBody);
  if (request.body instanceof Uint8Array) return Promise.resolve(request.body);
  if (request.readableDidRead || request.readableEnded) return Promise.resolve("parsed");
  if (Number(request.headers["content-length"]) > maxBytes) return Promise.resolve("too_large");
  return new Promise((resolve) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    const finish = (result: Uint8Array | WebhookOutcome | "gone") => {
      clearTimeout(timer);
      request.off("data", take);
      request.pause();
      resolve(result);
    };
    const take = (part: Uint8Array) => {
      length += part.length;
      if (length > maxBytes) finish("too_large");
      else parts.push(part);
    };
    const timer = setTimeout(() => finish("too_slow"), bodyTimeoutMs);
    request.on("data", take);
    request.on("end", () => finish(Buffer.concat(parts)));
    request.on("error", () => finish("gone"));
    request.on("close", () => finish("gone"));
  });
}

function urlOf(request: NodeRequest, origin: string | undefined): string {
  const encrypted = "encrypted" in request.socket && request.socket.encrypted === true;
  const host = `${encrypted ? "https" : "http"}://${request.headers.host ?? "localhost"}`;
  const path = request.originalUrl ?? request.url ?? "/";
  const url = path.startsWith("/") ? host + path : path;
  return URL.canParse(url) ? publicUrl(url, origin) : url;
}

function send(request: IncomingMessage, response: ServerResponse, answer: WebhookAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
  // What is still coming of a body that is too large is not waited for.
  response.end(answer.body, () => {
    if (answer.headers["connection"] === "close") request.destroy();
  });
}

/**
 * A receiver as a listener of node:http, and as a route of Express: `app.post(path, nodeHandler(receiver))`, before
 * `express.json()` or with `express.raw({ type: "*\/*" })`. Never rejects.
 */
export function nodeHandler(
  receiver: WebhookReceiver,
): (request: NodeRequest, response: ServerResponse) => Promise<void> {
  requireReceiver("nodeHandler", receiver);
  return async (request, response) => {
    if (request.method !== "POST") return send(request, response, receiver.refuse("method"));
    const body = await bodyOf(request, receiver.limits);
    if (body === "gone") return;
    if (typeof body === "string") return send(request, response, receiver.refuse(body));
    const { headers, method } = request;
    const url = urlOf(request, receiver.limits.origin);
    send(request, response, await receiver.receive({ headers, body, url, method }));
  };
}
