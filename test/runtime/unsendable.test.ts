import { expect, test } from "vitest";
import type { CallRequest, ClientOptions } from "../../src/runtime/index.ts";
import { failureOf, getThing, provider } from "./support.ts";

const secretText = ["very", "secret", "value"].join("-");

/** The platform's own: it refuses each of these before it gets to the network. */
const fetch = (url: string, init: RequestInit) => globalThis.fetch(url, init);

test.each<[string, Partial<ClientOptions>, Partial<CallRequest<unknown>>, RegExp]>([
  ["a base URL that is none", { baseUrl: secretText }, {}, /base URL is no address/],
  ["credentials in the base URL", { baseUrl: `http://u:${secretText}@127.0.0.1:9` }, {}, /`auth`/],
  ["a key with a line break", { env: { KEY: `${secretText}\nb` } }, {}, /header `authorization`/],
  ["a header outside Latin-1", {}, { headers: { "X-Name": `${secretText}\u20ac` } }, /header `x-name`/],
  ["a header's name with a space", {}, { headers: { "x name": secretText } }, /no header "x name"/],
  ["a method that is none", {}, { method: "GE T" }, /no method "GE T"/],
  ["a GET with a body", {}, { body: { a: secretText } }, /GET takes no body/],
])("%s is the caller's mistake: said by name, not sent again", async (_what, options, call, says) => {
  const { client, events } = provider([{}]);
  const acme = client({
    fetch,
    baseUrl: "http://127.0.0.1:9",
    auth: { scheme: "bearer", secret: "key" },
    secrets: { key: "KEY" },
    env: { KEY: secretText },
    ...options,
  });
  const error = await failureOf(acme.request({ ...getThing, ...call }));
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toMatch(says);
  expect(String(error)).not.toContain(secretText);
  expect(events.filter(({ type }) => type === "retry" || type === "attempt")).toEqual([]);
});
