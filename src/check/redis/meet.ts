import type { Queue, Worker } from "bullmq";
import type { Project } from "../../config/project.ts";
import { Board, PREFIX } from "./board.ts";
import { connectRedis, type RedisPlace, redisPackages, redisPlace } from "./connect.ts";
import type { Piece } from "./protocol.ts";
import { queueName } from "./queue-name.ts";

/** Where a check and its workers meet. */
export interface Meeting {
  name: string;
  place: RedisPlace;
  board: Board;
  /** For the check: puts pieces in. */
  queue(): Queue<Piece>;
  /** For a worker: takes pieces out. */
  work(take: (data: unknown) => Promise<void>, options: { concurrency: number; leaseMs: number }): Worker;
  close(): Promise<void>;
}

/** Events of which nobody reads but the newest. */
const KEPT_EVENTS = 100;
/** A piece whose workers died so often is given to no other: it may be what kills them. */
const MOST_DEATHS = 2;
/** Seconds for which a piece that was given up can be looked at. */
const KEEP_FAILED = 3600;

/**
 * Connects to the Redis by which a check and its workers meet.
 * @throws UsageError, IncompleteError, SecretError
 */
export async function meet(
  project: Project,
  {
    redis,
    version,
    env,
  }: { redis: string; version: string; env: Readonly<Record<string, string | undefined>> },
): Promise<Meeting> {
  const place = redisPlace(redis, env);
  const { bull, Client } = await redisPackages(project.root);
  const name = await queueName(project, version);
  const client = await connectRedis(Client, place);
  const open: { close(): Promise<void> }[] = [];
  return {
    name,
    place,
    board: new Board(client, { queue: name, project: project.config.project, version }),
    queue: () => {
      const queue = new bull.Queue<Piece>(name, {
        prefix: PREFIX,
        connection: { url: place.url, maxRetriesPerRequest: 1 },
        streams: { events: { maxLen: KEPT_EVENTS } },
        defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: { age: KEEP_FAILED } },
      });
      // What fails is told by the command that fails.
      queue.on("error", () => {});
      open.push(queue);
      return queue;
    },
    work: (take, { concurrency, leaseMs }) =>
      new bull.Worker(name, (job) => take(job.data), {
        prefix: PREFIX,
        connection: { url: place.url, maxRetriesPerRequest: null },
        concurrency,
        lockDuration: leaseMs,
        stalledInterval: leaseMs,
        maxStalledCount: MOST_DEATHS,
      }),
    close: async () => {
      await Promise.all(open.map((one) => one.close().catch(() => {})));
      client.disconnect();
    },
  };
}
