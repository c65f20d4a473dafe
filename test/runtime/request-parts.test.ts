import { expect, test } from "vitest";
import { createThing, failureOf, getThing, provider } from "./support.ts";

const post = (body: unknown, encoding: "json" | "form") => {
  const { client, seen, time } = provider([{}]);
  return { seen, sent: time.run(client({ encoding }).request({ ...createThing, body })) };
};
const textOf = (body: unknown): string =>
  body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);

const bytes = new TextEncoder().encode("bytes");
const within = new Uint8Array([0, ...bytes, 0]);

test.each([
  ["a buffer", bytes.buffer, "bytes"],
  ["a view on a part of a buffer", new DataView(within.buffer, 1, bytes.length), "bytes"],
  ["fields of a form, whatever the client's encoding", new URLSearchParams({ a: "1 2" }), "a=1+2"],
])("a body goes out as it is: %s", async (_, body, text) => {
  for (const encoding of ["json", "form"] as const) {
    const { seen, sent } = post(body, encoding);
    await sent;
    expect(textOf(seen[0]?.body)).toBe(text);
  }
});

test("the fields of URLSearchParams are said to be a form", async () => {
  const { seen, sent } = post(new URLSearchParams({ a: "1" }), "json");
  await sent;
  expect(seen[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
});

const form = new FormData();
form.set("a", "1");

test.each([
  ["a form with files", form],
  ["a file", new Blob(["hi"])],
  ["a stream", new ReadableStream()],
  ["a map", new Map([["a", 1]])],
  ["a set", new Set([1])],
  ["a generator", (function* () {})()],
  ["a function", () => 1],
  ["a symbol", Symbol("a")],
])("what would arrive as an empty body is refused before anything is sent: %s", async (_, body) => {
  for (const encoding of ["json", "form"] as const) {
    const { seen, sent } = post(body, encoding);
    const error = await failureOf(sent);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain("a body cannot be made of a ");
    expect(seen).toHaveLength(0);
  }
});

test("a field of a form that would be lost is refused as well", async () => {
  const { seen, sent } = post({ name: "a", file: new Blob(["hi"]) }, "form");
  expect(String(await failureOf(sent))).toContain("a body cannot be made of a Blob");
  expect(seen).toHaveLength(0);
});

test("a date in a form is what it is in JSON", async () => {
  const { seen, sent } = post({ at: new Date(0), days: [new Date(0)] }, "form");
  await sent;
  const day = "1970-01-01T00:00:00.000Z";
  expect(decodeURIComponent(String(seen[0]?.body))).toBe(`at=${day}&days[0]=${day}`);
});

test.each([5, null, new Date(0)])("a form of no fields is refused: %s", async (body) => {
  const { seen, sent } = post(body, "form");
  expect(String(await failureOf(sent))).toContain("a form is made of an object's fields");
  expect(seen).toHaveLength(0);
});

/** As JavaScript, and TypeScript without `exactOptionalPropertyTypes`, may give it. */
const loose = (value: unknown): { x: string } => ({ x: value as string });

test("an optional header that is not given is not sent: it would be the text undefined", async () => {
  const { client, seen, time } = provider([{}]);
  const call = client({ headers: loose(undefined) }).request({
    ...getThing,
    headers: { ...loose(undefined), y: "1" },
  });
  await time.run(call);
  expect(seen[0]?.headers).not.toHaveProperty("x");
  expect(seen[0]?.headers).toMatchObject({ y: "1" });
});

test.each([
  [null, "null"],
  [5, "a number"],
  [["a", "b"], "a list"],
])("a header that is no text is refused before anything is sent: %j", async (value, kind) => {
  const { client, seen, time } = provider([{}]);
  const said = `the header \`x\` must be a text, not ${kind}`;
  const error = await failureOf(time.run(client().request({ ...getThing, headers: loose(value) })));
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(said);
  expect(() => client({ headers: loose(value) })).toThrow(said);
  expect(seen).toHaveLength(0);
});

test.each([
  [null, "Null"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  [{ a: 1 }, "Object"],
  [["a", undefined], "Undefined"],
  [new Date(0), "Date"],
])("what nobody means to ask for is refused before anything is sent: %s", async (value, kind) => {
  const { client, seen, time } = provider([{}, {}]);
  const inQuery = client().request({ ...getThing, query: loose(value) });
  const error = await failureOf(time.run(inQuery));
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain(`query parameter \`x\` cannot be ${kind}`);
  if (!Array.isArray(value)) {
    const inPath = client().request({ ...getThing, path: "/things/{x}", params: loose(value) });
    expect(String(await failureOf(time.run(inPath)))).toContain(`path parameter \`x\` cannot be ${kind}`);
  }
  expect(seen).toHaveLength(0);
});

test("a path with a literal # is refused with what to do: what follows, and the query, would silently not be sent", async () => {
  const { client, seen, time } = provider([{}]);
  const call = client().request({ ...getThing, path: "/channels/#general", query: { limit: 1 } });
  const error = await failureOf(time.run(call));
  expect(error).toBeInstanceOf(TypeError);
  expect(String(error)).toContain("write %23, or give the value as a path parameter");
  expect(seen).toHaveLength(0);
});

test("a # in a path parameter is sent encoded, and a query after it arrives", async () => {
  const { client, seen, time } = provider([{}]);
  const path = "/channels/{name}";
  await time.run(client().request({ ...getThing, path, params: { name: "#general" }, query: { limit: 1 } }));
  expect(seen[0]?.url).toMatch(/\/channels\/%23general\?limit=1$/);
});

test("the fragment of an address that a provider links to is cut off, so that a query after it arrives", async () => {
  const { client, seen, time } = provider([{}]);
  const address = "https://api.example.com/things?page=2#top";
  await time.run(client().request({ ...getThing, path: address, query: { limit: 1 } }));
  expect(seen[0]?.url).toBe("https://api.example.com/things?page=2&limit=1");
});
