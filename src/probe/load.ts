import { setMaxListeners } from "node:events";
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { Clock } from "../base/context.ts";
import { formatDuration } from "../base/duration.ts";
import type { LoadClient } from "../http/client.ts";
import type { ExchangeFailure } from "../http/exchange.ts";
import { ExchangeError } from "../http/failure.ts";
import type { Lane, LaneAnswer } from "../http/lane.ts";
import type { QuotaReading } from "../quota/quota.ts";
import { readQuota } from "../quota/read.ts";
import { type QuotaLedger, type Refusal, wantsPause } from "./ledger.ts";
import { pausing } from "./pausing.ts";
import type { Stop } from "./result.ts";
import type { Subject } from "./subject.ts";

export interface LoadOptions {
  /** Connections, each with one request under way. */
  concurrency: number;
  /** Milliseconds. */
  durationMs: number;
  /** Requests a second over all connections; undefined: as fast as answers come. */
  rate?: number;
  /** Deadline of one request, milliseconds. */
  timeoutMs: number;
}

/** Percentiles of a load test, milliseconds; three significant digits. */
export interface LoadLatency {
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
  mean: number | null;
}

export interface LoadResult {
  subject: Subject;
  concurrency: number;
  rate?: number;
  durationMs: number;
  requests: number;
  bytes: number;
  /** Answers by status. */
  statuses: Readonly<Record<number, number>>;
  /** Failures by kind. */
  failures: Readonly<Record<string, number>>;
  /** The first failure of the kind that came most often. */
  failure?: ExchangeFailure;
  /** With a rate: from when the request was due, so that a stalled server cannot hide its stall. */
  latency: LoadLatency;
  /** With a rate: from when the request was sent. */
  serviceTime?: LoadLatency;
  /** With a rate: requests that were due, and that no connection was free to send until the end. They count as having waited until then. */
  unsent?: number;
  stop?: Stop;
  reading?: QuotaReading;
}

export interface LoadDeps {
  client: LoadClient;
  clock: Clock;
  ledger: QuotaLedger;
  signal?: AbortSignal;
  /** Called some times a second. */
  onProgress?: (progress: { requests: number; failures: number; elapsedMs: number }) => void;
}

/**
 * Reading quota headers costs more than the rest of an answer: not done more often than this, unless what was sent since
 * may have used the quota up.
 */
const QUOTA_EVERY_MS = 50;
const TICK_MS = 100;
/** Lanes that fail at once wait before they try again, so that a dead server is not hammered. */
const FAILURE_PAUSE_MS = 100;

const histogram = () => createHistogram({ lowest: 1, highest: 3_600_000_000, figures: 3 });

function latencyOf(from: RecordableHistogram): LoadLatency {
  const { count } = from;
  const at = (percentile: number, least: number) =>
    count >= least ? from.percentile(percentile) / 1000 : null;
  return {
    p50: at(50, 1),
    p90: at(90, 10),
    p95: at(95, 20),
    p99: at(99, 100),
    p999: at(99.9, 1000),
    max: count > 0 ? from.max / 1000 : null,
    mean: count > 0 ? from.mean / 1000 : null,
  };
}

/** One load test under way. */
class Loading {
  readonly #subject: Subject;
  readonly #options: LoadOptions;
  readonly #deps: LoadDeps;
  readonly #signal: AbortSignal | undefined;
  /** Microseconds. */
  readonly #latency = histogram();
  readonly #service = histogram();
  readonly #statuses: Record<number, number> = {};
  readonly #failures: Record<string, number> = {};
  readonly #firstOf = new Map<string, ExchangeFailure>();
  readonly #sentAt = new Map<Lane, number>();
  /** Lanes that have their answers and go on together. */
  #waiting: (() => void)[] = [];
  #requests = 0;
  #failed = 0;
  #bytes = 0;
  #slots = 0;
  /** Requests that were due and not sent, milliseconds from the start: what the connections had in hand when they ended. */
  readonly #unsent: number[] = [];
  #quotaAt = Number.NEGATIVE_INFINITY;
  #reading: QuotaReading | undefined;
  #stop: Stop | undefined;
  #start = 0;

