import { CircuitOpenError, RateLimitError } from "../errors/errors.ts";
import { type Rate, RateWindow } from "../limiter/rate.ts";
import { count, countOrNone, milliseconds, requireNumbers, wait } from "../platform/numbers.ts";
import { callable, requireValue, requireValues, text } from "../platform/values.ts";

/** A piece of work that a handler is given. It may come again after a crash: make its effect idempotent by `id`. */
export interface Job<T> {
  readonly id: string;
  readonly data: T;
  /** Counts from 1. */
  readonly attempt: number;
}

/** A job that is tried no more. It stays until it is revived. */
export interface DeadJob<T> {
  readonly id: string;
  readonly data: T;
  readonly attempts: number;
  /** The message of the last error. */
  readonly error: string;
}

/** `held`: the provider asked all to wait, or its circuit is open; no attempt was used up. `trouble`: with Redis itself. */
export type QueueEvent =
  | { type: "done" | "dead" | "retry"; id: string; attempt: number; error?: unknown }
  | { type: "held"; id: string; forMs: number }
  | { type: "trouble"; error: unknown };

export interface QueueOptions {
  /** One queue per integration: the rate is of the whole queue. */
  name: string;
  /** Default 5. */
  attempts?: number;
  /** Milliseconds: the ceiling of the first wait after a failure, doubled with each, with full jitter. Default 1000. */
  backoffMs?: number;
  /** Milliseconds: no ceiling is above. Default 5 min. */
  maxBackoffMs?: number;
  /** Jobs that start in any stretch of time, of all workers together. */
  rate?: Rate;
  /** Finished jobs whose ids are remembered, so that the same id is not done again. Default 10,000. */
  keepDone?: number;
  onEvent?: (event: QueueEvent) => void;
  /** 0 ≤ r < 1. Default `Math.random`. */
  random?: () => number;
}

export interface AddOptions {
  /** The same id is one job, as long as it is remembered: an event's id makes a queue exactly as idempotent. Default a random one. */
  id?: string;
  /** Milliseconds before it may start. */
  delayMs?: number;
}

export interface WorkOptions {
  /** Jobs at a time in this process. Default 1. */
  concurrency?: number;
}

export interface QueueCounts {
  waiting: number;
  active: number;
  dead: number;
}

/** Work for later, with retries. The same in one process and on Redis. */
export interface Queue<T> {
  /** @returns the job's id, once the job is kept. @throws QueueUnavailableError */
  add(data: T, options?: AddOptions): Promise<string>;
  /** Starts working in this process. A handler that throws `GiveUpError` has no further attempt. Once per queue. */
  work(handle: (job: Job<T>) => unknown, options?: WorkOptions): void;
  dead(): Promise<DeadJob<T>[]>;
  /** Gives a dead job all its attempts again. `false`: there is no such job. */
  revive(id: string): Promise<boolean>;
  counts(): Promise<QueueCounts>;
  /**
   * Takes no more jobs and finishes what is under way, for at most `graceMs` (default 30 s). In one process waiting jobs
   * are finished too: nobody else will. @returns jobs that this process gave up
   */
  close(options?: { graceMs?: number }): Promise<{ left: number }>;
}

/** Thrown by a handler for a job that no repetition will mend. */
export class GiveUpError extends Error {
  override name = "GiveUpError";
}

/** The job was not kept: Redis does not answer, or the queue is closed. Adding it again with the same id is safe. */
export class QueueUnavailableError extends Error {
  override name = "QueueUnavailableError";
}

export const DEFAULTS = {
  attempts: 5,
  backoffMs: 1000,
  maxBackoffMs: 300_000,
  keepDone: 10_000,
  graceMs: 30_000,
};

/** @throws RangeError for an option that is no number that it can be; TypeError where there is no name */
export function checkQueue(options: QueueOptions): void {
  requireValues("queue", options, { name: text });
  requireNumbers(`queue ${options.name}`, options, {
    attempts: count,
    backoffMs: wait,
    maxBackoffMs: milliseconds,
    keepDone: countOrNone,
  });
  if (options.rate) new RateWindow(options.rate);
}

/** @throws RangeError */
export function checkAdd({ name }: QueueOptions, options: AddOptions): void {
  requireNumbers(`queue ${name}`, options, { delayMs: wait });
}

/** @throws RangeError */
export function checkWork({ name }: QueueOptions, handle: unknown, options: WorkOptions): void {
  requireValue(`queue ${name}: what handles a job`, handle, callable);
  requireNumbers(`queue ${name}`, options, { concurrency: count });
}

/** @throws RangeError */
export function checkClose({ name }: QueueOptions, options: { graceMs?: number }): void {
  requireNumbers(`queue ${name}`, options, { graceMs: wait });
}

/** Milliseconds before the attempt after `attempt`. */
export function waitAfter(attempt: number, options: QueueOptions): number {
  const {
    backoffMs = DEFAULTS.backoffMs,
    maxBackoffMs = DEFAULTS.maxBackoffMs,
    random = Math.random,
  } = options;
  return random() * Math.min(backoffMs * 2 ** (attempt - 1), maxBackoffMs);
}

/** Milliseconds for which the provider holds everybody back; undefined where the error says no such thing. */
export function holdOf(error: unknown, now: number, options: QueueOptions): number | undefined {
  if (!(error instanceof RateLimitError) && !(error instanceof CircuitOpenError)) return undefined;
  const { backoffMs = DEFAULTS.backoffMs } = options;
  return error.retryAt === undefined ? backoffMs : Math.max(1, error.retryAt - now);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
