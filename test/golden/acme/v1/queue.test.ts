import { HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AcmeV1 } from "./client.js";
import * as queue from "./queue.js";

const baseUrl = "https://acme.test";

const path = "/orders/ord_1/refunds";
const sample: JsonBodyType = {
  id: "text",
  status: "open",
  total: 1,
};
const job: queue.AcmeJob = {
  operation: "refund-order",
  args: [
    "ord_1",
    {
      amount: 1,
      to: {
        last4: "text",
      },
    },
  ],
};

// Nothing here leaves the machine: MSW answers, and a request that nobody expects fails the test.
const server = setupServer(
  http.all(`${baseUrl}${path}`, () => HttpResponse.json(sample)),
);
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());

test("a job's call is made, and its result handed on", async () => {
  const client = new AcmeV1({
    baseUrl,
    env: {
      ACME_API_KEY: "offline",
    },
  });
  const results: unknown[] = [];
  const keep = (result: unknown) => results.push(result);
  queue.startAcmeWorker(keep, client);
  await queue.acmeQueue.add(job, { id: "job-1" });
  // What waits is done before the queue is closed.
  await queue.acmeQueue.close();
  expect(results).toEqual([sample]);
});