  constructor(subject: Subject, options: LoadOptions, deps: LoadDeps) {
    this.#subject = subject;
    this.#options = options;
    this.#deps = deps;
    if (!deps.signal) return;
    // Every connection waits by it: more listeners than Node takes for anything but a leak.
    this.#signal = AbortSignal.any([deps.signal]);
    setMaxListeners(0, this.#signal);
  }

  get #elapsed(): number {
    return this.#deps.clock.monotonic() - this.#start;
  }

  /** Before its time. */
  get #ended(): boolean {
    return this.#stop !== undefined || this.#signal?.aborted === true;
  }

  get #over(): boolean {
    return this.#ended || this.#elapsed >= this.#options.durationMs;
  }

  async run(): Promise<LoadResult> {
    const { client, clock } = this.#deps;
    const lanes = await client.lanes(this.#options.concurrency, this.#subject.request);
    if ("failure" in lanes) throw new ExchangeError(lanes.failure);
    this.#start = clock.monotonic();
    const ticks = setInterval(() => this.#tick(), TICK_MS);
    try {
      await Promise.all(lanes.map((lane) => this.#drive(lane)));
    } finally {
      clearInterval(ticks);
      for (const lane of lanes) lane.close();
    }
    const durationMs = this.#elapsed;
    const unsent = this.#stop ? 0 : this.#countUnsent(durationMs);
    return this.#result(durationMs, unsent);
  }

  /**
   * Requests that were due while every connection waited for an answer, and that the end came before: a server that stalls
   * last would hide its stall with them.
   */
  #countUnsent(endMs: number): number {
    const { rate, durationMs } = this.#options;
    if (rate === undefined) return 0;
    const end = Math.min(endMs, durationMs);
    let count = 0;
    const missed = (slot: number) => {
      count++;
      // Without any answer there is no latency to correct.
      if (this.#latency.count > 0) this.#latency.record(Math.max(1, Math.round((endMs - slot) * 1000)));
    };
    for (const slot of this.#unsent) if (slot < end) missed(slot);
    for (let slot = this.#nextSlot(); slot < end; slot = this.#nextSlot()) missed(slot);
    return count;
  }

  #tick(): void {
    const now = this.#deps.clock.monotonic();
    const late = now - this.#options.timeoutMs;
    const ended =
      this.#elapsed >= this.#options.durationMs + this.#options.timeoutMs || this.#signal?.aborted;
    for (const [lane, sentAt] of this.#sentAt) {
      if (sentAt < late || ended) {
        lane.fail(
          new ExchangeError({
            kind: sentAt < late ? "timeout" : "aborted",
            message: `an answer took longer than ${formatDuration(this.#options.timeoutMs)}`,
          }),
        );
      }
    }
    this.#deps.onProgress?.({ requests: this.#requests, failures: this.#failed, elapsedMs: this.#elapsed });
  }

  /**
   * When the next request is due, milliseconds from the start: adding the start and taking it away again would round the
   * last slot into the duration.
   */
  #nextSlot(): number {
    const { rate } = this.#options;
    return rate === undefined ? this.#deps.clock.monotonic() - this.#start : (this.#slots++ * 1000) / rate;
  }

  /** One lane's requests, one after the other. By callbacks: a promise for each request would cost more than to count it. */
  #drive(lane: Lane): Promise<void> {
    const { clock } = this.#deps;
    const { request } = this.#subject;
    lane.load(request);
    return new Promise((resolve, reject) => {
      let due = 0;
      let slot = 0;
      const leave = () => {
        this.#unsent.push(slot);
        resolve();
      };
      const next = () => {
        slot = this.#nextSlot();
        if (this.#over || slot >= this.#options.durationMs) return leave();
        due = this.#start + slot;
        const wait = this.#options.rate === undefined ? 0 : due - clock.monotonic();
        if (wait > 0 || request.sign) this.#prepare(lane, wait).then(send, reject);
        else send();
      };
      const send = () => {
        // What was due before the end is sent, however late the timer.
        if (this.#ended || !this.#mayAsk()) return leave();
        this.#sentAt.set(lane, clock.monotonic());
        lane.fire(answered);
      };
      const answered = (answer: LaneAnswer) => {
        this.#settle(lane, answer, due);
        if (answer.failure)
          clock
            .sleep(FAILURE_PAUSE_MS, this.#signal)
            .catch(() => {})
            .then(next, reject);
        else this.#afterAnswers(next);
      };
      next();
    });
  }

  /**
   * When all the answers that have come are read. Going on after each of them wakes a server for every single request, which
   * costs both sides more than the request does.
   */
  #afterAnswers(next: () => void): void {
    if (this.#waiting.push(next) > 1) return;
    setImmediate(() => {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const one of waiting) one();
    });
  }

  /** Waits until a request is due, and signs it where it must be signed anew. */
  async #prepare(lane: Lane, waitMs: number): Promise<void> {
    const { clock, client } = this.#deps;
    const { request } = this.#subject;
    if (waitMs > 0) await clock.sleep(waitMs, this.#signal).catch(() => {});
    if (!request.sign || this.#ended) return;
    const signed = await client.sign(request);
    if ("failure" in signed) throw new ExchangeError(signed.failure);
    lane.load(signed);
  }

  #refusal(): Refusal | undefined {
    const { ledger, clock } = this.#deps;
    return ledger.refuses(this.#subject.quotaKey, this.#subject.reserve, clock.now());
  }

  #mayAsk(): boolean {
    const refusal = this.#refusal();
    if (refusal) this.#stop ??= { ...refusal, throttled: false };
    else this.#deps.ledger.spend(this.#subject.quotaKey);
    return refusal === undefined;
  }

  #settle(lane: Lane, answer: LaneAnswer, due: number): void {
    const sentAt = this.#sentAt.get(lane) ?? due;
    this.#sentAt.delete(lane);
    this.#deps.ledger.settle(this.#subject.quotaKey);
    const now = this.#deps.clock.monotonic();
    this.#count(answer, now - due, now - sentAt, now);
  }

  #count(answer: LaneAnswer, latencyMs: number, serviceMs: number, now: number): void {
    const { failure, status, bytes } = answer;
    this.#bytes += bytes;
    if (failure) {
      // What the end of the test cut off is no failure of the server.
      if (failure.kind === "aborted") return;
      this.#requests++;
      this.#failed++;
      this.#failures[failure.kind] = (this.#failures[failure.kind] ?? 0) + 1;
      if (!this.#firstOf.has(failure.kind)) this.#firstOf.set(failure.kind, failure);
      return;
    }
    this.#requests++;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    this.#latency.record(Math.max(1, Math.round(latencyMs * 1000)));
    if (this.#options.rate !== undefined) this.#service.record(Math.max(1, Math.round(serviceMs * 1000)));
    const refusal = status === 429 || status === 403 || status === 503;
    if (refusal || now - this.#quotaAt >= QUOTA_EVERY_MS || this.#refusal() !== undefined)
      this.#learn(answer, now);
  }

  #learn(answer: LaneAnswer, now: number): void {
    this.#quotaAt = now;
    const wall = this.#deps.clock.now();
    const reading = readQuota(answer.headers(), { now: wall, status: answer.status });
    this.#reading = reading;
    this.#deps.ledger.learn(this.#subject.quotaKey, reading, wall, answer.status);
    if (!wantsPause(reading, answer.status)) return;
    this.#stop ??= pausing(reading, wall);
  }

  #result(durationMs: number, unsent: number): LoadResult {
    const { rate, concurrency } = this.#options;
    const [commonest = ""] = Object.entries(this.#failures).sort(([, a], [, b]) => b - a)[0] ?? [];
    const failure = this.#firstOf.get(commonest);
    return {
      subject: this.#subject,
      concurrency,
      ...(rate === undefined ? {} : { rate, serviceTime: latencyOf(this.#service), unsent }),
      durationMs,
      requests: this.#requests,
      bytes: this.#bytes,
      statuses: this.#statuses,
      failures: this.#failures,
      ...(failure ? { failure } : {}),
      latency: latencyOf(this.#latency),
      ...(this.#stop ? { stop: this.#stop } : {}),
      ...(this.#reading ? { reading: this.#reading } : {}),
    };
  }
}

/**
 * Sends one request again and again over several connections for a while. Memory does not grow with the number of requests.
 * With a rate, requests are due at fixed times whatever the server does, and latency counts from then (no coordinated
 * omission). Stops where the provider refuses, or the quota's reserve is reached.
 * @throws ExchangeError where the request cannot be sent at all
 */
export function runLoad(subject: Subject, options: LoadOptions, deps: LoadDeps): Promise<LoadResult> {
  return new Loading(subject, options, deps).run();
}
