import type { IncomingMessage, ServerResponse } from "node:http";
import { publicUrl } from "./fetch.ts";
import { bodyOf, type NodeRequest } from "./node-body.ts";
import type { WebhookAnswer } from "./outcome.ts";
import { requireReceiver, type WebhookReceiver } from "./receiver.ts";

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
