import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readQuota } from "../../src/quota/read.ts";

interface Recorded {
  provider: string;
  status: number;
  headers: Record<string, string>;
}

/** One of each set of rate-limit headers in recorded responses of real providers. */
const recorded: Recorded[] = JSON.parse(readFileSync(new URL("recorded.json", import.meta.url), "utf8"));

/** Says whether to retry, nothing about quota. */
const NO_QUOTA = new Set(["stripe-should-retry"]);

describe("recorded responses", () => {
  test.each(recorded)("$provider: every limit is read, no header is left over", ({ status, headers }) => {
    const now = Date.parse(headers.date ?? "2026-01-15T12:00:00Z");
    const { quotas, unrecognised } = readQuota(headers, { now, status });
    const limits = Object.keys(headers).filter((name) => /limit/.test(name) && !NO_QUOTA.has(name));
    expect(unrecognised).toEqual([]);
    expect(quotas.length > 0).toBe(limits.length > 0);
    for (const { limit, remaining, used } of quotas) expect(limit).toBe((remaining ?? 0) + (used ?? 0));
  });
});
