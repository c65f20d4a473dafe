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
    this.headers = Object.fromEntries(response.headers);
    this.#response = response;
  }

  asHeaders(): Headers {
    return this.#response.headers;
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) throw tooLarge(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function refuse(response: Response, maxBytes: number): Promise<never> {
  await response.body?.cancel();
  throw tooLarge(maxBytes);
}

function read(response: Response, { headers }: FetchHead, maxBytes: number): Promise<string> {
  const declared = Number(headers["content-length"] ?? Number.NaN);
  if (declared > maxBytes) return refuse(response, maxBytes);
  // Without an encoding the declared length is the real one: `fetch` itself keeps it.
  const known = declared <= maxBytes && headers["content-encoding"] === undefined;
  return known ? response.text() : readBounded(response, maxBytes);
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
