import { expect, test } from "vitest";
import { createRouter, memoryQueue } from "../../src/runtime/index.ts";
import { getThing, provider } from "./support.ts";
import { counting, event, signed } from "./webhook/support.ts";

const broken = (): never => {
  throw new Error("the logger is broken");
};
const brokenLater = async (): Promise<void> => broken();

/** Rejections that nobody handles while the work is done: each would end an application's process. */
async function unhandledDuring(work: () => Promise<unknown>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  try {
    await work();
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
    for (const other of others) process.on("unhandledRejection", other);
  }
  return unhandled;
}

test.each([
  ["throws", broken],
  ["rejects", brokenLater],
])("a listener that %s breaks neither a call, nor a delivery, nor the process", async (_how, listener) => {
  const { client, time } = provider([{ json: { id: "a" } }]);
  const { receiver, effects } = counting({ onDelivery: listener });
  const unhandled = await unhandledDuring(async () => {
    expect(await time.run(client({ onEvent: listener }).request(getThing))).toEqual({ id: "a" });
    expect((await receiver.receive(signed(event("evt_1")))).status).toBe(200);
    expect((await receiver.receive({ headers: {}, body: "{}" })).status).toBe(400);
  });
  expect(effects).toEqual(["evt_1"]);
  expect(unhandled).toEqual([]);
});

test("a job that is done is not done again because the listener breaks", async () => {
  let done = 0;
  const queue = memoryQueue<string>({ name: "acme", attempts: 1, onEvent: broken });
  queue.work(() => {
    done++;
  });
  await queue.add("a", { id: "1" });
  await queue.close();
  expect(done).toBe(1);
  expect(await queue.dead()).toEqual([]);
});

test("a report of the shadow that the application cannot take does not end its process", async () => {
  const { client, time } = provider([{ json: { id: "a" } }]);
  const router = createRouter({
    active: "v1",
    versions: { v1: () => client(), v2: () => client({ version: "v2" }) },
    shadow: { version: "v2", percent: 100, onReport: broken },
  });
  const unhandled = await unhandledDuring(() => time.run(router.shadow((acme) => acme.request(getThing))));
  expect(unhandled).toEqual([]);
});
