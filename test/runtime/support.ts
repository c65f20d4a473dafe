import { type Client, type ClientEvent, type ClientOptions, createClient } from "../../src/runtime/index.ts";
import { type VirtualTime, virtualTime } from "../../src/testing/virtual-time.ts";

/** One request as the provider sees it. */
export interface Seen {
  at: number;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

export type Reaction =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string>; afterMs?: number }
  | { error: Error; afterMs?: number }
  | { never: true };

/** A provider that reacts from a script, the last reaction over and over, in virtual time. */
export function provider(script: readonly Reaction[] | ((seen: Seen, index: number) => Reaction)) {
  const time: VirtualTime = virtualTime();
  const seen: Seen[] = [];
  const events: ClientEvent[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const request: Seen = {
      at: time.clock.now(),
      url,
      method: init.method ?? "GET",
      headers: Object.fromEntries(new Headers(init.headers)),
      body: init.body,
    };
    seen.push(request);
    const index = seen.length - 1;
    const reaction =
      typeof script === "function"
        ? script(request, index)
        : (script[Math.min(index, script.length - 1)] ?? {});
    if ("never" in reaction) return new Promise(() => {});
    if (reaction.afterMs)
      await new Promise<void>((resolve) => time.clock.after(reaction.afterMs ?? 0, resolve));
    if ("error" in reaction) throw reaction.error;
    const body = reaction.text ?? (reaction.json === undefined ? "{}" : JSON.stringify(reaction.json));
    const status = reaction.status ?? 200;
    return new Response(status === 204 || status === 304 ? null : body, {
      status,
      headers: { "content-type": "application/json", ...reaction.headers },
    });
  };
  const client = (options: Partial<ClientOptions> = {}): Client =>
    createClient({
      integration: "acme",
      version: "v1",
      baseUrl: "https://api.example.com",
      env: {},
      fetch,
      clock: time.clock,
      random: () => 0.5,
      onEvent: (event) => events.push(event),
      ...options,
    });
  return { time, seen, events, client, fetch };
}

/** A network failure as Node's fetch throws it. */
export function networkError(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

export const getThing = { operation: "get-thing", method: "GET", path: "/things/1" } as const;
export const createThing = {
  operation: "create-thing",
  method: "POST",
  path: "/things",
  body: { a: 1 },
} as const;

/** What a promise rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}
