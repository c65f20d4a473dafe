import { describe, expect, test } from "vitest";
import { Collector, infer } from "../../src/contract/infer.ts";
import { toSchema } from "../../src/contract/store/write-schema.ts";
import { times } from "./samples.ts";

/** What is learned from values, without the evidence. */
function learned(values: readonly unknown[]): unknown {
  const collector = new Collector();
  for (const value of values) collector.add(value);
  const strip = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(strip);
    if (typeof schema !== "object" || schema === null) return schema;
    const entries = Object.entries(schema).filter(([key]) => key !== "x-integ");
    return Object.fromEntries(entries.map(([key, value]) => [key, strip(value)]));
  };
  return strip(toSchema(collector.shape(), { count: -1, responses: -1 }));
}

const property = (name: string, values: readonly unknown[]): unknown => {
  const schema = learned(values.map((value) => ({ [name]: value })));
  const { properties } = schema as { properties: Record<string, unknown> };
  return properties[name];
};

const hex = (n: number, length: number) => (n * 2654435761).toString(16).padStart(length, "0").slice(-length);
const uuid = (n: number) => `${hex(n, 8)}-1234-4abc-8def-${hex(n + 7, 12)}`;

describe("strings", () => {
  test.each([
    ["uuid", times(20, uuid), { type: "string", format: "uuid" }],
    [
      "UTC instants",
      times(5, (n) => `2024-05-0${n + 1}T10:00:00Z`),
      { type: "string", format: "date-time", pattern: "Z$" },
    ],
    [
      "instants with an offset",
      times(5, (n) => `2024-05-0${n + 1}T10:00:00+02:00`),
      { type: "string", format: "date-time" },
    ],
    [
      "dates",
      times(20, (n) => `2024-05-${String(n + 1).padStart(2, "0")}`),
      { type: "string", format: "date" },
    ],
    ["mail addresses", times(20, (n) => `u${n}@example.com`), { type: "string", format: "email" }],
    [
      "URLs",
      times(5, (n) => `https://example.com/${n}`),
      { type: "string", format: "uri", pattern: "^https?://" },
    ],
    ["currencies", times(20, (n) => ["usd", "eur", "gbp"][n % 3]), { type: "string", pattern: "^[a-z]{3}$" }],
    ["countries", times(20, (n) => ["US", "DE", "FR"][n % 3]), { type: "string", pattern: "^[A-Z]{2}$" }],
    ["integers in strings", times(20, (n) => String(n * 31)), { type: "string", pattern: "^-?[0-9]+$" }],
    ["decimals in strings", times(20, (n) => `${n}.50`), { type: "string", pattern: "^-?[0-9]+\\.[0-9]+$" }],
    ["addresses", times(20, (n) => `10.0.0.${n}`), { type: "string", format: "ipv4" }],
    ["prefixed ids", times(5, (n) => `cus_${n}aB3dE5fG7hI9`), { type: "string", pattern: "^cus_" }],
  ])("%s are told by their look", (_name, values, schema) => {
    expect(property("value", values)).toEqual(schema);
  });

  test("one that does not fit makes them just strings", () => {
    expect(property("value", [...times(40, uuid), "none"])).toEqual({ type: "string" });
  });

  test("a look is no rule before enough of them were seen, or while all are the same", () => {
    expect(property("value", times(10, uuid))).toEqual({ type: "string" });
    expect(
      property(
        "value",
        times(40, () => uuid(1)),
      ),
    ).toEqual({ type: "string" });
  });
});

describe("closed sets of values", () => {
  const statuses = (count: number) => times(count, (n) => ["open", "closed", "archived"][n % 3]);

  test("few words that came again and again are all there are", () => {
    expect(property("status", statuses(60))).toEqual({
      type: "string",
      enum: ["archived", "closed", "open"],
    });
  });

  test.each([
    ["too few samples", "status", statuses(20)],
    ["a word that came once", "status", [...statuses(60), "rare"]],
    ["too many words for the samples", "status", times(60, (n) => `word-${"abcdefghijkl"[n % 12]}`)],
    ["always the same word", "status", times(60, () => "open")],
    ["numbers in strings", "status", times(60, (n) => String(n % 3))],
    ["sentences", "status", times(60, (n) => ["it is open!", "it is closed!"][n % 2])],
  ])("%s leave a set open", (_why, name, values) => {
    expect(property(name, values)).not.toHaveProperty("enum");
  });

  test("no person, key or address is ever remembered, however often it comes", () => {
    const secret = ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
    const people = times(90, (n) => ({
      first_name: ["Ada", "Grace", "Edsger"][n % 3],
      city: ["London", "Paris", "Rome"][n % 3],
      author: ["lovelace", "hopper"][n % 2],
      mail: ["ada@example.com", "grace@example.com"][n % 2],
      note: ["likes tea", "likes coffee"][n % 2],
      mode: [secret, "test"][n % 2],
      metadata: { plan: ["gold", "silver"][n % 2] },
    }));
    const text = JSON.stringify(learned(people));
    for (const word of ["Ada", "London", "lovelace", "example.com", "tea", secret, "gold"])
      expect(text).not.toContain(word);
  });
});

