import { describe, expect, test } from "vitest";
import { effective, isClosed, valueCounts } from "../../src/contract/infer/evidence.ts";
import { discoveryThreshold, fisher } from "../../src/contract/judge/statistics.ts";

describe("Fisher's exact test, one-sided", () => {
  // By hand: all of n had it, none of m has it: 1 / C(n + m, m).
  test.each([
    [{ n: 10, k: 10, m: 7, x: 0 }, 1 / 19448],
    [{ n: 30, k: 30, m: 4, x: 0 }, 1 / 46376],
    [{ n: 300, k: 300, m: 2, x: 0 }, 1 / 45451],
    [{ n: 1, k: 1, m: 1, x: 0 }, 1 / 2],
    // The lady tasting tea: three of four right on both sides.
    [{ n: 4, k: 3, m: 4, x: 1 }, 17 / 70],
  ])("%j", (counts, p) => {
    expect(fisher(counts)).toBeCloseTo(p, 8);
  });

  test("is one where nothing was seen, or nothing differs", () => {
    expect(fisher({ n: 0, k: 0, m: 5, x: 0 })).toBe(1);
    expect(fisher({ n: 5, k: 5, m: 5, x: 5 })).toBeCloseTo(1, 10);
  });

  test("falls as the difference grows", () => {
    const ps = [10, 8, 6, 4, 2, 0].map((x) => fisher({ n: 20, k: 20, m: 10, x }));
    expect([...ps].sort((a, b) => b - a)).toEqual(ps);
  });
});

test("Benjamini-Hochberg keeps what is rare among many tests", () => {
  expect(discoveryThreshold([1e-6, 0.004, 0.2], 100, 0.01)).toBe(1e-6);
  expect(discoveryThreshold([0.004], 1, 0.01)).toBe(0.004);
  expect(discoveryThreshold([0.004], 100, 0.01)).toBe(0);
});

test("items of one page are worth less than as many responses", () => {
  expect(effective(100, 100)).toBe(100);
  expect(effective(100, 1)).toBeCloseTo(100 / 10.9, 6);
  expect(effective(100, 50)).toBeGreaterThan(50);
  expect(effective(0, 0)).toBe(0);
});

describe("whether a set of values is closed", () => {
  const counts = (...times: number[]) => valueCounts(new Map(times.map((n, index) => [`v${index}`, n])));

  test("when its values came again and again", () => {
    expect(isClosed(counts(20, 20, 20), 60)).toBe(true);
  });

  test.each([
    ["too few observations", counts(10, 10), 20],
    ["a value that came once among few", counts(30, 29, 1), 60],
    ["nearly as many values as observations", counts(...Array.from({ length: 30 }, () => 2)), 60],
  ])("not with %s", (_why, values, n) => {
    expect(isClosed(values, n)).toBe(false);
  });
});
