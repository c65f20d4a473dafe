import { ValidationError } from "integ/runtime";
import { HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
} from "vitest";
import type * as bodies from "./bodies.js";
import { AcmeV1 } from "./client.js";

// Nothing here leaves the machine: MSW answers, and a request that nobody expects fails the test.
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const baseUrl = "https://acme.test";

/** A client as the app makes it, but with a made-up credential and no waiting. */
let acme: AcmeV1;
beforeEach(() => {
  acme = new AcmeV1({
    baseUrl,
    env: {
      ACME_API_KEY: "offline",
    },
    sleep: async () => {},
  });
});

/** Lets Acme answer a path; gives the requests that arrive there. */
function answer(
  path: string,
  json: JsonBodyType,
  init: ResponseInit & { once?: boolean } = {},
) {
  const requests: Request[] = [];
  const { once = false, ...response } = init;
  const resolve = ({ request }: { request: Request }) => {
    requests.push(request);
    return HttpResponse.json(json, response);
  };
  server.use(http.all(`${baseUrl}${path}`, resolve, { once }));
  return requests;
}

test("list-orders gives what its schema describes", async () => {
  const sample = {
    data: [
      {
        id: "ord_1",
        status: "open",
        total: 1200,
        paidWith: {
          last4: "4242",
        },
      },
    ],
    next: null,
  };
  const requests = answer("/orders", sample);
  const data = await acme.listOrders({ query: { limit: 10 } });
  expect(data).toEqual(sample);
  expect(requests[0]?.method).toBe("GET");
  const { searchParams } = new URL(requests[0]?.url ?? "");
  expect(searchParams.get("limit")).toBe("10");
});

test("refund-order gives what its schema describes", async () => {
  const sample = {
    id: "text",
    status: "open",
    total: 1,
  };
  const body: bodies.Refund = {
    amount: 1,
    to: {
      last4: "text",
    },
  };
  const requests = answer("/orders/ord_1/refunds", sample);
  const data = await acme.refundOrder("ord_1", body);
  expect(data).toEqual(sample);
  expect(requests[0]?.method).toBe("POST");
  expect(await requests[0]?.json()).toEqual(body);
});

test("a request carries our credential", async () => {
  const sample = {
    data: [
      {
        id: "ord_1",
        status: "open",
        total: 1200,
        paidWith: {
          last4: "4242",
        },
      },
    ],
    next: null,
  };
  const requests = answer("/orders", sample);
  await acme.listOrders({ query: { limit: 10 } });
  const { headers } = requests[0] ?? new Request(baseUrl);
  expect(headers.get("authorization")).toBe("Bearer offline");
});

test("a rate limit is waited out and the call made again", async () => {
  const sample = {
    data: [
      {
        id: "ord_1",
        status: "open",
        total: 1200,
        paidWith: {
          last4: "4242",
        },
      },
    ],
    next: null,
  };
  answer("/orders", sample);
  const limited = {
    status: 429,
    headers: { "Retry-After": "1" },
    once: true,
  };
  const refusals = answer("/orders", sample, limited);
  const data = await acme.listOrders({ query: { limit: 10 } });
  expect(data).toEqual(sample);
  expect(refusals).toHaveLength(1);
});

test("an answer is kept, and stands in while none comes", async () => {
  const sample = {
    data: [
      {
        id: "ord_1",
        status: "open",
        total: 1200,
        paidWith: {
          last4: "4242",
        },
      },
    ],
    next: null,
  };
  const requests = answer("/orders", sample);
  await acme.listOrders({ query: { limit: 10 } });
  await acme.listOrders({ query: { limit: 10 } });
  expect(requests).toHaveLength(1);
  answer("/orders", "down", { status: 503 });
  const cache = { freshMs: 0 };
  const data = await acme.listOrders({ cache, query: { limit: 10 } });
  expect(data).toEqual(sample);
});

test("a response that lost what our code needs is an error", async () => {
  answer("/orders", "something else");
  const call = acme.listOrders({ query: { limit: 10 } });
  await expect(call).rejects.toThrow(ValidationError);
});
