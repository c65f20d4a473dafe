import { setTimeout as delay } from "node:timers/promises";
import type { ExchangeFailure, HttpRequest } from "../../../http/exchange.ts";

/** An answer of a service: its status, and its body where that is JSON. */
export interface Answer {
  status: number;
  body: unknown;
}

export interface ServiceOptions {
  env: Readonly<Record<string, string | undefined>>;
  clock: { now(): number; monotonic(): number };
  signal?: AbortSignal | undefined;
  /** A certificate authority to trust besides the usual ones, PEM. */
  ca?: string | undefined;
}

const LIMITS = { deadlineMs: 20_000, maxBodyBytes: 16 << 20, maxRedirects: 0 };
const ATTEMPTS = 4;
/** Milliseconds before the second attempt; doubled for each further one. */
const PAUSE = 150;

function parse(body: Uint8Array): unknown {
  const text = Buffer.from(body).toString("utf8");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Asks a service that keeps secrets. A refused connection, and what the service calls temporary, is tried again a few times:
 * nothing that is sent here does harm when it arrives twice.
 * @param isTemporary whether an answer asks to be tried again
 */
export async function ask(
  request: HttpRequest,
  options: ServiceOptions,
  isTemporary: (answer: Answer) => boolean,
): Promise<Answer | { failure: ExchangeFailure }> {
  // Loaded late: most commands about secrets never ask a service.
  const { createHttpClient } = await import("../../../http/client.ts");
  const client = createHttpClient({
    env: options.env,
    clock: options.clock,
    ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
  });
  try {
    for (let attempt = 1; ; attempt++) {
      const { response, failure } = await client.exchange(request, {
        limits: LIMITS,
        ...(options.signal ? { signal: options.signal } : {}),
      });
      options.signal?.throwIfAborted();
      const answer = response && { status: response.status, body: parse(response.body) };
      const again = answer ? isTemporary(answer) : failure?.kind !== "tls";
      if (answer && (!again || attempt === ATTEMPTS)) return answer;
      if (failure && (!again || attempt === ATTEMPTS)) return { failure };
      await delay(PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  } finally {
    await client.close();
  }
}
