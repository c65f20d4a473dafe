import { expect, test } from "vitest";
import {
  createWebhookReceiver,
  type Delivery,
  memoryEventStore,
  memoryQueue,
  sqlEventStore,
  type WebhookReceiver,
} from "../../../src/runtime/index.ts";
import { Database, Process, Transaction, tableOf } from "./database.ts";
import { must, overSeeds } from "./seeds.ts";
import { badDay, makeWorld, pause, type World } from "./world.ts";

const SEEDS = { inTransaction: 200, inQueue: 100 };

const deliveryOf = (id: string): Delivery => ({ headers: {}, body: JSON.stringify({ id }) });
const verify = ({ body }: Delivery) => ({
  id: JSON.parse(String(body)).id,
  signedAt: undefined,
  payload: {},
});

/** A provider that delivers an event until somebody says that it is processed, and waits for an answer for 10 s only. */
async function deliver(world: World, id: string, receiver: () => WebhookReceiver): Promise<boolean> {
  for (let delivery = 0; delivery < 200; delivery++) {
    await pause(world, Math.floor(world.random() * 20_000));
    const late = pause(world, 10_000).then(() => undefined);
    const answer = await Promise.race([receiver().receive(deliveryOf(id)), late]);
    if (answer !== undefined && answer.status < 300) return true;
  }
  return false;
}

/** Each event delivered by one to three at the same time, as providers do when an answer was lost on its way. */
const deliverAll = (world: World, ids: readonly string[], receiver: () => WebhookReceiver) =>
  Promise.all(
    ids.flatMap((id) =>
      Array.from({ length: 1 + Math.floor(world.random() * 3) }, () => deliver(world, id, receiver)),
    ),
  );

/** How much went wrong in all, so that a simulation in which nothing does is noticed. */
const mishaps = { deaths: 0, transactionsLost: 0, deadJobs: 0 };

test("a webhook completed in the transaction of its effect has exactly one, though processes die at any step", {
  timeout: 60_000,
}, async () => {
  await overSeeds(SEEDS.inTransaction, async (seed) => {
    const world = makeWorld(seed, badDay(0));
    const database = new Database();
    const risk = (seed % 5) / 25;
    const start = () => {
      const process = new Process(world.time.clock, world.random, risk);
      const receiver = createWebhookReceiver({
        verify,
        clock: process.clock,
        leaseMs: 2000,
        store: sqlEventStore(tableOf(database, process), { clock: process.clock }),
        handle: async ({ id }, work) => {
          // At times longer than its lease, which is renewed meanwhile if the database, or its own sleep, lets it.
          if (world.random() < 0.1) process.fallAsleep(5000);
          await process.pause(world.random() * 4000);
          const transaction = new Transaction(database, process);
          transaction.effects.push(id);
          await work.complete(sqlEventStore(tableOf(transaction, process), { clock: process.clock }));
          await transaction.commit().catch((error: unknown) => {
            mishaps.transactionsLost++;
            throw error;
          });
        },
      });
      return { process, receiver };
    };
    const running = [start(), start()];
    const receiver = () => {
      const index = Math.floor(world.random() * running.length);
      const one = running[index];
      if (one && !one.process.dead) return one.receiver;
      mishaps.deaths++;
      const next = start();
      running[index] = next;
      return next.receiver;
    };
    const ids = ["evt_1", "evt_2", "evt_3"];
    const taken = await world.time.run(deliverAll(world, ids, receiver));
    must(taken.every(Boolean), "an event was never taken");
    must([...database.effects].sort().join() === ids.join(), `effects: ${database.effects.join()}`);
  });
  expect(mishaps.deaths).toBeGreaterThan(SEEDS.inTransaction / 10);
  expect(mishaps.transactionsLost).toBeGreaterThan(0);
});

test("a webhook, put into a queue under its id, that acts by an idempotent operation has exactly one effect", {
  timeout: 60_000,
}, async () => {
  await overSeeds(SEEDS.inQueue, async (seed) => {
    const world = makeWorld(seed + 70_000, badDay(0.5));
    const { clock } = world.time;
    const acme = world.client({ idempotencyHeader: "idempotency-key", deadlineMs: 8000, timeoutMs: 3000 });
    const queue = memoryQueue<{ order: string }>({
      name: "orders",
      clock,
      random: world.random,
      attempts: 2,
      onEvent: ({ type }) => void (type === "dead" && mishaps.deadJobs++),
    });
    queue.work(
      ({ data: { order } }) =>
        acme.request({ operation: "ship", method: "POST", path: "/ship", body: {}, operationId: order }),
      { concurrency: 1 + (seed % 3) },
    );
    const receiver = createWebhookReceiver({
      verify,
      clock,
      store: memoryEventStore({ clock }),
      handle: async ({ id }) => {
        await pause(world, world.random() * 200);
        await queue.add({ order: id }, { id });
        // The job is kept, and then something goes wrong: the event comes again, the job does not.
        if (world.random() < 0.3) throw new Error("after the fact");
      },
    });
    const ids = Array.from({ length: 5 }, (_, index) => `evt_${index}`);
    const settle = async () => {
      must((await deliverAll(world, ids, () => receiver)).every(Boolean), "an event was never taken");
      for (let turn = 0; turn < 100; turn++) {
        const { waiting, active, dead } = await queue.counts();
        if (waiting + active + dead === 0) return;
        for (const { id } of await queue.dead()) await queue.revive(id);
        await pause(world, 5000);
      }
      throw new Error("a job was never done");
    };
    await world.time.run(settle());
    must(world.effects.size === ids.length, `${world.effects.size} effects of ${ids.length} events`);
    must(
      [...world.effects.values()].every((count) => count === 1),
      "an effect happened twice",
    );
  });
  expect(mishaps.deadJobs).toBeGreaterThan(0);
});
