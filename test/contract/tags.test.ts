import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_PROFILES, MAX_TAG_VALUES } from "../../src/contract/infer/tally.ts";
import { Collector } from "../../src/contract/infer.ts";
import { Deepening } from "../../src/contract/record.ts";
import { toSchema } from "../../src/contract/store/write-schema.ts";
import { formatContract, parseContract } from "../../src/contract/store.ts";
import { answer, contractOf, random, times, verdicts } from "./samples.ts";

const tagOf = (values: readonly unknown[]) => {
  const collector = new Collector();
  for (const value of values) collector.add(value);
  return collector.shape().tag;
};

const next = random(7);
const number = () => Math.floor(next() * 900) + 100;

/** Three flavours of things, with names of their own, others in common, and some that only come at times. */
function thing(index: number): Record<string, unknown> {
  const common = { id: `thing ${index}`, price: number(), ...(next() < 0.5 ? { note: "x" } : {}) };
  const flavour = ["mint", "nut", "plain"][index % 3];
  if (flavour === "mint") return { ...common, flavour, leaves: number(), fresh: next() < 0.5 };
  if (flavour === "nut") return { ...common, flavour, shell: { hard: true }, allergen: "nuts" };
  return { ...common, flavour, sugar: number(), base: "milk", ...(next() < 0.5 ? { milk: number() } : {}) };
}

describe("a tag is found by what it tells", () => {
  test("under a name that no tag has, with the properties of each kind", () => {
    const contract = contractOf(times(120, thing));
    const { shape } = contract;
    expect([shape.tag, shape.objects.map(({ variant, count }) => [variant, count])]).toEqual([
      "flavour",
      [
        ["mint", 40],
        ["nut", 40],
        ["plain", 40],
      ],
    ]);
    const required = shape.objects.map(({ properties }) =>
      [...properties].flatMap(([name, { required }]) => (required ? [name] : [])).sort(),
    );
    expect(required).toEqual([
      ["flavour", "fresh", "id", "leaves", "price"],
      ["allergen", "flavour", "id", "price", "shell"],
      ["base", "flavour", "id", "price", "sugar"],
    ]);
  });

  test.each<[string, (n: number) => object]>([
    [
      "`type` that tells nothing, beside one that does",
      (n: number) => ({ ...thing(n), type: n % 2 ? "a" : "b" }),
    ],
    [
      "a status whose words come in every kind",
      (n: number) => ({ ...thing(n), status: n % 5 ? "on" : "off" }),
    ],
  ])("%s", (_, make) => {
    expect(tagOf(times(120, make))).toBe("flavour");
  });

  const kinds = (n: number, count: number) => `kind${"abcdefghijklmnopqrstuvwxyz"[n % count]}`;
  const own = (n: number, count: number) => ({ [kinds(n, count)]: 1, [`${kinds(n, count)}_at`]: 2 });
  test.each([
    [
      "`type` alone that tells nothing",
      times(120, (n) => ({ type: n % 2 ? "a" : "b", x: 1, ...(next() < 0.5 ? { y: 1 } : {}) })),
    ],
    [
      "one property more is a state, not a kind",
      times(120, (n) => (n % 2 ? { state: "failed", reason: 4 } : { state: "fine" })),
    ],
    [
      "two words of the same kind",
      times(120, (n) =>
        n % 3 === 0 ? { flavour: "mint", a: 1, b: 2 } : { flavour: n % 3 === 1 ? "nut" : "oat", c: 1, d: 2 },
      ),
    ],
    ["too few to be sure of all words", times(12, thing)],
    [
      "words that are people's",
      times(120, (n) => (n % 2 ? { owner: "ann", a: 1, b: 2 } : { owner: "bob", c: 1, d: 1 })),
    ],
    [
      "a word that is not always there",
      times(120, (n) => (n % 3 ? thing(n) : { ...thing(n), flavour: null })),
    ],
    [
      "too many words",
      times(600, (n) => ({ flavour: kinds(n, MAX_TAG_VALUES + 1), ...own(n, MAX_TAG_VALUES + 1) })),
    ],
    ["objects too unlike", times(600, (n) => ({ ...thing(n), [`p${n % (MAX_PROFILES + 1)}`]: 1 }))],
  ])("not: %s", (_, values) => {
    expect(tagOf(values)).toBeUndefined();
  });
});

test("what is found does not depend on the order of samples, nor on who saw which", () => {
  const things = times(90, thing);
  const text = (collector: Collector) =>
    JSON.stringify(toSchema(collector.shape(), { count: 90, responses: 90 }));
  const whole = new Collector();
  for (const one of things) whole.add(one);
  expect(whole.shape().tag).toBe("flavour");
  fc.assert(
    fc.property(fc.shuffledSubarray(things, { minLength: 90 }), fc.nat(90), fc.nat(90), (order, x, y) => {
      const [from, to] = x < y ? [x, y] : [y, x];
      const parts = [order.slice(0, from), order.slice(from, to), order.slice(to)].map((values) => {
        const part = new Collector();
        for (const one of values) part.add(one);
        return part;
      });
      const [a, b, c] = parts as [Collector, Collector, Collector];
      const left = new Collector().merge(a).merge(b).merge(c);
      const right = new Collector().merge(c).merge(new Collector().merge(b).merge(a));
      expect(text(left)).toBe(text(whole));
      expect(text(right)).toBe(text(whole));
    }),
    { numRuns: 30 },
  );
});

describe("a contract with such a tag", () => {
  const recorded = times(300, thing);

  test("comes back as it was written, and is deepened without losing it", () => {
    const contract = contractOf(recorded);
    expect(formatContract(parseContract(formatContract(contract)))).toBe(formatContract(contract));
    const deepening = new Deepening(contract);
    for (const one of times(30, (n) => answer(thing(n)))) deepening.add(one);
    const deeper = deepening.contract();
    expect([deeper.samples, deeper.shape.tag, deeper.shape.objects.map(({ count }) => count)]).toEqual([
      330,
      "flavour",
      [110, 110, 110],
    ]);
  });

  test("says nothing of other data, whatever kinds come", () => {
    expect(verdicts(recorded, times(60, thing))).toEqual([]);
    expect(
      verdicts(
        recorded,
        times(30, (n) => thing(3 * n)),
      ),
    ).toEqual([]);
  });

  test("says what a kind lost, and that there is a new one", () => {
    const without = times(60, (n) => ({ ...thing(n), leaves: undefined })).map((one) =>
      JSON.parse(JSON.stringify(one)),
    );
    expect(verdicts(recorded, without)).toEqual(["error property-removed $.leaves"]);
    expect(
      verdicts(
        recorded,
        times(60, (n) => (n % 4 ? thing(n) : { flavour: "lime", id: "thing", zest: 1 })),
      ),
    ).toEqual(["warning variant-added $"]);
  });
});
