import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRuns, type RunSamples } from "../../src/probe/compare.ts";
import { outliersOf, percentileInterval } from "../../src/probe/intervals.ts";
import { hodgesLehmann, mannWhitney, normalTail } from "../../src/probe/rank-test.ts";
import { sorted } from "../../src/probe/statistics.ts";

/** mulberry32: the same numbers in every run. */
function random(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Log-normal latencies with a spike in fifty. */
function latencies(n: number, scale: number, next: () => number): number[] {
  return Array.from({ length: n }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return scale * 100 * Math.exp(0.25 * normal) * (next() < 0.02 ? 5 : 1);
  });
}

const run = (totals: readonly number[]): RunSamples => ({ totals, phases: { ttfb: totals } });

describe("the rank test", () => {
  test.each([
    [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.0122],
    [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], 1],
  ])("%j against %j", (a, b, p) => {
    expect(mannWhitney(a, b)).toBeCloseTo(p, 3);
  });

  test("comes close to the exact figure of R's own example of wilcox.test", () => {
    const x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    expect(Math.abs(mannWhitney(x, [1.15, 0.88, 0.9, 0.74, 1.21]) - 0.2544)).toBeLessThan(0.015);
  });

  test("the normal tail", () => {
    expect(normalTail(1.959964)).toBeCloseTo(0.025, 6);
    expect(normalTail(-1)).toBeCloseTo(0.8413447, 6);
  });

  const samples = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 40 });
  test("does not care which set comes first, nor about a common factor", () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        expect(mannWhitney(a, b)).toBeCloseTo(mannWhitney(b, a), 10);
        expect(
          mannWhitney(
            a.map((x) => x * 8),
            b.map((x) => x * 8),
          ),
        ).toBe(mannWhitney(a, b));
        expect(hodgesLehmann(a, b)).toBeCloseTo(-hodgesLehmann(b, a), 10);
      }),
    );
  });

  test("a shift is found as what it is", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: -50, max: 50 }), (a, d) => {
        expect(
          hodgesLehmann(
            a,
            a.map((x) => x + d),
          ),
        ).toBeCloseTo(d, 9);
      }),
    );
  });
});

describe("intervals", () => {
  const upTo = (n: number) => sorted(Array.from({ length: n }, (_, index) => index + 1));

  test("by order statistics, as the tables have them", () => {
    expect(percentileInterval(upTo(20), 0.5)).toEqual({ low: 6, high: 15 });
    expect(percentileInterval(upTo(100), 0.5)).toEqual({ low: 40, high: 61 });
    expect(percentileInterval(upTo(20), 0.95).high).toBeNull();
    expect(percentileInterval(upTo(100), 0.95)).toEqual({ low: 90, high: 100 });
    expect(percentileInterval([], 0.5)).toEqual({ low: null, high: null });
  });

  test("hold the true percentile in at least 93 of 100 cases", () => {
    const next = random(7);
    let held = 0;
    for (let turn = 0; turn < 500; turn++) {
      const { low, high } = percentileInterval(sorted(Array.from({ length: 200 }, next)), 0.95);
      if ((low ?? 0) <= 0.95 && (high ?? 1) >= 0.95) held++;
    }
    expect(held / 500).toBeGreaterThan(0.93);
  });

  test("outliers are named", () => {
    expect(outliersOf(sorted([1, 2, 3, 4, 5, 6, 100])).values).toEqual([100]);
  });
});

describe("slower or not", () => {
  const trials = (scaleOfRun: (next: () => number) => number, change: number) => {
    const next = random(42);
    const verdicts: string[] = [];
    for (let trial = 0; trial < 150; trial++) {
      const baseline = Array.from({ length: 10 }, () => run(latencies(30, scaleOfRun(next), next)));
      verdicts.push(compareRuns(run(latencies(30, scaleOfRun(next) * change, next)), baseline).verdict);
    }
    return (verdict: string) => verdicts.filter((one) => one === verdict).length / verdicts.length;
  };
  const steady = () => 1;
  const restless = (next: () => number) => 1 + 0.1 * (next() + next() + next() + next() - 2) * 1.7;

  test("an unchanged API raises hardly any alarm, even where runs differ by 10 %", () => {
    expect(trials(steady, 1)("slower")).toBeLessThan(0.02);
    expect(trials(restless, 1)("slower")).toBeLessThan(0.06);
  });

  test("half as slow again is found, and 30 % faster too", () => {
    expect(trials(steady, 1.5)("slower")).toBeGreaterThan(0.95);
    expect(trials(steady, 0.7)("faster")).toBeGreaterThan(0.8);
  });

  test("never a verdict on three samples, nor on one run", () => {
    const next = random(1);
    const baseline = [run(latencies(30, 1, next))];
    expect(compareRuns(run([500, 500, 500]), baseline).verdict).toBe("too-few-samples");
    expect(compareRuns(run(latencies(30, 3, next)), baseline).verdict).toBe("suspect");
  });

  test("a shift below 5 ms does not matter, however certain", () => {
    const baseline = Array.from({ length: 5 }, () =>
      run(Array.from({ length: 50 }, (_, index) => 1 + index / 1000)),
    );
    expect(
      compareRuns(run(Array.from({ length: 50 }, (_, index) => 2 + index / 1000)), baseline),
    ).toMatchObject({ verdict: "unchanged" });
  });

  test("the phase that moved is named", () => {
    const next = random(3);
    const make = (tls: number) => {
      const ttfb = latencies(30, 1, next);
      const handshake = latencies(30, tls, next);
      return {
        totals: ttfb.map((ms, index) => ms + (handshake[index] ?? 0)),
        phases: { ttfb, tls: handshake },
      };
    };
    const comparison = compareRuns(
      make(2),
      Array.from({ length: 6 }, () => make(0.5)),
    );
    expect(comparison.verdict).toBe("slower");
    expect(comparison.moved.map(({ phase }) => phase)).toEqual(["tls"]);
  });
});
