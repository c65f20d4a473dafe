import { type Job, memoryQueue } from "integ/runtime";
/* integ:value clientImport */
import { __Provider__V1 } from "./client.ts";
/* integ:end */

/* integ:value jobs */
/** A call to be made later, with what it takes; kept as JSON. */
export type __Provider__Job = { operation: "get-thing" };

/** Makes the call of a job. */
function perform(client: __Provider__V1, { data }: Job<__Provider__Job>) {
  switch (data.operation) {
    case "get-thing":
      return client.getThing();
  }
}
/* integ:end */

type Result = Awaited<ReturnType<typeof perform>>;

/**
 * Calls to __Display__ that may wait. They live in this process; `redisQueue` of
 * integ/runtime in place of `memoryQueue` keeps them across restarts and machines.
 */
export const __provider__Queue = memoryQueue<__Provider__Job>({
  name: "__name__",
  /* integ:value attempts */
  // There are no idempotency keys: where an answer got lost, the call may have taken effect.
  attempts: 1,
  /* integ:end */
});

/** Starts making the calls; a job is done once `done` has taken its result. */
export function start__Provider__Worker(
  done: (result: Result, job: Job<__Provider__Job>) => unknown = () => {},
  client = new __Provider__V1(),
): void {
  __provider__Queue.work(async (job) => {
    await done(await perform(client, job), job);
  });
}
