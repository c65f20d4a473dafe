import type { Exchange, ExchangeFailure, HttpClient } from "../../src/http/exchange.ts";
import { QuotaLedger } from "../../src/probe/ledger.ts";
import type { Sample } from "../../src/probe/result.ts";
import { type ProbeOptions, probe } from "../../src/probe/run.ts";
import { type Subject, subjectOfUrl } from "../../src/probe/subject.ts";

/** What the server of a test answers. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  failure?: ExchangeFailure;
  totalMs?: number;
}

/** Time that passes only when somebody sleeps. */
export class VirtualClock {
  time = Date.parse("2026-01-15T12:00:00Z");
  slept: number[] = [];
  now = () => this.time;
  monotonic = () => this.time;
  sleep = async (ms: number) => {
    this.slept.push(ms);
    this.time += ms;
  };
}

/** A client that answers without a network; the connection is reused unless a fresh one is asked for. */
export function fakeClient(
  clock: VirtualClock,
  reply: (turn: number) => Reply,
): HttpClient & { turns: number } {
  return {
    turns: 0,
    async exchange(request, options = {}) {
      const { status = 200, headers = {}, body = "{}", failure, totalMs = 10 } = reply(this.turns++);
      const exchange: Exchange = {
        request: { method: request.method, url: request.url },
        phases: { ttfb: totalMs },
        totalMs,
        startedAt: clock.now(),
        connection: { reused: !options.freshConnection },
        hops: [],
        ...(failure
          ? { failure }
          : { response: { status, headers, body: Buffer.from(body), httpVersion: "1.1" } }),
      };
      return exchange;
    },
    async close() {},
  };
}

export const options: ProbeOptions = { samples: 20, cold: 5, limits: { deadlineMs: 1000 }, pauseMs: 0 };

/** Probes a fake server. */
export async function probing(
  reply: (turn: number) => Reply,
  more: {
    subject?: Partial<Subject>;
    options?: Partial<ProbeOptions>;
    onSample?: (sample: Sample) => void;
  } = {},
) {
  const clock = new VirtualClock();
  const client = fakeClient(clock, reply);
  const subject = { ...subjectOfUrl("https://api.example.com/v1/things"), ...more.subject };
  const result = await probe(
    subject,
    { ...options, ...more.options },
    {
      client,
      clock,
      ledger: new QuotaLedger(),
      random: () => 0.5,
      ...(more.onSample ? { onSample: more.onSample } : {}),
    },
  );
  return { result, clock, client, subject };
}
