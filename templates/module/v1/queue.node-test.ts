import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import { __Provider__V1 } from "./client.ts";
import * as queue from "./queue.ts";

const baseUrl = "https://__name__.test";

/* integ:value queueTest */
const path = "/things";
const sample: JsonBodyType = {};
const job: queue.__Provider__Job = {
  operation: "get-thing",
};
/* integ:end */

// Nothing here leaves the machine: MSW answers, and a request that nobody expects fails the test.
const server = setupServer(
  http.all(`${baseUrl}${path}`, () => HttpResponse.json(sample)),
);
before(() => server.listen({ onUnhandledRequest: "error" }));
after(() => server.close());

test("a job's call is made, and its result handed on", async () => {
  /* integ:value tokens */
  server.use(
    http.post("https://auth.example.com/token", () =>
      HttpResponse.json({ access_token: "offline" }),
    ),
  );
  /* integ:end */
  const client = new __Provider__V1({
    baseUrl,
    /* integ:value env */
    env: {
      EXAMPLE_API_KEY: "offline",
    },
    /* integ:end */
  });
  const results: unknown[] = [];
  const keep = (result: unknown) => results.push(result);
  queue.start__Provider__Worker(keep, client);
  await queue.__provider__Queue.add(job, { id: "job-1" });
  // What waits is done before the queue is closed.
  await queue.__provider__Queue.close();
  assert.deepEqual(results, [sample]);
});
