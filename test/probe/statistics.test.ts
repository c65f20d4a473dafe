import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, percentile, sorted, summarizeLatency } from "../../src/probe/statistics.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe("percentiles", () => {
  test("are exact, by nearest rank", () => {
    expect(summarizeLatency(upTo(100))).toEqual({ n: 100, min: 1, p50: 50, p95: 95, p99: 99, max: 100 });
  });

  test("p95 needs 20 samples and p99 a hundred", () => {
    expect(summarizeLatency(upTo(19))).toMatchObject({ p50: 10, p95: null, p99: null });
    expect(summarizeLatency(upTo(20))).toMatchObject({ p95: 19, p99: null });
    expect(summarizeLatency([])).toEqual({ n: 0, min: null, p50: null, p95: null, p99: null, max: null });
  });

  test("at least the share lies at or below, and less than the share strictly below", () => {
    const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const value = percentile(sorted(values), share);
        expect(values.filter((one) => one <= value).length).toBeGreaterThanOrEqual(
          share * values.length - 1e-6,
        );
        expect(values.filter((one) => one < value).length).toBeLessThan(share * values.length + 1e-6);
      }),
    );
  });

  test("the median of an even number is between the middle two", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeUndefined();
  });
});
