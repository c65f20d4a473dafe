import type { Job as BullJob, Queue as BullQueue, Worker as BullWorker } from "bullmq";
import { nodeCrypto } from "../platform/builtins.ts";
import { tellListener } from "../platform/listener.ts";
import { milliseconds, requireNumbers } from "../platform/numbers.ts";
import { requireValues, text } from "../platform/values.ts";
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
  type Queue,
  type QueueCounts,
  type QueueOptions,
  QueueUnavailableError,
  type WorkOptions,
  waitAfter,
} from "./queue.ts";

export interface RedisQueueOptions extends QueueOptions {
  /** `redis://user:password@host:6379/0`; `rediss:` for TLS. Let Redis keep what it is told: `appendonly yes`, `noeviction`. */
  url: string;
  /** Default `integ`. */
  prefix?: string;
  /** Milliseconds after which the jobs of a worker that does not answer are given to another. Renewed while one works. Default 30 s. */
  leaseMs?: number;
  /** Milliseconds after which `add` says that Redis is not there. Default 5 s. */
  timeoutMs?: number;
}

/** What lies in Redis. */
interface Envelope {
  id: string;
  data: unknown;
}

/** BullMQ's ids hold no colon and are no numbers; ours are anything. */
const keyOf = (id: string) => `~${id.replaceAll("%", "%25").replaceAll(":", "%3A")}`;

/**
 * A queue on Redis for any number of machines, by BullMQ (a peer dependency: `npm install bullmq ioredis`). A job is
 * done at least once: a worker that dies, or Redis that goes away and comes back, repeats it, and loses none.
 * @throws RangeError for an option that is no number that it can be; Error where BullMQ is not installed
 */
export async function redisQueue<T>(options: RedisQueueOptions): Promise<Queue<T>> {
  checkQueue(options);
  requireValues(`queue ${options.name}`, options, { url: text });
  requireNumbers(`queue ${options.name}`, options, { leaseMs: milliseconds, timeoutMs: milliseconds });
  // Few applications have it, and webpack would not build the others.
  const bull = await import(/* webpackIgnore: true */ "bullmq").catch((error: unknown) => {
    throw new Error("queues on Redis need BullMQ: npm install bullmq ioredis", { cause: error });
  });
  return new RedisQueue<T>(bull, options);
}

class RedisQueue<T> implements Queue<T> {
  readonly #bull: typeof import("bullmq");
  readonly #options: RedisQueueOptions;
  readonly #queue: BullQueue<Envelope>;
  #worker: BullWorker<Envelope> | undefined;
  #active = 0;
  #closed = false;

