/* integ:value testImports */
import { ValidationError } from "integ/runtime";
/* integ:end */
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
/* integ:value testBodies */
import type * as bodies from "./bodies.ts";
/* integ:end */
import { __Provider__V1 } from "./client.ts";

// Nothing here leaves the machine: MSW answers, and a request that nobody expects fails the test.
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const baseUrl = "https://__name__.test";

/** A client as the app makes it, but with a made-up credential and no waiting. */
let __provider__: __Provider__V1;
beforeEach(() => {
  /* integ:value tokens */
  server.use(
    http.post("https://auth.example.com/token", () =>
      HttpResponse.json({ access_token: "offline" }),
    ),
  );
  /* integ:end */
  __provider__ = new __Provider__V1({
    baseUrl,
    /* integ:value env */
    env: {
      EXAMPLE_API_KEY: "offline",
    },
    /* integ:end */
    sleep: async () => {},
  });
});

/** Lets __Display__ answer a path; gives the requests that arrive there. */
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

/* integ:value tests */
test("get-thing gives what its schema describes", async () => {
  const sample = {};
  const requests = answer("/things", sample);
  const data = await __provider__.getThing();
  expect(data).toEqual(sample);
  expect(requests[0]?.method).toBe("GET");
});

test("create-thing gives what its schema describes", async () => {
  const sample = {};
  const body: bodies.CreateThingBody = { name: "text" };
  const requests = answer("/things", sample);
  await __provider__.createThing(body);
  expect(await requests[0]?.json()).toEqual(body);
});

test("a request carries our credential and the version's headers", async () => {
  const requests = answer("/things", {});
  await __provider__.getThing();
  const { headers } = requests[0] ?? new Request(baseUrl);
  expect(headers.get("authorization")).toBe("Bearer offline");
  expect(headers.get("example-version")).toBe("2026-01-01");
});

test("a rate limit is waited out and the call made again", async () => {
  const sample = {};
  answer("/things", sample);
  const limited = {
    status: 429,
    headers: { "Retry-After": "1" },
    once: true,
  };
  const refusals = answer("/things", sample, limited);
  const data = await __provider__.getThing();
  expect(data).toEqual(sample);
  expect(refusals).toHaveLength(1);
});

test("an answer is kept, and stands in while none comes", async () => {
  const sample = {};
  const requests = answer("/things", sample);
  await __provider__.getThing();
  await __provider__.getThing();
  expect(requests).toHaveLength(1);
  answer("/things", "down", { status: 503 });
  const cache = { freshMs: 0 };
  const data = await __provider__.getThing({ cache });
  expect(data).toEqual(sample);
});

test("a response that lost what our code needs is an error", async () => {
  answer("/things", "something else");
  const call = __provider__.getThing();
  await expect(call).rejects.toThrow(ValidationError);
});
/* integ:end */
