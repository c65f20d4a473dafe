import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeNotices } from "../../src/probe/judge-notices.ts";
import { readNotices } from "../../src/probe/notices.ts";
import { subjectOfUrl } from "../../src/probe/subject.ts";

interface Vector {
  id: string;
  headers: Record<string, string>;
  expect: Record<string, unknown> & {
    deprecatedAt?: string;
    sunsetAt?: string;
    legacySyntax?: boolean;
    pastSunset?: boolean;
  };
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL("lifecycle.json", import.meta.url), "utf8"));
const instant = (text: string | undefined) => (text === undefined ? undefined : new Date(text).toISOString());

describe("what providers announce", () => {
  test.each(vectors)("$id", ({ headers, expect: wanted }) => {
    const { legacySyntax: _syntax, pastSunset: _past, deprecatedAt, sunsetAt, ...rest } = wanted;
    const notices = readNotices(headers);
    expect(notices).toMatchObject(rest);
    expect(notices.deprecatedAt).toBe(instant(deprecatedAt));
    expect(notices.sunsetAt).toBe(instant(sunsetAt));
  });

  test("arbitrary headers never make it throw", () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom("link", "warning", "deprecation", "sunset", "server-timing", "x-runtime"),
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (headers) => void readNotices(headers)),
      { numRuns: 500 },
    );
  });
});

describe("findings", () => {
  const subject = subjectOfUrl("https://api.example.com/v1/things");
  const now = Date.parse("2026-06-01T00:00:00Z");
  const rulesOf = (headers: Record<string, string>) =>
    judgeNotices(readNotices(headers), subject, now).map(({ rule, severity }) => [rule, severity]);

  test("a sunset is a warning, and an error in its last 30 days and after", () => {
    expect(rulesOf({ sunset: "Tue, 01 Sep 2026 00:00:00 GMT" })).toEqual([["provider/sunset", "warning"]]);
    expect(rulesOf({ sunset: "Mon, 15 Jun 2026 00:00:00 GMT" })).toEqual([["provider/sunset", "error"]]);
    expect(rulesOf({ sunset: "Mon, 01 Jun 2020 00:00:00 GMT" })).toEqual([["provider/sunset", "error"]]);
  });

  test("each points to what the provider says of it, and to the successor", () => {
    const link = [
      '<https://a.test/v2>; rel="successor-version"',
      '<https://a.test/old>; rel="deprecation"',
      '<https://a.test/end>; rel="sunset"',
    ];
    const helps = (members: string[]) => {
      const notices = readNotices({
        deprecation: "true",
        sunset: "Thu, 15 Jan 2026 12:00:00 GMT",
        link: members.join(", "),
      });
      return judgeNotices(notices, subjectOfUrl("https://a.test/"), 0).map(({ help }) => help);
    };
    expect(helps(link)).toEqual([
      "the provider says more at https://a.test/end; its successor is https://a.test/v2",
      "the provider says more at https://a.test/old; its successor is https://a.test/v2",
    ]);
    expect(helps(link.slice(0, 1))).toEqual(Array(2).fill("its successor is https://a.test/v2"));
    expect(helps(link.slice(2))).toEqual(Array(2).fill("the provider says more at https://a.test/end"));
    expect(helps([])).toEqual([undefined, undefined]);
  });

  test("an answer in another version than the pinned one is drift", () => {
    const pinned = {
      ...subject,
      request: { ...subject.request, headers: { "Stripe-Version": "2024-06-20" } },
    };
    expect(judgeNotices(readNotices({ "stripe-version": "2025-01-01" }), pinned, now)).toMatchObject([
      { rule: "provider/version-drift", before: "2024-06-20", after: "2025-01-01" },
    ]);
    expect(judgeNotices(readNotices({ "stripe-version": "2024-06-20" }), pinned, now)).toEqual([]);
  });
});
