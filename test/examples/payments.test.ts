import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { createProvider } from "../../examples/payments/provider.ts";
import { createShop, type Payment } from "../../examples/payments/shop.ts";
import { memoryEventStore, memoryQueue, type Queue } from "../../src/runtime/index.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";

const secret = ["whsec", randomBytes(8).toString("hex")].join("_");
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  vi.stubEnv("PAYMENTS_API_KEY", sandbox.apiKey);
  vi.stubEnv("PAYMENTS_WEBHOOK_SECRET", secret);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sandbox.close();
});

let shop: Server;
let url: string;
let queue: Queue<Payment>;
let booked: string[];
beforeEach(async () => {
  booked = [];
  sandbox.setFaults([]);
  queue = memoryQueue({ name: "payments", backoffMs: 1 });
  shop = createShop({
    provider: createProvider(sandbox.url),
    queue,
    store: memoryEventStore(),
    book: async ({ chargeId, amount }) => void booked.push(`${chargeId} ${amount}`),
  });
  shop.listen(0, "127.0.0.1");
  await once(shop, "listening");
  const address = shop.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterEach(async () => {
  await queue.close();
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
});

const Charges = z.object({
  data: z.array(z.object({ id: z.string(), amount: z.number(), status: z.string() })),
});

async function charges() {
  const headers = { authorization: `Bearer ${sandbox.apiKey}` };
  const answer = await fetch(`${sandbox.url}/v1/charges?limit=100`, { headers });
  const { data } = Charges.parse(await answer.json());
  const paid = data.find(({ status }) => status === "succeeded");
  if (!paid) throw new Error("the sandbox has no charge that was paid");
  return { paid, failed: data.find(({ status }) => status === "failed") };
}

function deliver(chargeId: string, { id = `evt_${chargeId}`, key = secret } = {}) {
  const body = JSON.stringify({
    id,
    type: "charge.succeeded",
    data: { object: { id: chargeId, amount: 1 } },
  });
  const time = Math.floor(Date.now() / 1000);
  const digest = createHmac("sha256", key).update(`${time}.${body}`).digest("hex");
  return fetch(url, { method: "POST", headers: { "stripe-signature": `t=${time},v1=${digest}` }, body });
}

describe("the shop of examples/payments", () => {
  test("books what the provider says was paid, once, however often and in how many events it is told", async () => {
    const { paid } = await charges();
    const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(paid.id)));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    expect((await deliver(paid.id, { id: "evt_another" })).status).toBe(200);
    await queue.close();
    expect(booked).toEqual([`${paid.id} ${paid.amount}`]);
  });

  test("gets over a provider that fails in between", async () => {
    const { paid } = await charges();
    sandbox.setFaults(["error:2"]);
    expect((await deliver(paid.id)).status).toBe(200);
    await expect.poll(() => booked, { timeout: 20_000 }).toEqual([`${paid.id} ${paid.amount}`]);
  });

  test("believes no forged delivery, and books nothing that was not paid", async () => {
    const { paid, failed } = await charges();
    expect((await deliver(paid.id, { key: "forged" })).status).toBe(400);
    expect((await deliver(failed?.id ?? "ch_unknown")).status).toBe(200);
    await queue.close();
    expect(booked).toEqual([]);
  });

  test("asks for the customer of an order as often as it likes, and gets the same one", async () => {
    const provider = createProvider(sandbox.url);
    const first = await provider.createCustomer("order-1", "buyer@example.com");
    const again = await createProvider(sandbox.url).createCustomer("order-1", "buyer@example.com");
    expect(again.id).toBe(first.id);
  });
});
