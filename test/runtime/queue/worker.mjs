// A worker as an application runs it, in a process of its own. Notes what it does in Redis; `hangs` never finishes a job.
import { Redis } from "ioredis";
import { redisQueue } from "../../../dist/runtime.js";

const [, , url, name, hangs] = process.argv;
const redis = new Redis(url);
redis.on("error", () => {});
const queue = await redisQueue({ name, url, leaseMs: 500 });
queue.work(
  async ({ id }) => {
    await redis.rpush(`${name}:started`, `${process.pid} ${id}`);
    if (hangs) await new Promise(() => {});
    await redis.rpush(`${name}:effects`, id);
  },
  { concurrency: 4 },
);
process.on("SIGTERM", async () => {
  await queue.close({ graceMs: 500 });
  redis.disconnect();
});
