import assert from "node:assert/strict";
import { test } from "node:test";
import { __provider__Webhook } from "./webhook.ts";

const delivery = { headers: {}, body: "{}" };
const event = { id: "event-1", signedAt: undefined, payload: {} };

test("an event is handled once, however often it is delivered", async () => {
  const handled: string[] = [];
  const webhook = __provider__Webhook(({ id }) => handled.push(id), {
    verify: () => event,
  });
  const first = await webhook.receive(delivery);
  const second = await webhook.receive(delivery);
  assert.deepEqual([first.status, second.status], [200, 200]);
  assert.deepEqual(handled, ["event-1"]);
});

test("a delivery that nobody signed is refused", async () => {
  /* integ:value webhookTestSecret */
  process.env.EXAMPLE_WEBHOOK_SECRET = "offline";
  /* integ:end */
  const handled: string[] = [];
  const webhook = __provider__Webhook(({ id }) => handled.push(id));
  const { status } = await webhook.receive(delivery);
  assert.equal(status, 400);
  assert.deepEqual(handled, []);
});