describe("objects", () => {
  test("a property that is always there is required, any other is not", () => {
    expect(learned([{ a: 1, b: 1 }, { a: 2 }])).toEqual({
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "integer" } },
      required: ["a"],
    });
  });

  test.each([
    ["ids", times(3, (n) => ({ [`${n}0${n}1`]: { n }, [`${n}0${n}2`]: { n } }))],
    ["uuids", times(3, (n) => ({ [uuid(n)]: { n }, [uuid(n + 50)]: { n } }))],
    ["dates", [{ "2024-05-01": { n: 1 }, "2024-05-02": { n: 2 } }]],
    ["currencies", [{ USD: { n: 1 }, EUR: { n: 1.1 }, GBP: { n: 0.9 } }]],
    ["words that hardly come again", times(12, (n) => ({ [`word${"abcdefghijkl"[n]}`]: { n } }))],
  ])("names that are %s make a map", (_what, values) => {
    const schema = property("things", values);
    expect(schema).not.toHaveProperty("properties");
    expect(schema).toHaveProperty("additionalProperties.properties.n");
  });

  test("metadata is a map from the first sample", () => {
    expect(property("metadata", [{ order: "6735" }])).toEqual({
      type: "object",
      additionalProperties: { type: "string" },
    });
  });

  test("an object of settings that is always there is a record", () => {
    const schema = property(
      "settings",
      times(20, (n) => ({ dark: n % 2 === 0, beta: true, sound: false })),
    );
    expect(schema).toHaveProperty("required", ["beta", "dark", "sound"]);
  });

  test("a tag that tells which properties there are splits objects", () => {
    const methods = times(20, (n) =>
      n % 2 ? { type: "card", card: { brand: "visa" } } : { type: "bank", bank: { iban: "x" } },
    );
    const schema = learned(methods) as { anyOf: { properties: { type: unknown }; required: string[] }[] };
    expect(schema.anyOf.map(({ properties, required }) => [properties.type, required])).toEqual([
      [{ type: "string", const: "bank" }, ["bank", "type"]],
      [{ type: "string", const: "card" }, ["card", "type"]],
    ]);
  });

  test("a property of that name which tells nothing does not", () => {
    expect(learned(times(20, (n) => ({ type: n % 2 ? "a" : "b", x: 1 })))).toHaveProperty("properties.x");
  });
});

describe("what was not seen", () => {
  test("an empty array says nothing of its items", () => {
    expect(learned([[], []])).toEqual({ type: "array" });
  });

  test("one item makes it known", () => {
    expect(learned([[], [1]])).toEqual({ type: "array", items: { type: "integer" } });
  });
});

describe("hostile samples", () => {
  test("names of Object.prototype are ordinary properties", () => {
    const value: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": 1, "hasOwnProperty": 2}');
    const schema = learned([value]) as { properties: object };
    expect(Object.keys(schema.properties).sort()).toEqual(["__proto__", "constructor", "hasOwnProperty"]);
  });

  test("10,000 levels of nesting are learned down to a bound", () => {
    let value: unknown = 1;
    for (let level = 0; level < 10_000; level++) value = level % 2 ? [value] : { a: value };
    expect(JSON.stringify(learned([value])).length).toBeGreaterThan(100);
  });

  test("200,000 names are one map", () => {
    const value = Object.fromEntries(times(200_000, (n) => [`key-${n}`, n]));
    expect(learned([value])).toEqual({ type: "object", additionalProperties: { type: "integer" } });
  });

  test("lone surrogates and empty names do no harm", () => {
    expect(learned([{ "": "\ud800", "\udc00": 1 }])).toHaveProperty("required");
  });
});

test("infer takes any iterable, also one that waits", async () => {
  async function* later() {
    yield { a: 1 };
    yield { a: null };
  }
  const shape = await infer(later());
  expect(toSchema(shape, { count: 2, responses: 2 })).toEqual({
    type: "object",
    properties: { a: { type: ["integer", "null"], "x-integ": { null: 1, log10: [0, 0, 0] } } },
    required: ["a"],
  });
});
