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

/** Reads on from `first` until the stream ends, or has given `enough` bytes. */
async function readOn(reader: Body, first: Uint8Array, enough: number, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for (let value: Uint8Array | undefined = first; value !== undefined; ) {
    size += value.byteLength;
    if (size > maxBytes) await refuse(reader, maxBytes);
    text += decoder.decode(value, { stream: true });
    value = size < enough ? (await reader.read()).value : undefined;
  }
  return text + decoder.decode();
}

async function refuse(reader: Body, maxBytes: number): Promise<never> {
  await reader.cancel();
  throw tooLarge(maxBytes);
}

/** A transport on `fetch`. */
export function fetchTransport(fetch: Fetch): Transport {
  return async ({ url, method, headers, body, maxBytes }, scope, onHead) => {
    const init: RequestInit = { method, headers, redirect: "manual", signal: scope.signal };
    if (body !== undefined) init.body = body;
    const response = await fetch(url, init);
    const head = new FetchHead(response);
    onHead(head);
    let text = "";
    const reader = response.body?.getReader();
    if (reader !== undefined) {
      const declared = Number(head.headers["content-length"] ?? Number.NaN);
      if (declared > maxBytes) await refuse(reader, maxBytes);
      // Where the length was declared, and nothing is encoded, the last byte is known when it comes: that the stream then
      // ends as well is not waited for, which is a seventh of what `fetch` costs. `fetch` itself keeps the length.
      const known = declared > 0 && head.headers["content-encoding"] === undefined;
      const enough = known ? declared : Number.POSITIVE_INFINITY;
      const { value } = await reader.read();
      if (value !== undefined) {
        const whole = value.byteLength >= enough && value.byteLength <= maxBytes;
        text = whole ? utf8.decode(value) : await readOn(reader, value, enough, maxBytes);
      }
    }
    // Only after a whole exchange: after anything else something may still listen.
    scope.returnSignal();
    return text;
  };
}
