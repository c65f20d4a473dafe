import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayTellOfQuotaText, readBodyQuota } from "../../src/quota/body.ts";
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

describe("a body whose text is not relevant", () => {
  const codes = [
    "RATELIMITED",
    "RATE_LIMITED",
    "THROTTLED",
    "RESOURCE_EXHAUSTED",
    "ratelimited",
    "rate_limited",
    "rate_limit_exceeded",
    "https://iana.org/assignments/http-problem-types#quota-exceeded",
    "https://iana.org/assignments/http-problem-types#abnormal-usage-detected",
    "other",
  ];
  const code = fc.constantFrom(...codes);
  const figures = fc.record({ limit: fc.nat(9), remaining: fc.nat(9), maximumAvailable: fc.nat(9) });
  const body = fc.oneof(
    fc.record({ error: code }),
    fc.record({ type: code }),
    fc.record({ error: fc.record({ status: code }) }),
    fc.record({ error: fc.record({ code, details: fc.constant([{ retryDelay: "3s" }]) }) }),
    fc.record({ errors: fc.array(fc.record({ extensions: fc.record({ code }) }), { maxLength: 2 }) }),
    fc.record({ retry_after: fc.nat(9) }),
    fc.record({ data: fc.record({ rateLimit: figures }) }),
    fc.record({ extensions: fc.record({ cost: fc.record({ throttleStatus: figures }) }) }),
    fc.record({ data: fc.array(fc.string()) }),
  );
  /** As writers write it that escape what they need not. */
  const escaped = (json: string) =>
    json.replace(/[a-z]/gi, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

  test("tells nothing of quota, however it is written", () => {
    const told = new Set<boolean>();
    fc.assert(
      fc.property(body, fc.boolean(), (value, escapes) => {
        const json = escapes ? escaped(JSON.stringify(value)) : JSON.stringify(value);
        const { blocked, quota, retryAfterSeconds } = readBodyQuota(JSON.parse(json));
        const tells = blocked || quota !== undefined || retryAfterSeconds !== undefined;
        if (tells) expect(mayTellOfQuotaText(json), json).toBe(true);
        told.add(tells);
      }),
      { numRuns: 2000 },
    );
    expect(told).toEqual(new Set([true, false]));
    expect(mayTellOfQuotaText('{"object":"list","data":[{"id":"cus_1"}]}')).toBe(false);
  });
});
