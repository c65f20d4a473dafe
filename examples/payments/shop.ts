import { createServer, type Server } from "node:http";
import {
  createWebhookReceiver,
  createWebhookVerifier,
  type EventStore,
  GiveUpError,
  nodeHandler,
  type Queue,
  stripeScheme,
} from "integ/runtime";
import * as z from "zod";
import type { Provider } from "./provider.ts";

/** What the provider tells us: that something happened to a charge. How much was paid we ask for ourselves. */
const ChargeEvent = z.looseObject({
  id: z.string(),
  type: z.string(),
  data: z.looseObject({ object: z.looseObject({ id: z.string() }) }),
});

export interface Payment {
  chargeId: string;
}

export interface ShopOptions {
  provider: Provider;
  /** `memoryQueue` here, `redisQueue` on several machines. */
  queue: Queue<Payment>;
  /** `memoryEventStore` here, `redisEventStore` or `sqlEventStore` on several machines. */
  store: EventStore;
  /** Books a payment. Called at least once for each: the charge's id makes it one. */
  book: (payment: { chargeId: string; amount: number; currency: string }) => Promise<void>;
}

/**
 * The shop's side of a payment: the webhook answers within milliseconds and puts the work into the queue; the worker asks
 * the provider what was really paid, and books it.
 */
export function createShop({ provider, queue, store, book }: ShopOptions): Server {
  queue.work(
    async ({ data: { chargeId } }) => {
      const charge = await provider.getCharge(chargeId);
      if (charge.status !== "succeeded") throw new GiveUpError(`the charge ${chargeId} is ${charge.status}`);
      await book({ chargeId, amount: charge.amount, currency: charge.currency });
    },
    { concurrency: 4 },
  );

  const receiver = createWebhookReceiver({
    verify: createWebhookVerifier({ scheme: stripeScheme, secret: "PAYMENTS_WEBHOOK_SECRET" }),
    schema: ChargeEvent,
    store,
    handle: async ({ payload }) => {
      if (payload.type !== "charge.succeeded") return;
      const chargeId = payload.data.object.id;
      // The charge's id, not the event's: two events about one charge are one payment.
      await queue.add({ chargeId }, { id: chargeId });
    },
  });
  return createServer(nodeHandler(receiver));
}
