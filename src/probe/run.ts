import type { Clock } from "../base/context.ts";
import { type Body, readBody } from "../http/body.ts";
import type { Exchange, ExchangeOptions, HttpClient, HttpResponse, Limits } from "../http/exchange.ts";
import type { QuotaReading } from "../quota/quota.ts";
import { readQuota } from "../quota/read.ts";
import { type QuotaLedger, type Refusal, wantsPause } from "./ledger.ts";
import { readNotices } from "./notices.ts";
import { pausing } from "./pausing.ts";
import type { ProbeResult, Sample, Stop } from "./result.ts";
import type { Subject } from "./subject.ts";

export interface ProbeOptions {
  /** Samples on a reused connection. */
  samples: number;
  /** Samples on a new connection each; they come first. */
  cold: number;
  /** Bounds of one exchange; they win over the request's own. */
  limits?: Partial<Limits>;
  /** Between two samples, milliseconds; spread by half to either side. */
  pauseMs: number;
}

export interface ProbeDeps {
  client: HttpClient;
  clock: Clock;
  ledger: QuotaLedger;
  /** 0 to 1, as Math.random. */
  random: () => number;
  signal?: AbortSignal;
  /** Called after each sample. */
  onSample?: (sample: Sample, subject: Subject) => void;
  /** Called with each exchange before its body is let go. */
  onExchange?: (exchange: Exchange, subject: Subject) => void;
  /** Looks at a body in place of `lookAt`. */
  look?: (response: HttpResponse) => Look;
}

/** What a probe wants to know of a body: what it is, and its value where it may tell of quota. */
export interface Look {
  kind: Body["kind"];
  value?: unknown;
}

/** Reads a body for what a probe wants to know of it. */
export function lookAt(response: HttpResponse): Look {
  const body = readBody(response);
  return body.kind === "json" ? { kind: body.kind, value: body.value } : { kind: body.kind };
}

/** The longest that a probe waits for a quota to come back before it gives up on the endpoint. */
const LONGEST_WAIT_MS = 5000;

/** Consecutive failures after which asking again would only be rude. */
const MAX_FAILURES = 3;

/** One probe under way. */
class Probing {
  readonly #subject: Subject;
  readonly #options: ProbeOptions;
  readonly #deps: ProbeDeps;
  readonly #samples: Sample[] = [];

  #answered: Pick<ProbeResult, "last" | "reading" | "notices"> = {};
  #quotas: QuotaReading["quotas"] = [];
  #tls: ProbeResult["tls"];
  #stop: Stop | undefined;

  constructor(subject: Subject, options: ProbeOptions, deps: ProbeDeps) {
    this.#subject = subject;
    this.#options = options;
    this.#deps = deps;
  }

  async run(): Promise<ProbeResult> {
    const { samples, cold } = this.#options;
    const wanted = samples + cold;
    while (this.#samples.length < wanted && !this.#deps.signal?.aborted) {
      const refusal = this.#refusal();
      if ((refusal && !(await this.#outlasts(refusal))) || this.#givesUp()) break;
      if (this.#samples.length > 0) await this.#pause();
      await this.#sample();
      if (this.#stop) break;
    }
    const result: ProbeResult = {
      subject: this.#subject,
      samples: this.#samples,
      wanted,
      quotas: this.#quotas,
      ...this.#answered,
    };
    if (this.#stop) result.stop = this.#stop;
    if (this.#tls) result.tls = this.#tls;
    return result;
  }

  /** Each cold sample has a connection of its own, of which the last serves the warm ones: the provider holds one open. */
  #connection(): Pick<ExchangeOptions, "freshConnection" | "closeAfterwards"> {
    const { cold, samples } = this.#options;
    const left = cold - this.#samples.length;
    return { freshConnection: left > 0, closeAfterwards: left > (samples > 0 ? 1 : 0) };
  }

  #givesUp(): boolean {
    const recent = this.#samples.slice(-MAX_FAILURES);
    return recent.length === MAX_FAILURES && recent.every(({ failure }) => failure !== undefined);
  }

  /** Why the ledger lets no request go now. */
  #refusal(): Refusal | undefined {
    const { ledger, clock } = this.#deps;
    const { quotaKey, reserve } = this.#subject;
    return ledger.refuses(quotaKey, reserve, clock.now());
  }

  /** A short wait is waited, a long one ends the probe. @returns whether a request may go now */
  async #outlasts(refusal: Refusal): Promise<boolean> {
    const { clock, signal } = this.#deps;
    const waitMs = refusal.until === undefined ? Number.POSITIVE_INFINITY : refusal.until - clock.now();
    if (waitMs > LONGEST_WAIT_MS) return this.#stopFor(refusal);
    await clock.sleep(Math.max(0, waitMs), signal);
    return this.#refusal() === undefined || this.#stopFor(refusal);
  }

  #stopFor(refusal: Refusal): false {
    this.#stop = { ...refusal, throttled: false };
    return false;
  }

  async #pause(): Promise<void> {
    const { clock, random, signal } = this.#deps;
    const ms = this.#options.pauseMs * (0.5 + random());
    if (ms > 0) await clock.sleep(ms, signal);
  }

  async #sample(): Promise<void> {
    const { client, ledger, signal, clock } = this.#deps;
    const { limits } = this.#options;
    ledger.spend(this.#subject.quotaKey);
    const options: ExchangeOptions = this.#connection();
    if (limits) options.limits = limits;
    if (signal) options.signal = signal;
    const exchange = await client.exchange(this.#subject.request, options);
    ledger.settle(this.#subject.quotaKey);
    if (exchange.failure?.kind === "aborted") return;
    this.#deps.onExchange?.(exchange, this.#subject);
    const serverMs = this.#learn(exchange, clock.now());
    const { totalMs, phases, connection, startedAt, response, failure } = exchange;
    const sample: Sample = { totalMs, phases, cold: !connection.reused, startedAt };
    if (response) sample.status = response.status;
    if (failure) sample.failure = failure;
    if (serverMs !== undefined) sample.serverMs = serverMs;
    this.#samples.push(sample);
    this.#deps.onSample?.(sample, this.#subject);
  }

  /** Takes from a response what it says besides its latency; gives the server's own account of its time. */
  #learn(exchange: Exchange, now: number): number | undefined {
    this.#tls = exchange.tls ?? this.#tls;
    const { response, connection, hops } = exchange;
    if (!response) return undefined;
    const { status, headers, httpVersion } = response;
    const { kind, value } = (this.#deps.look ?? lookAt)(response);
    const reading = readQuota(headers, { now, status, body: value });
    if (reading.quotas.length > 0) this.#quotas = reading.quotas;
    this.#deps.ledger.learn(this.#subject.quotaKey, reading, now, status);
    const notices = readNotices(headers);
    this.#answered = {
      last: { status, body: kind, contentType: headers["content-type"], httpVersion, connection, hops },
      reading,
      notices,
    };
    if (wantsPause(reading, status)) this.#stop = pausing(reading, now);
    return notices.serverMs;
  }
}

/**
 * Samples one subject: cold connections first, then one reused connection, one request after another. Asks the ledger
 * before each request, stops when the provider refuses, after three failures in a row, and when aborted. Never rejects but
 * for the abort.
 */
export function probe(subject: Subject, options: ProbeOptions, deps: ProbeDeps): Promise<ProbeResult> {
  return new Probing(subject, options, deps).run();
}
