import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Quota } from "../../src/quota/quota.ts";
import { readQuota } from "../../src/quota/read.ts";

interface ExpectedLimit extends Omit<Quota, "source" | "resetAt"> {
  resetSeconds?: number;
  resetAt?: string;
  resetToleranceSeconds?: number;
  restorePerSecond?: number;
}

interface Vector {
  id: string;
  now: string;
  status: number;
  headers: Record<string, string>;
  body?: unknown;
  expect: {
    limits: ExpectedLimit[];
    policies?: unknown[];
    retryAfterSeconds?: number;
    resetSeconds?: number;
    blocked?: boolean;
    reason?: string;
    scope?: string;
    nearLimit?: boolean;
  };
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url), "utf8"));

/** A quota in the words of the vectors: seconds instead of a moment, no sources. */
function comparable(quota: Quota, now: number): ExpectedLimit {
  const { source: _source, resetAt, ...rest } = quota;
  return resetAt === undefined ? rest : { ...rest, resetSeconds: (Date.parse(resetAt) - now) / 1000 };
}

function expected({
  resetAt: _at,
  resetToleranceSeconds: _tolerance,
  restorePerSecond,
  ...limit
}: ExpectedLimit): ExpectedLimit {
  return { ...limit, ...(restorePerSecond === undefined ? {} : { ratePerSecond: restorePerSecond }) };
}

describe("the rate limits of real providers", () => {
  test.each(vectors)("$id", ({ now: at, status, headers, body, expect: wanted }) => {
    const now = Date.parse(at);
    const reading = readQuota(headers, { now, status, body });
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(reading.quotas.map((quota) => comparable(quota, now)).sort(byName)).toEqual(
      wanted.limits.map(expected).sort(byName),
    );
    const { limits: _limits, policies, ...rest } = wanted;
    expect(reading).toMatchObject({ blocked: false, ...rest });
    if (policies) expect(reading.policies).toEqual(policies);
    expect(reading.unrecognised).toEqual(
      headers["x-ratelimit-reset"]?.startsWith("+") ? ["x-ratelimit-reset"] : [],
    );
  });
});

const read = (headers: Record<string, string>, status = 200, now = Date.parse("2026-01-15T12:00:00Z")) =>
  readQuota(headers, { now, status });

describe("reading", () => {
  test("the server's clock is corrected to ours by its Date", () => {
    const headers = {
      date: "Thu, 15 Jan 2026 12:05:00 GMT",
      "x-ratelimit-reset": "1768478760",
      "x-ratelimit-remaining": "1",
    };
    expect(read(headers).quotas[0]?.resetAt).toBe("2026-01-15T12:01:00.000Z");
  });

  test.each([
    ["30", 30],
    ["2.5", 2.5],
    ["Thu, 15 Jan 2026 12:01:00 GMT", 60],
    ["-5", undefined],
    ["banana", undefined],
    ["Thu, 15 Jan 2026 11:00:00 GMT", undefined],
    ["99999999999", undefined],
    ["", undefined],
  ])("Retry-After: %s", (value, seconds) => {
    expect(read({ "retry-after": value }, 429).retryAfterSeconds).toBe(seconds);
  });

  test("a Retry-After that nobody can read is shown as unrecognised", () => {
    expect(read({ "retry-after": "banana" }, 429).unrecognised).toEqual(["retry-after"]);
    expect(read({ "retry-after": "3" }, 429).unrecognised).toEqual([]);
  });

  test("retry-after-ms wins over the whole seconds of retry-after", () => {
    expect(read({ "retry-after": "1", "retry-after-ms": "250" }, 429).retryAfterSeconds).toBe(0.25);
  });

  test("what looks like a rate limit and is of no known form is named, not dropped", () => {
    const headers = {
      "x-ratelimit-remaining": "many",
      "acme-limit-remaining": "4",
      "content-type": "text/html",
    };
    expect(read(headers).unrecognised).toEqual(["x-ratelimit-remaining", "acme-limit-remaining"]);
  });

  test("a policy named default speaks of the quota named default", () => {
    const headers = { ratelimit: '"default";r=40;t=30', "ratelimit-policy": '"default";q=50;w=60' };
    expect(readQuota(headers, { now: 0, status: 200 }).quotas).toMatchObject([
      { name: "default", limit: 50, remaining: 40, windowSeconds: 60 },
    ]);
  });

  test("more remaining than the limit is doubted: a proxy wrote one of them", () => {
    const [quota] = read({ "x-ratelimit-limit": "200", "x-ratelimit-remaining": "4977" }).quotas;
    expect(quota).not.toHaveProperty("used");
    expect(read({ "x-ratelimit-limit": "200", "x-ratelimit-remaining": "4977" }).doubtful).toEqual([
      "default",
    ]);
  });

  test("a cached answer's quota is somebody else's", () => {
    expect(read({ "x-ratelimit-limit": "5", age: "12" }).quotas).toEqual([]);
  });

  test("header names count in any case", () => {
    expect(read({ "X-RateLimit-Remaining": "3" }).quotas[0]?.remaining).toBe(3);
  });

  test("arbitrary headers never make it throw, and what it gives is finite and plain", () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "ratelimit",
        "ratelimit-policy",
        "x-ratelimit-limit",
        "x-ratelimit-reset",
        "retry-after",
        "date",
        "age",
        "__proto__",
      ),
      fc.constantFrom(...vectors.flatMap(({ headers }) => Object.keys(headers))),
    );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(...vectors.flatMap(({ headers }) => Object.values(headers))),
      fc.json(),
    );
    fc.assert(
      fc.property(
        fc.dictionary(name, value),
        fc.integer({ min: 100, max: 599 }),
        fc.jsonValue(),
        (headers, status, body) => {
          const reading = readQuota(headers, { now: 1_768_478_400_000, status, body });
          for (const quota of reading.quotas) {
            expect(quota.source.length).toBeGreaterThan(0);
            for (const number of [quota.limit, quota.remaining, quota.used, quota.windowSeconds]) {
              expect(number === undefined || Number.isFinite(number)).toBe(true);
            }
          }
          expect(JSON.parse(JSON.stringify(reading))).toEqual(reading);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
