import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accepts } from "../../src/contract/accepts.ts";
import { compare } from "../../src/contract/compare.ts";
import { Collector } from "../../src/contract/infer.ts";
import { merge } from "../../src/contract/merge.ts";
import type { Shape } from "../../src/contract/shape.ts";
import { toSchema } from "../../src/contract/store/write-schema.ts";
import { shape, value, valueOfShape } from "./arbitrary-shape.ts";

const inferred = (values: readonly unknown[]): Shape => {
  const collector = new Collector();
  for (const one of values) collector.add(one);
  return collector.shape();
};
const samples = fc.array(value, { minLength: 1, maxLength: 8 });
const text = (one: Shape) => JSON.stringify(toSchema(one, { count: -1, responses: -1 }));

describe("compare", () => {
  test("finds nothing between a shape and itself", () => {
    fc.assert(
      fc.property(shape, (a) => {
        expect(compare(a, a, "response")).toEqual([]);
        expect(compare(a, a, "request")).toEqual([]);
      }),
    );
  });

  test("finds nothing between a shape and a copy of it, node by node", () => {
    fc.assert(
      fc.property(samples, (values) => {
        expect(compare(inferred(values), inferred(values), "response")).toEqual([]);
      }),
    );
  });

  test("is sound: where no change breaks a reader, the reader takes every value of the new shape", () => {
    let judged = 0;
    fc.assert(
      fc.property(shape, shape, fc.infiniteStream(fc.nat(1000)), (a, b, numbers) => {
        if (compare(a, b, "response").some(({ breaks }) => breaks)) return;
        const made = valueOfShape(b, picker(numbers));
        if (made === undefined || !accepts(b, made)) return;
        judged++;
        expect(accepts(a, made)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(judged).toBeGreaterThan(50);
  });

  test("is sound on small changes, where most pairs are compatible", () => {
    let judged = 0;
    fc.assert(
      fc.property(samples, samples, fc.infiniteStream(fc.nat(1000)), (one, other, numbers) => {
        const a = inferred([...one, ...other]);
        const b = inferred(one);
        if (compare(a, b, "response").some(({ breaks }) => breaks)) return;
        const made = valueOfShape(b, picker(numbers));
        if (made === undefined || !accepts(b, made)) return;
        judged++;
        expect(accepts(a, made)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(judged).toBeGreaterThan(100);
  });

  test("says the same of a request as of the response the other way round, in what breaks", () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const [a, b] = [inferred(one), inferred(other)];
        const widened = compare(a, b, "response").filter(({ effect }) => effect === "widened");
        for (const change of widened) expect(change.breaks).toBe(true);
        for (const change of compare(a, b, "request")) {
          if (change.effect === "widened") expect(change.breaks).toBe(false);
        }
      }),
    );
  });
});

describe("merge", () => {
  test("does not care for order", () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const [a, b] = [inferred(one), inferred(other)];
        expect(text(merge(a, b))).toBe(text(merge(b, a)));
      }),
    );
  });

  test("does not care for grouping", () => {
    fc.assert(
      fc.property(samples, samples, samples, (one, other, third) => {
        const [a, b, c] = [inferred(one), inferred(other), inferred(third)];
        expect(text(merge(merge(a, b), c))).toBe(text(merge(a, merge(b, c))));
      }),
    );
  });

  test("adds no knowledge to itself", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const a = inferred(values);
        expect(compare(a, merge(a, a), "response")).toEqual([]);
      }),
    );
  });

  test("takes every value of both sides", () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const merged = merge(inferred(one), inferred(other));
        for (const each of [...one, ...other]) expect(accepts(merged, each)).toBe(true);
      }),
    );
  });

  test("against its first part shows only what the second adds", () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const [a, b] = [inferred(one), inferred(other)];
        const changes = compare(a, merge(a, b), "response");
        // Items of arrays that were always empty were unknown, not anything: to learn them is no narrowing.
        const learned = "contract/schema-added";
        expect(changes.filter(({ effect, rule }) => effect === "narrowed" && rule !== learned)).toEqual([]);
      }),
    );
  });
});

describe("inference", () => {
  test("accepts every value that it learned from", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const learned = inferred(values);
        for (const one of values) expect(accepts(learned, one)).toBe(true);
      }),
    );
  });

  test("learns the same from parts, in any order, as from all at once", () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const part = (values: readonly unknown[]) => {
          const collector = new Collector();
          for (const each of values) collector.add(each);
          return collector;
        };
        const whole = part([...one, ...other]).shape();
        expect(text(part(one).merge(part(other)).shape())).toBe(text(whole));
        expect(text(part(other).merge(part(one)).shape())).toBe(text(whole));
      }),
    );
  });
});

function picker(numbers: Iterator<number>): (n: number) => number {
  return (n) => (numbers.next().value ?? 0) % n;
}
