import {
  type ClientEvent,
  type ClientOptions,
  createClient,
  type Transport,
} from "../../../src/runtime/index.ts";
import { type VirtualTime, virtualTime } from "../../../src/testing/virtual-time.ts";
import { networkError } from "../support.ts";

/** mulberry32: small, and the same on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One request as it arrives at the provider. */
export interface Arrival {
  at: number;
  path: string;
  method: string;
  key: string | undefined;
}

/** What the provider does with a request, and what of it becomes known. */
export interface Fate {
  /** The provider acts on the request. */
  acts: boolean;
  /** Milliseconds until something comes back. */
  afterMs: number;
  reply:
    | { kind: "answer"; status: number; headers?: Record<string, string>; text?: string }
    /** The connection breaks: before the head, or in the body. */
    | { kind: "break"; code: string; head?: boolean }
    /** Nothing ever comes back. */
    | { kind: "silence" };
}

export interface World {
  time: VirtualTime;
  random: () => number;
  arrivals: Arrival[];
  /** Effects by idempotency key; by path where there is none. */
  effects: Map<string, number>;
  events: ClientEvent[];
  client(options?: Partial<ClientOptions>): ReturnType<typeof createClient>;
}

/** A provider in virtual time that keeps its books. Requests with a key take effect once. */
export function makeWorld(seed: number, fate: (arrival: Arrival, random: () => number) => Fate): World {
  const random = randomFrom(seed);
  const time = virtualTime({ turns: 0 });
  const arrivals: Arrival[] = [];
  const effects = new Map<string, number>();
  const events: ClientEvent[] = [];
  const act = ({ key, path }: Arrival) => {
    if (key === undefined) effects.set(path, (effects.get(path) ?? 0) + 1);
    else effects.set(key, 1);
  };
  const transport: Transport = ({ url, method, headers }, _scope, onHead) =>
    new Promise((resolve, reject) => {
      const path = url.slice("https://api.example.com".length);
      const arrival = { at: time.clock.now(), path, method, key: headers["idempotency-key"] };
      const { acts, afterMs, reply } = fate(arrival, random);
      // A refused connection never reaches the provider.
      if (!(reply.kind === "break" && reply.code === "ECONNREFUSED")) arrivals.push(arrival);
      if (acts) act(arrival);
      if (reply.kind === "silence") return;
      time.clock.after(afterMs, () => {
        const status = reply.kind === "answer" ? reply.status : 200;
        const head = {
          "content-type": "application/json",
          ...(reply.kind === "answer" ? reply.headers : {}),
        };
        if (reply.kind === "answer" || reply.head) {
          onHead({ status, headers: head, asHeaders: () => new Headers(head) });
        }
        if (reply.kind === "answer") resolve(reply.text ?? "{}");
        else reject(networkError(reply.code));
      });
    });
  const client: World["client"] = (options = {}) =>
    createClient({
      integration: "acme",
      version: "v1",
      baseUrl: "https://api.example.com",
      env: {},
      clock: time.clock,
      random,
      transport,
      newKey: () => `key-${Math.floor(random() * 2 ** 40)}`,
      onEvent: (event) => events.push(event),
      ...options,
    });
  return { time, random, arrivals, effects, events, client };
}

/** A wait in the world's time. */
export function pause({ time }: World, ms: number): Promise<void> {
  return new Promise((resolve) => time.clock.after(ms, resolve));
}

/** The most arrivals in any stretch of `ms` milliseconds. */
export function mostWithin(arrivals: readonly Arrival[], ms: number): number {
  let most = 0;
  let from = 0;
  for (const [index, { at }] of arrivals.entries()) {
    while ((arrivals[from]?.at ?? at) <= at - ms) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

/** A reply with a status. */
export const answer = (status: number, headers: Record<string, string> = {}): Fate["reply"] => ({
  kind: "answer",
  status,
  headers,
});

/** Resets, stalls, half bodies, 429 with and without hints, 5xx, slow answers; the provider may have acted all the same. */
export function badDay(mood: number): (arrival: Arrival, random: () => number) => Fate {
  return (_arrival, random) => {
    const afterMs = Math.floor(random() * 3000);
    const dice = random();
    const acts = random() < 0.7;
    if (dice > mood) return { acts: true, afterMs, reply: answer(200) };
    const share = dice / mood;
    if (share < 0.15)
      return {
        acts: false,
        afterMs: 0,
        reply: answer(429, { "retry-after": String(Math.floor(random() * 8)) }),
      };
    if (share < 0.2) return { acts: false, afterMs: 0, reply: answer(429) };
    if (share < 0.35)
      return { acts, afterMs, reply: answer(503, random() < 0.5 ? { "retry-after-ms": "700" } : {}) };
    if (share < 0.5) return { acts, afterMs, reply: answer(500) };
    if (share < 0.6) return { acts, afterMs, reply: { kind: "break", code: "ECONNRESET" } };
    if (share < 0.7) return { acts: false, afterMs: 1, reply: { kind: "break", code: "ECONNREFUSED" } };
    if (share < 0.8) return { acts, afterMs: 0, reply: { kind: "silence" } };
    if (share < 0.9) return { acts, afterMs, reply: { kind: "break", code: "UND_ERR_SOCKET", head: true } };
    return { acts: false, afterMs, reply: answer(404) };
  };
}
