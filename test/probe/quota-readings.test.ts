import { expect, test } from "vitest";
import { History } from "../../src/history/history.ts";
import { QuotaReadings } from "../../src/probe/quota-readings.ts";
import { toRecord } from "../../src/probe/record.ts";
import { temporaryDirectory } from "../support/cli.ts";
import { probing } from "./fake.ts";

const left = (remaining: number) =>
  probing(() => ({ headers: { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": String(remaining) } }));

test("the pace comes from the runs of the history", async () => {
  const [before, after] = [await left(4000), await left(3400)];
  const history = await History.open(await temporaryDirectory());
  try {
    await history.add([toRecord(before.result)]);
    const readings = new QuotaReadings();
    await readings.recall(after.result.subject, history);
    const now = (before.result.samples[0]?.startedAt ?? 0) + 60_000;
    const [told] = readings.forecasts(after.result, now).values();
    expect(told).toEqual({ pace: 10, seenSeconds: 60, exhaustedAt: new Date(now + 340_000).toISOString() });
  } finally {
    history.close();
  }
});

test("without a history, from the rounds of this process", async () => {
  const [before, after] = [await left(4000), await left(3400)];
  const readings = new QuotaReadings();
  readings.keep(before.result, 1_000_000);
  expect([...readings.forecasts(after.result, 1_030_000)]).toEqual([]);
  const [told] = readings.forecasts(after.result, 1_120_000).values();
  expect(told).toMatchObject({ pace: 5, seenSeconds: 120 });
});
