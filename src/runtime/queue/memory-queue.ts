import { RateWindow } from "../limiter/rate.ts";
import { nodeCrypto } from "../platform/builtins.ts";
import { tellListener } from "../platform/listener.ts";
import { count, requireNumbers } from "../platform/numbers.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { Hold } from "../time/hold.ts";
import {
  type AddOptions,
  checkAdd,
  checkClose,
  checkQueue,
  checkWork,
  DEFAULTS,
  type DeadJob,
  GiveUpError,
  holdOf,
  type Job,
  messageOf,
  type Queue,
  type QueueOptions,
  QueueUnavailableError,
  type WorkOptions,
  waitAfter,
} from "./queue.ts";

export interface MemoryQueueOptions extends QueueOptions {
  /** Jobs that may wait; more are refused. Default 100,000. */
  maxWaiting?: number;
  clock?: Clock;
}

/**
 * A queue within this process. What waits is lost when the process dies: for work that can be found again, and for tests.
 * @throws RangeError for an option that is no number that it can be
 */
export function memoryQueue<T>(options: MemoryQueueOptions): Queue<T> {
  return new MemoryQueue<T>(options);
}

class MemoryQueue<T> implements Queue<T> {
  readonly #options: MemoryQueueOptions;
  readonly #clock: Clock;
  readonly #rate: RateWindow | undefined;
  /** In the order in which they may start; a delayed job enters when its time has come. */
  readonly #ready = new Set<Job<T>>();
  readonly #delayed = new Set<Job<T>>();
  readonly #active = new Set<Job<T>>();
  readonly #dead = new Map<string, DeadJob<T>>();
  readonly #known = new Set<string>();
  readonly #done = new Set<string>();
  #handle: ((job: Job<T>) => unknown) | undefined;
  #concurrency = 1;
  readonly #hold = new Hold();
  #cancelWake: (() => void) | undefined;
  #closed = false;
  #stopped = false;
  #onIdle: (() => void) | undefined;

  constructor(options: MemoryQueueOptions) {
    checkQueue(options);
    requireNumbers(`queue ${options.name}`, options, { maxWaiting: count });
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#rate = options.rate && new RateWindow(options.rate);
  }

  async add(data: T, options: AddOptions = {}): Promise<string> {
    checkAdd(this.#options, options);
    const { id = nodeCrypto().randomUUID(), delayMs = 0 } = options;
    if (this.#closed) throw new QueueUnavailableError(`the queue ${this.#options.name} is closed`);
    if (this.#known.has(id)) return id;
    if (this.#ready.size + this.#delayed.size >= (this.#options.maxWaiting ?? 100_000)) {
      throw new QueueUnavailableError(`the queue ${this.#options.name} is full`);
    }
    this.#known.add(id);
    this.#enter({ id, data, attempt: 1 }, delayMs);
    return id;
  }

  work(handle: (job: Job<T>) => unknown, options: WorkOptions = {}): void {
    checkWork(this.#options, handle, options);
    if (this.#handle) throw new TypeError(`the queue ${this.#options.name} has its worker already`);
    this.#handle = handle;
    this.#concurrency = options.concurrency ?? 1;
    this.#pump();
  }

  async dead(): Promise<DeadJob<T>[]> {
    return [...this.#dead.values()];
  }

  async revive(id: string): Promise<boolean> {
    const job = this.#dead.get(id);
    if (!job || this.#closed) return false;
    this.#dead.delete(id);
    this.#enter({ id, data: job.data, attempt: 1 }, 0);
    return true;
  }

  async counts() {
    const waiting = this.#ready.size + this.#delayed.size;
    return { waiting, active: this.#active.size, dead: this.#dead.size };
  }

  async close(options: { graceMs?: number } = {}): Promise<{ left: number }> {
    checkClose(this.#options, options);
    const { graceMs = DEFAULTS.graceMs } = options;
    this.#closed = true;
    if (this.#handle && this.#left > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(graceMs, resolve);
        this.#onIdle = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#stopped = true;
    this.#cancelWake?.();
    return { left: this.#left };
  }

  get #left(): number {
    return this.#ready.size + this.#delayed.size + this.#active.size;
  }

  #enter(job: Job<T>, delayMs: number): void {
    if (delayMs <= 0) {
      this.#ready.add(job);
      this.#pump();
      return;
    }
    this.#delayed.add(job);
    this.#clock.after(delayMs, () => {
      this.#delayed.delete(job);
      this.#ready.add(job);
      this.#pump();
    });
  }

  #pump(): void {
    const handle = this.#handle;
    if (!handle) return;
    while (!this.#stopped && this.#active.size < this.#concurrency) {
      const [job] = this.#ready;
      if (job === undefined) return;
      const now = this.#clock.now();
      const wait = Math.max(this.#hold.endsAt(now), this.#rate?.freeAt(now, 0) ?? 0) - now;
      if (wait > 0) {
        this.#wakeAfter(wait);
        return;
      }
      this.#rate?.spend(now);
      this.#ready.delete(job);
      this.#active.add(job);
      void this.#run(job, handle);
    }
  }

  #wakeAfter(ms: number): void {
    this.#cancelWake?.();
    this.#cancelWake = this.#clock.after(ms, () => this.#pump());
  }

  async #run(job: Job<T>, handle: (job: Job<T>) => unknown): Promise<void> {
    // Not within `add`: whoever adds is not held up by the work, nor told of its errors.
    await Promise.resolve();
    try {
      await handle(job);
      this.#active.delete(job);
      this.#remember(job.id);
      tellListener(this.#options.onEvent, { type: "done", id: job.id, attempt: job.attempt });
    } catch (error) {
      this.#active.delete(job);
      this.#failed(job, error);
    }
    this.#pump();
    if (this.#left === 0) this.#onIdle?.();
  }

  #failed(job: Job<T>, error: unknown): void {
    const { id, attempt, data } = job;
    const { attempts = DEFAULTS.attempts, onEvent } = this.#options;
    const forMs = holdOf(error, this.#clock.now(), this.#options);
    if (forMs !== undefined) {
      this.#hold.begin(this.#clock.now(), forMs);
      tellListener(onEvent, { type: "held", id, forMs });
      this.#enter(job, forMs);
      return;
    }
    if (attempt >= attempts || error instanceof GiveUpError) {
      this.#dead.set(id, { id, data, attempts: attempt, error: messageOf(error) });
      tellListener(onEvent, { type: "dead", id, attempt, error });
      return;
    }
    tellListener(onEvent, { type: "retry", id, attempt, error });
    this.#enter({ id, data, attempt: attempt + 1 }, Math.max(1, waitAfter(attempt, this.#options)));
  }

  #remember(id: string): void {
    this.#done.add(id);
    const [oldest] = this.#done;
    if (this.#done.size <= (this.#options.keepDone ?? DEFAULTS.keepDone) || oldest === undefined) return;
    this.#done.delete(oldest);
    this.#known.delete(oldest);
  }
}
