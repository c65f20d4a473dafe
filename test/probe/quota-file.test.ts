import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { QuotaLedger } from "../../src/probe/ledger.ts";
import { loadQuotas, saveQuotas } from "../../src/probe/quota-file.ts";
import { readQuota } from "../../src/quota/read.ts";
import { temporaryDirectory } from "../support/cli.ts";

const now = Date.parse("2026-01-15T12:00:00Z");
const spent = (remaining: number, at = now) =>
  readQuota(
    { "x-ratelimit-limit": "100", "x-ratelimit-remaining": String(remaining), "x-ratelimit-reset": "600" },
    { now: at, status: 200 },
  );

test("one process keeps away from a quota that another has spent", async () => {
  const file = join(await temporaryDirectory(), "quotas.json");
  const first = new QuotaLedger();
  first.learn("stripe prod", spent(5), now);
  await saveQuotas(file, first, now);
  const second = new QuotaLedger();
  await loadQuotas(file, second, now + 1000);
  expect(second.refuses("stripe prod", 0.2, now + 1000)).toMatchObject({ reason: "reserve" });
  expect(second.refuses("stripe dev", 0.2, now + 1000)).toBeUndefined();
});

test("what was seen later wins, on both sides, and what is over is forgotten", async () => {
  const file = join(await temporaryDirectory(), "quotas.json");
  const early = new QuotaLedger();
  early.learn("a", spent(90), now);
  const late = new QuotaLedger();
  late.learn("a", spent(10, now + 5000), now + 5000);
  await saveQuotas(file, late, now + 5000);
  await saveQuotas(file, early, now + 6000);
  await loadQuotas(file, early, now + 6000);
  expect(early.refuses("a", 0.2, now + 6000)).toBeDefined();
  const after = new QuotaLedger();
  await loadQuotas(file, after, now + 3_600_000);
  expect(after.entries()).toEqual([]);
});

test("a broken file is no failure and is replaced", async () => {
  const file = join(await temporaryDirectory(), "quotas.json");
  await writeFile(file, '{"a": {"quotas": 5}, ');
  const ledger = new QuotaLedger();
  await loadQuotas(file, ledger, now);
  ledger.learn("a", spent(90), now);
  await saveQuotas(file, ledger, now);
  expect(Object.keys(JSON.parse(await readFile(file, "utf8")))).toEqual(["a"]);
});
