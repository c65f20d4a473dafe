import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import {
  BadResponseError,
  createClient,
  RateLimitError,
  TimeoutError,
  ValidationError,
} from "../../src/runtime/index.ts";
import {
  type ContractApi,
  contractApi,
  disconnected,
  drifted,
  failing,
  rateLimited,
  silent,
  truncated,
  virtualTime,
} from "../../src/testing/index.ts";

const baseUrl = "https://api.acme.test";
const contracts = mkdtempSync(join(tmpdir(), "integ-contracts-"));

function writeContract(name: string, request: string, schema: object, status = 200) {
  const own = { contract: 1, request, status, contentType: "application/json", samples: 0 };
  writeFileSync(join(contracts, `${name}.json`), JSON.stringify({ ...schema, "x-integ": own }));
}

const customer = {
  type: "object",
  required: ["id", "email"],
  properties: {
    id: { type: "string", pattern: "^cus_[a-z0-9]{8}$" },
    email: { type: ["string", "null"], format: "email" },
    created: { type: "integer", minimum: 0 },
  },
};

let api: ContractApi;
let server: ReturnType<typeof setupServer>;
beforeAll(async () => {
  writeContract("get-customer", "GET /v1/customers/cus_1", customer);
  writeContract("list-customers", "GET /v1/customers?limit=3", {
    type: "object",
    required: ["data"],
    properties: { data: { type: "array", minItems: 2, items: customer } },
  });
  writeContract("create-customer", "POST /v1/customers", customer, 201);
  api = await contractApi({ contracts, baseUrl, paths: { "get-customer": "/v1/customers/:id" } });
  server = setupServer(...api.handlers);
  server.listen({ onUnhandledRequest: "error" });
});
afterEach(() => api.reset());
afterAll(() => {
  server.close();
  rmSync(contracts, { recursive: true, force: true });
});

const Customer = z.looseObject({ id: z.string(), email: z.string().nullable() });
const getCustomer = {
  operation: "get-customer",
  method: "GET",
  path: "/v1/customers/7",
  schema: Customer,
} as const;

/** A client in virtual time, as a module makes it. */
function acme() {
  const time = virtualTime({ turns: 20 });
  const client = createClient({
    integration: "acme",
    version: "v1",
    baseUrl,
    idempotencyHeader: "Idempotency-Key",
    clock: time.clock,
    random: () => 0.5,
  });
  return { time, client };
}

describe("an API made of contracts", () => {
  test("answers what they say, and remembers what it was asked", async () => {
    const { time, client } = acme();
    const data = await time.run(client.request(getCustomer));
    expect(data).toEqual(api.answer("get-customer"));
    api.expectSent("get-customer");
    expect(api.requests("get-customer")[0]?.url).toBe(`${baseUrl}/v1/customers/7`);
    expect(() => api.expectSent("get-customer", 2)).toThrow(
      "get-customer was asked 1 times, not 2\n  GET https",
    );
    expect(() => api.expectSent("get-custom")).toThrow(
      "there are create-customer, get-customer, list-customers",
    );
    const again = await contractApi({ contracts, baseUrl });
    expect(again.answer("list-customers")).toEqual(api.answer("list-customers"));
    const other = await contractApi({ contracts, baseUrl, seed: 2 });
    expect(other.answer("list-customers")).not.toEqual(api.answer("list-customers"));
  });

  test("a rate limit, a failure and a broken connection are got over, with one key for all attempts", async () => {
    for (const fault of [rateLimited({ retryAfter: 5 }), failing({ status: 503 }), disconnected()]) {
      api.reset();
      const { time, client } = acme();
      api.fault("create-customer", fault);
      const from = time.clock.now();
      const post = {
        operation: "create-customer",
        method: "POST",
        path: "/v1/customers",
        body: { a: 1 },
      } as const;
      expect(await time.run(client.request(post))).toEqual(api.answer("create-customer"));
      api.expectSent("create-customer", 2);
      api.expectSameKey("create-customer");
      expect(await api.requests("create-customer")[0]?.json()).toEqual({ a: 1 });
      expect(time.clock.now()).toBeGreaterThan(from);
    }
    expect(() => api.expectSameKey("get-customer")).toThrow("0 different Idempotency-Key");
  });

  test("half an answer is no answer", async () => {
    const { time, client } = acme();
    api.fault("get-customer", truncated());
    await expect(time.run(client.request(getCustomer))).rejects.toThrow(BadResponseError);
  });

  test("silence ends by the caller's own time, a storm of limits by its retries", async () => {
    const quiet = acme();
    api.fault("get-customer", silent(), { times: 3 });
    await expect(quiet.time.run(quiet.client.request(getCustomer))).rejects.toThrow(TimeoutError);
    api.reset();
    const stormy = acme();
    api.fault("get-customer", rateLimited({ retryAfter: 1 }), { times: 10 });
    await expect(stormy.time.run(stormy.client.request(getCustomer))).rejects.toThrow(RateLimitError);
    api.expectSent("get-customer", 3);
  });

  test("drift is what the module's schema must notice", async () => {
    const { time, client } = acme();
    api.fault("get-customer", drifted({ path: "id" }));
    await expect(time.run(client.request(getCustomer))).rejects.toThrow(ValidationError);
    api.fault("list-customers", drifted({ path: "data.*.email", value: 7 }));
    const list = { operation: "list-customers", method: "GET", path: "/v1/customers" } as const;
    const page = z.object({ data: z.array(z.object({ email: z.number() })) });
    expect((await time.run(client.request({ ...list, schema: page }))).data.length).toBeGreaterThan(1);
    expect(() => drifted({ path: "nothing" })({ id: 1 })).toThrow("the answer has nothing at nothing");
  });

  test("an example that is not what its contract says, and a directory without contracts, are errors at once", async () => {
    const examples = { "get-customer": { id: 7 } };
    await expect(contractApi({ contracts, baseUrl, examples })).rejects.toThrow(
      "the example of get-customer is not what its contract says",
    );
    const empty = mkdtempSync(join(tmpdir(), "integ-empty-"));
    await expect(contractApi({ contracts: empty, baseUrl })).rejects.toThrow("there are no contracts");
    rmSync(empty, { recursive: true });
  });
});

test("a request of another method goes nowhere: nothing leaves the machine", async () => {
  await expect(fetch(`${baseUrl}/v1/customers/cus_1`, { method: "DELETE" })).rejects.toThrow("Cannot bypass");
  expect(api.requests("get-customer")).toEqual([]);
});

test("a contract that does not say which request it answers is told, with what to do", async () => {
  const other = mkdtempSync(join(tmpdir(), "integ-contracts-"));
  const own = { contract: 1, request: "", status: 200, contentType: "application/json", samples: 1 };
  writeFileSync(join(other, "get-thing.json"), JSON.stringify({ type: "object", "x-integ": own }));
  await expect(contractApi({ contracts: other, baseUrl })).rejects.toThrow(
    "the contract of get-thing does not say which request it answers",
  );
  rmSync(other, { recursive: true });
});

test("a fault that was not called is told apart from one that was", () => {
  // As JavaScript does it: without a compiler that would refuse.
  expect(() => Reflect.apply(api.fault, api, ["get-customer", silent])).toThrow(
    "the fault of get-customer must be a fault, as a call of one gives it, such as silent(), not a function",
  );
});
