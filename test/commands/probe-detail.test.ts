import { expect, test } from "vitest";
import { styleFor } from "../../src/base/style.ts";
import { renderDetail } from "../../src/commands/probe/detail.ts";
import { forecast } from "../../src/probe/forecast.ts";
import { probing } from "../probe/fake.ts";

const now = Date.parse("2026-01-15T12:00:00Z");

async function shown(headers: Record<string, string>, columns: number): Promise<string> {
  const { result } = await probing((turn) => ({ headers, totalMs: 95_000 + turn }));
  const earlier = result.quotas.map((quota) => ({
    quota: { ...quota, remaining: (quota.remaining ?? 0) + 600 },
    at: now - 60_000,
  }));
  const forecasts = new Map(
    result.quotas.flatMap((quota) => {
      const told = forecast(quota, now, earlier);
      return told ? [[quota, told] as const] : [];
    }),
  );
  const style = await styleFor(false);
  return renderDetail(result, { style, columns, detail: true, compared: new Map(), forecasts, now });
}

test.each([80, 140])("no figure is broken over two lines of a terminal of %i columns", async (columns) => {
  const text = await shown({ "server-timing": `db;dur=3.2, ${"x".repeat(200)};dur=8` }, columns);
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
  expect(text).toContain("p99 n < 100");
});

test("the server's own account of its time stands with the phases", async () => {
  expect(await shown({ "server-timing": "db;dur=3.2, app;dur=12" }, 100)).toContain(
    "server says    db 3.20 ms, app 12.0 ms",
  );
});

test("a quota that will not last says when it is gone, and at which pace", async () => {
  const headers = { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "3000" };
  expect(await shown(headers, 100)).toContain("3000 of 5000 left, gone in 5 m at 10/s");
});
