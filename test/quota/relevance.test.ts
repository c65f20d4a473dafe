import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KNOWN_HEADERS, LISTED_WINDOWS } from "../../src/quota/known.ts";
import { readQuota } from "../../src/quota/read.ts";
import { mayTellOfQuota } from "../../src/quota/relevance.ts";

const context = { now: Date.UTC(2026, 0, 1), status: 200 };

const names = [
  ...Object.keys(KNOWN_HEADERS),
  ...Object.keys(LISTED_WINDOWS).flatMap((family) => [`${family}-limit`, `${family}-usage`]),
  ...["limit", "remaining", "reset", "used"].flatMap((field) => [
    `x-ratelimit-${field}`,
    `ratelimit-${field}`,
    `x-rate-limit-${field}`,
    `x-recipient-${field}`,
    `x-acme-quota-${field}`,
  ]),
  ...[
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "retry-after-ms",
    "content-type",
    "date",
    "etag",
    "x-request-id",
    "limit",
  ],
];

describe("a header that is not relevant", () => {
  test("tells nothing of quota in any company", () => {
    const header = fc.tuple(
      fc.constantFrom(...names),
      fc.constantFrom("5", "0", "5/10", "1,2", '"a";r=5;t=3', "60"),
    );
    fc.assert(
      fc.property(fc.array(header, { maxLength: 6 }), (entries) => {
        const headers = Object.fromEntries(entries);
        if (Object.keys(headers).some(mayTellOfQuota)) return;
        const { quotas, policies, retryAfterSeconds, resetSeconds, unrecognised } = readQuota(
          headers,
          context,
        );
        expect({ quotas, policies, retryAfterSeconds, resetSeconds, unrecognised }).toEqual({
          quotas: [],
          policies: [],
          retryAfterSeconds: undefined,
          resetSeconds: undefined,
          unrecognised: [],
        });
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["content-type", "date", "etag", "x-request-id", "cache-control"])("is %s", (name) => {
    expect(mayTellOfQuota(name)).toBe(false);
  });

  test.each(names.filter((name) => /limit|retry|quota|usage|remaining/.test(name) && name !== "limit"))(
    "is not %s",
    (name) => {
      expect(mayTellOfQuota(name)).toBe(true);
    },
  );
});
