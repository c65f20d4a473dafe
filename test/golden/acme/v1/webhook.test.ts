import { expect, test } from "vitest";
import { acmeWebhook } from "./webhook.js";

const delivery = { headers: {}, body: "{}" };
const event = { id: "event-1", signedAt: undefined, payload: {} };

test("an event is handled once, however often it is delivered", async () => {
  const handled: string[] = [];
  const webhook = acmeWebhook(({ id }) => handled.push(id), {
    verify: () => event,
  });
  const first = await webhook.receive(delivery);
  const second = await webhook.receive(delivery);
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(handled).toEqual(["event-1"]);
});

test("a delivery that nobody signed is refused", async () => {
  process.env.ACME_WEBHOOK_SECRET = "offline";
  const handled: string[] = [];
  const webhook = acmeWebhook(({ id }) => handled.push(id));
  const { status } = await webhook.receive(delivery);
  expect(status).toBe(400);
  expect(handled).toEqual([]);
});