  constructor(bull: typeof import("bullmq"), options: RedisQueueOptions) {
    this.#bull = bull;
    this.#options = options;
    const { attempts = DEFAULTS.attempts, keepDone = DEFAULTS.keepDone } = options;
    this.#queue = new bull.Queue<Envelope>(options.name, {
      ...this.#place,
      // Commands that wait for a Redis to come back would be carried out after their caller was told that they failed.
      connection: { url: options.url, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
      defaultJobOptions: {
        attempts,
        backoff: { type: "custom" },
        removeOnComplete: { count: keepDone },
        removeOnFail: false,
      },
    });
    this.#queue.on("error", this.#trouble);
  }

  async add(data: T, options: AddOptions = {}): Promise<string> {
    checkAdd(this.#options, options);
    const { id = nodeCrypto().randomUUID(), delayMs = 0 } = options;
    if (this.#closed) throw new QueueUnavailableError(`the queue ${this.#options.name} is closed`);
    const job = { jobId: keyOf(id), ...(delayMs > 0 ? { delay: delayMs } : {}) };
    await this.#answered(this.#queue.add("job", { id, data }, job));
    return id;
  }

  work(handle: (job: Job<T>) => unknown, options: WorkOptions = {}): void {
    checkWork(this.#options, handle, options);
    const { concurrency = 1 } = options;
    if (this.#worker) throw new TypeError(`the queue ${this.#options.name} has its worker already`);
    const { name, url, rate, leaseMs = 30_000, attempts = DEFAULTS.attempts, onEvent } = this.#options;
    const worker = new this.#bull.Worker<Envelope>(name, (job) => this.#run(job, handle), {
      ...this.#place,
      connection: { url, maxRetriesPerRequest: null },
      concurrency,
      lockDuration: leaseMs,
      stalledInterval: leaseMs,
      // A worker's death uses up an attempt, as a failure does: a job that kills its workers must end.
      maxStalledCount: attempts,
      ...(rate ? { limiter: { max: rate.requests, duration: rate.perMs } } : {}),
      settings: {
        backoffStrategy: (attempt: number) => Math.max(1, Math.round(waitAfter(attempt, this.#options))),
      },
    });
    worker.on("error", this.#trouble);
    worker.on("completed", ({ data, attemptsMade }) =>
      tellListener(onEvent, { type: "done", id: data.id, attempt: attemptsMade }),
    );
    worker.on("failed", (job, error) => {
      if (!job) return;
      const type = job.finishedOn === undefined ? "retry" : "dead";
      tellListener(onEvent, { type, id: job.data.id, attempt: job.attemptsMade, error });
    });
    this.#worker = worker;
  }

  async dead(): Promise<DeadJob<T>[]> {
    const jobs = await this.#answered(this.#queue.getFailed());
    return jobs.map(({ data: { id, data }, attemptsMade, failedReason }) => ({
      id,
      // Only `add` of the same queue puts jobs there.
      data: data as T,
      attempts: attemptsMade,
      error: failedReason,
    }));
  }

  async revive(id: string): Promise<boolean> {
    const job = await this.#answered(this.#queue.getJob(keyOf(id)));
    if (!job || !(await job.isFailed())) return false;
    await this.#answered(job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true }));
    return true;
  }

  async counts(): Promise<QueueCounts> {
    const counts = await this.#answered(this.#queue.getJobCounts("wait", "delayed", "active", "failed"));
    const of = (state: string) => counts[state] ?? 0;
    return { waiting: of("wait") + of("delayed"), active: of("active"), dead: of("failed") };
  }

  async close(options: { graceMs?: number } = {}): Promise<{ left: number }> {
    checkClose(this.#options, options);
    const { graceMs = DEFAULTS.graceMs } = options;
    this.#closed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    const inTime = (work: Promise<unknown>) => Promise.race([work.catch(this.#trouble), late]);
    const left = await this.#stopWorking(inTime);
    await inTime(this.#queue.close());
    clearTimeout(timer);
    // Where Redis is gone, its connection would be sought until the process is killed. Says no more when it has ended.
    this.#queue.disconnect().catch(this.#trouble);
    return { left };
  }

  /** @returns jobs that were not done in time */
  async #stopWorking(inTime: (work: Promise<unknown>) => Promise<unknown>): Promise<number> {
    const worker = this.#worker;
    if (!worker) return 0;
    // A close that waits for jobs could not be hastened any more; and it takes leave of a Redis that may be gone.
    const idle = worker.pause();
    await inTime(idle);
    const left = this.#active;
    await worker.close(true);
    // When a job ends after all, the pause ends too, and connects again.
    idle.catch(this.#trouble).then(() => worker.disconnect().catch(this.#trouble));
    return left;
  }

  get #place() {
    return { prefix: this.#options.prefix ?? "integ" };
  }

  readonly #trouble = (error: unknown): void => {
    tellListener(this.#options.onEvent, { type: "trouble", error });
  };

  async #run(job: BullJob<Envelope>, handle: (job: Job<T>) => unknown): Promise<void> {
    const { id, data } = job.data;
    this.#active++;
    try {
      await handle({ id, data: data as T, attempt: job.attemptsMade + 1 });
    } catch (error) {
      const forMs = holdOf(error, Date.now(), this.#options);
      if (forMs !== undefined) {
        tellListener(this.#options.onEvent, { type: "held", id, forMs });
        await this.#queue.rateLimit(Math.ceil(forMs));
        throw new this.#bull.RateLimitError();
      }
      if (error instanceof GiveUpError) throw new this.#bull.UnrecoverableError(error.message);
      throw error;
    } finally {
      this.#active--;
    }
  }

  /** @throws QueueUnavailableError where Redis does not answer in time, or with an error */
  #answered<R>(command: Promise<R>): Promise<R> {
    const { timeoutMs = 5000, name } = this.#options;
    return new Promise((resolve, reject) => {
      const lost = (cause?: unknown) => {
        clearTimeout(timer);
        reject(
          new QueueUnavailableError(`the queue ${name} cannot be reached: Redis does not answer`, { cause }),
        );
      };
      const timer = setTimeout(lost, timeoutMs);
      command.then((answer) => {
        clearTimeout(timer);
        resolve(answer);
      }, lost);
    });
  }
}
