import { type Job, memoryQueue } from "integ/runtime";
import type * as bodies from "./bodies.js";
import { AcmeV1 } from "./client.js";

/** A call to be made later, with what it takes; kept as JSON. */
export type AcmeJob = {
  operation: "refund-order";
  args: [id: string | number, body: bodies.Refund];
};

/** Makes the call of a job. */
function perform(client: AcmeV1, { data }: Job<AcmeJob>) {
  switch (data.operation) {
    case "refund-order":
      return client.refundOrder(...data.args);
  }
}

type Result = Awaited<ReturnType<typeof perform>>;

/**
 * Calls to Acme that may wait. They live in this process; `redisQueue` of
 * integ/runtime in place of `memoryQueue` keeps them across restarts and machines.
 */
export const acmeQueue = memoryQueue<AcmeJob>({
  name: "acme",
  // There are no idempotency keys: where an answer got lost, the call may have taken effect.
  attempts: 1,
});

/** Starts making the calls; a job is done once `done` has taken its result. */
export function startAcmeWorker(
  done: (result: Result, job: Job<AcmeJob>) => unknown = () => {},
  client = new AcmeV1(),
): void {
  acmeQueue.work(async (job) => {
    await done(await perform(client, job), job);
  });
}
