import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import type { Exchange } from "../../src/http/exchange.ts";
import { recordHar } from "../../src/http/har.ts";
import { harEntry, toHar } from "../../src/http/har-log.ts";

const require = createRequire(import.meta.url);
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, "utf8"));

/** The schema of HAR 1.2 as its maintainers publish it. */
function validator() {
  const directory = dirname(require.resolve("har-schema"));
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addMetaSchema(read(require.resolve("ajv/dist/refs/json-schema-draft-06.json")));
  const names = Object.keys(require("har-schema"));
  for (const name of names) ajv.addSchema(read(join(directory, `${name}.json`)));
  const validate = ajv.getSchema("har.json#");
  if (!validate) throw new Error("the package holds no schema of a whole archive");
  return validate;
}

const request = { method: "GET", url: "https://api.test/v1?page=1", headers: { accept: "*/*" } };

function answered(headers: Record<string, string>, more: Partial<Exchange> = {}): Exchange {
  return {
    request,
    response: { status: 200, headers, body: Buffer.from('{"a":1}'), httpVersion: "1.1" },
    phases: { dns: 1, connect: 2, tls: 3, ttfb: 4, download: 5 },
    connection: { reused: false, remoteAddress: "127.0.0.1" },
    hops: [],
    totalMs: 15,
    startedAt: 1_700_000_000_000,
    ...more,
  };
}

const { response: _none, ...unanswered } = answered({});
const EXCHANGES: readonly (readonly [string, Exchange])[] = [
  ["an ordinary answer", answered({ "content-type": "application/json", "content-length": "7" })],
  ["no content type, no length", answered({})],
  ["a length that is no number", answered({ "content-length": "banana" })],
  ["two lengths in one header", answered({ "content-length": "7, 7" })],
  ["a redirect", answered({ location: "/elsewhere" })],
  ["an address of IPv6", answered({}, { connection: { reused: false, remoteAddress: "::1" } })],
  ["a reused connection", answered({}, { phases: { ttfb: 4, download: 5 }, connection: { reused: true } })],
  [
    "no answer",
    {
      ...unanswered,
      phases: {},
      connection: { reused: false },
      failure: { kind: "timeout", message: "late" },
    },
  ],
];

const valid = validator();
const problemsOf = (har: unknown) => (valid(JSON.parse(JSON.stringify(har))) ? [] : valid.errors);

test.each(EXCHANGES)("an archive is valid HAR 1.2: %s", async (_, exchange) => {
  expect(problemsOf(toHar([harEntry({ request, exchange, comment: "probe" })]))).toEqual([]);
  const { client, har } = recordHar({ exchange: async () => exchange, close: async () => {} });
  await client.exchange(request);
  expect(problemsOf(JSON.parse(har()))).toEqual([]);
});

test("what is no archive does not pass", () => {
  const [[, exchange] = []] = EXCHANGES;
  if (!exchange) throw new Error("there are cases");
  const entry = harEntry({ request, exchange });
  expect(
    problemsOf(toHar([{ ...entry, response: { ...entry.response, bodySize: Number.NaN } }])),
  ).not.toEqual([]);
});

test("a network panel shows entries as fetched, not as scripts", () => {
  expect(harEntry({ request, exchange: answered({}) })._resourceType).toBe("fetch");
});
