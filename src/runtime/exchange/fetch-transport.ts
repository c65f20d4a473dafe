import { giveController, takeController } from "../time/signals.ts";
import { type ResponseHead, type Transport, tooLarge } from "./transport.ts";

/** The part of the platform's `fetch` that is used; MSW, a proxy or another transport can take its place. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

class FetchHead implements ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #response: Response;

  constructor(response: Response) {
    this.status = response.status;
    const headers: Record<string, string> = {};
    // Not by the iterator, which makes an array for each.
    response.headers.forEach((value, name) => {
      headers[name] = value;
    });
    this.headers = headers;
    this.#response = response;
  }

  asHeaders(): Headers {
    return this.#response.headers;
  }
}

const utf8 = new TextDecoder();

type Body = ReadableStreamDefaultReader<Uint8Array>;

/** Reads on until the stream ends, or has given `enough` bytes. */
async function readOn(reader: Body, first: Uint8Array, enough: number, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let size = first.byteLength;
  let text = decoder.decode(first, { stream: true });
  while (size < enough) {
    const { value } = await reader.read();
    if (value === undefined) break;
    size += value.byteLength;
    if (size > maxBytes) await refuse(reader, maxBytes);
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

async function refuse(reader: Body, maxBytes: number): Promise<never> {
  await reader.cancel();
  throw tooLarge(maxBytes);
}

/**
 * Reads a body. Where its length was declared, and nothing is encoded, the last byte is known when it comes: that the
 * stream then ends as well is not waited for, which is a seventh of what `fetch` costs. `fetch` itself keeps the length.
 */
async function read(response: Response, { headers }: FetchHead, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const declared = Number(headers["content-length"] ?? Number.NaN);
  if (declared > maxBytes) return refuse(reader, maxBytes);
  const { value } = await reader.read();
  if (value === undefined) return "";
  if (value.byteLength > maxBytes) return refuse(reader, maxBytes);
  const known = declared > 0 && headers["content-encoding"] === undefined;
  if (known && value.byteLength >= declared) return utf8.decode(value);
  return readOn(reader, value, known ? declared : Number.POSITIVE_INFINITY, maxBytes);
}

/** A transport on `fetch`. */
export function fetchTransport(fetch: Fetch): Transport {
  return async ({ url, method, headers, body, maxBytes }, scope, onHead) => {
    const taken = takeController();
    const { controller } = taken;
    const forget = scope.onStop((reason) => controller.abort(reason));
    const init: RequestInit = { method, headers, redirect: "manual", signal: controller.signal };
    if (body !== undefined) init.body = body;
    const response = await fetch(url, init);
    const head = new FetchHead(response);
    onHead(head);
    const text = await read(response, head, maxBytes);
    forget();
    // Only after a whole exchange: after anything else something may still listen.
    giveController(taken);
    return text;
  };
}
