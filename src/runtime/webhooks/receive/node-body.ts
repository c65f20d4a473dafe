import type { IncomingMessage } from "node:http";
import type { WebhookOutcome } from "./outcome.ts";
import type { WebhookReceiver } from "./receiver.ts";

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
export function bodyOf(
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
