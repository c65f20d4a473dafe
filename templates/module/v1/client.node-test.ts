import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
/* integ:value testImports */
import { ValidationError } from "integ/runtime";
/* integ:end */
import { HttpResponse, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
/* integ:value testBodies */
import type * as bodies from "./bodies.ts";
/* integ:end */
import { __Provider__V1 } from "./client.ts";

// Nothing here leaves the machine: MSW answers, and a request that nobody expects fails the test.
const server = setupServer();
before(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
after(() => server.close());

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
  assert.deepEqual(data, sample);
  assert.equal(requests[0]?.method, "GET");
});

test("create-thing gives what its schema describes", async () => {
  const sample = {};
  const body: bodies.CreateThingBody = { name: "text" };
  const requests = answer("/things", sample);
  await __provider__.createThing(body);
  assert.deepEqual(await requests[0]?.json(), body);
});

test("a response that lost what our code needs is an error", async () => {
  answer("/things", "something else");
  const call = __provider__.getThing();
  await assert.rejects(call, ValidationError);
});
/* integ:end */
