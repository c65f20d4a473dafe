import type { Redis } from "ioredis";
import type { SharedQuota } from "../quota/shared.ts";
import { type RunSettings, runSettings } from "./protocol.ts";

/** Milliseconds after which a run whose coordinator is silent is over: nobody waits for its results. */
const RUN_LEASE_MS = 30_000;
/** Milliseconds after which a silent worker does not count as one. */
const WORKER_SILENCE_MS = 15_000;
/** How often coordinators and workers say that they are there, milliseconds. */
export const SIGN_OF_LIFE_MS = 5000;
/** Results outlive their run by so much at most. */
const RESULTS_MS = 3_600_000;
/** What a queue without runs keeps of itself is forgotten after so much: a week. */
const QUEUE_MS = 7 * 86_400_000;
const QUEUE_KEYS = ["events", "id", "marker", "meta", "stalled-check"];
/** Before the names of all keys. */
export const PREFIX = "integ";
/** A quota without a known reset is forgotten after so much. */
const QUOTA_MS = 3_600_000;

/** KEYS run, results. ARGV index, outcome, milliseconds. The first outcome of a piece counts, and only while the run is there. */
const RESULT = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local first = redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return first
`;

/** KEYS workers. ARGV id ('' to count only), milliseconds of silence. By Redis' own clock; gives how many there are. */
const WORKERS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then redis.call('ZADD', KEYS[1], now, ARGV[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`;

/** KEYS entry. ARGV what it was ('' for nothing), what it becomes, milliseconds. */
const SWAP = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`;

const SWAPS = 100;

/** KEYS seats. ARGV holder, how many seats, milliseconds. Takes or keeps a seat until so long from now, by Redis' own clock. */
const SEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`;

const seatsOf = (host: string) => `${PREFIX}:seats:${host}`;

/** A worker that takes no work of ours. */
export interface Stranger {
  /** Of integ. */
  version: string;
  /** The name of the queue at which it waits: the state of its project. */
  queue: string;
}

/** What coordinators and workers of one state of a project tell each other beside the queue. */
export class Board {
  readonly #redis: Redis;
  readonly #queue: string;
  readonly #version: string;
  readonly #base: string;
  readonly #everybody: string;
  readonly #quotas: string;
  readonly #queueKeys: readonly string[];

  /**
   * @param names the queue's and the project's: of all states of a project, the credentials are the same
   * @param names.version of integ, for those who wait for another
   */
  constructor(
    redis: Redis,
    { queue, project, version }: { queue: string; project: string; version: string },
  ) {
    this.#redis = redis;
    this.#queue = queue;
    this.#version = version;
    this.#everybody = `${PREFIX}:workers:${project}`;
    // In a cluster, what is in braces keeps the keys on one node.
    this.#base = `${PREFIX}:{${queue}}`;
    this.#quotas = `${PREFIX}:quota:${project}`;
    this.#queueKeys = QUEUE_KEYS.map((key) => `${PREFIX}:${queue}:${key}`);
  }

  async open(run: string, settings: RunSettings): Promise<void> {
    await this.#redis.set(this.#run(run), JSON.stringify(settings), "PX", RUN_LEASE_MS);
  }

  /** Says that the coordinator is still there. False where Redis no longer knows the run. */
  async renew(run: string): Promise<boolean> {
    return (await this.#redis.pexpire(this.#run(run), RUN_LEASE_MS)) === 1;
  }

  /** What a run is about; undefined where nobody waits for it any more. */
  async settings(run: string): Promise<RunSettings | undefined> {
    const text = await this.#redis.get(this.#run(run));
    return text === null ? undefined : runSettings.parse(JSON.parse(text));
  }

  /** Keeps the outcome of a piece unless it has one. Whether this one counts. */
  async put(run: string, index: number, outcome: string): Promise<boolean> {
    const keys = [this.#run(run), this.#results(run)] as const;
    return (await this.#redis.eval(RESULT, 2, ...keys, index, outcome, RESULTS_MS)) === 1;
  }

  count(run: string): Promise<number> {
    return this.#redis.hlen(this.#results(run));
  }

  /** Outcomes by index. */
  async outcomes(run: string): Promise<Map<number, string>> {
    const all = await this.#redis.hgetall(this.#results(run));
    return new Map(Object.entries(all).map(([index, outcome]) => [Number(index), outcome]));
  }

  /** Ends a run. What the queue keeps about itself goes after a while without runs: every state of a project has its own. */
  async close(run: string): Promise<void> {
    await this.#redis.del(this.#run(run), this.#results(run));
    for (const key of this.#queueKeys) await this.#redis.pexpire(key, QUEUE_MS);
  }

  /** Says that a worker is there. */
  async present(worker: string): Promise<void> {
    await this.#redis.eval(WORKERS, 1, `${this.#base}:workers`, worker, WORKER_SILENCE_MS);
    await this.#redis.eval(WORKERS, 1, this.#everybody, this.#name(worker), WORKER_SILENCE_MS);
  }

  /** Says that a worker goes. */
  async leave(worker: string): Promise<void> {
    await this.#redis.zrem(`${this.#base}:workers`, worker);
    await this.#redis.zrem(this.#everybody, this.#name(worker));
  }

  async workers(): Promise<number> {
    return Number(await this.#redis.eval(WORKERS, 1, `${this.#base}:workers`, "", WORKER_SILENCE_MS));
  }

  /** The workers of the same project that wait in another state of it, or with another integ. */
  async strangers(): Promise<Stranger[]> {
    await this.#redis.eval(WORKERS, 1, this.#everybody, "", WORKER_SILENCE_MS);
    const names = await this.#redis.zrange(this.#everybody, "0", "-1");
    return names
      .map((name) => name.split(" "))
      .map(([version = "", queue = ""]) => ({ version, queue }))
      .filter(({ queue }) => queue !== this.#queue);
  }

  /** Takes one of the seats of a host, or keeps it; false where others have them all. Hosts are the same for every project. */
  async takeSeat(
    host: string,
    holder: string,
    { seats, leaseMs }: { seats: number; leaseMs: number },
  ): Promise<boolean> {
    return (await this.#redis.eval(SEAT, 1, seatsOf(host), holder, seats, leaseMs)) === 1;
  }

  async leaveSeat(host: string, holder: string): Promise<void> {
    await this.#redis.zrem(seatsOf(host), holder);
  }

  /** Changes what is known of one credential's quotas; nobody else does in between. */
  async quota(
    key: string,
    read: (text: string) => SharedQuota | undefined,
    change: (state: SharedQuota | undefined) => SharedQuota,
  ): Promise<SharedQuota | undefined> {
    const entry = `${this.#quotas}:${key}`;
    for (let attempt = 0; attempt < SWAPS; attempt++) {
      const before = (await this.#redis.get(entry)) ?? "";
      const after = change(before === "" ? undefined : read(before));
      if ((await this.#redis.eval(SWAP, 1, entry, before, JSON.stringify(after), QUOTA_MS)) === 1)
        return after;
    }
    return undefined;
  }

  #name(worker: string): string {
    return `${this.#version} ${this.#queue} ${worker}`;
  }

  #run(run: string): string {
    return `${this.#base}:run:${run}`;
  }

  #results(run: string): string {
    return `${this.#base}:results:${run}`;
  }
}
