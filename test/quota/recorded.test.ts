import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readQuota } from "../../src/quota/read.ts";
import { repositoryFile } from "../support/markdown.ts";

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

/** More recorded answers than are kept here, where the machine has them. */
const CORPUS = repositoryFile("../shared/data/responses");
const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((file) => file.endsWith(".jsonl.gz")) : [];

/** Values that whoever recorded them has made unreadable: `48<GITHUB_TEST_INTEGRATION>`. */
const isScrubbed = (value: unknown) => /<[A-Z_]+>/.test(String(value));

interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  json?: unknown;
}

describe.skipIf(files.length === 0)("every recorded answer of", () => {
  test.each(files)("%s is read without a quota header left over", (file) => {
    const lines = gunzipSync(readFileSync(join(CORPUS, file)))
      .toString()
      .split("\n")
      .filter((line) => line !== "");
    const left = lines.flatMap((line) => {
      const { status, headers, json }: Answer = JSON.parse(line);
      const joined = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, String(value)]),
      );
      const now = Date.parse(joined.date ?? "2026-01-15T12:00:00Z");
      const { unrecognised } = readQuota(joined, { now, status, body: json });
      return unrecognised.filter((name) => !isScrubbed(joined[name]));
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(left).toEqual([]);
  });
});
