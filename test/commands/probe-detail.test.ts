import { expect, test } from "vitest";
import { plainStyle } from "../../src/base/style.ts";
import { renderDetail } from "../../src/commands/probe/detail.ts";
import { renderOverview } from "../../src/commands/probe/overview.ts";
import { forecast } from "../../src/probe/forecast.ts";
import { probing } from "../probe/fake.ts";

const now = Date.parse("2026-01-15T12:00:00Z");

async function shown(headers: Record<string, string>, columns: number, body = "{}"): Promise<string> {
  const { result } = await probing((turn) => ({ headers, body, totalMs: 95_000 + turn }));
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
  return renderDetail(result, {
    style: plainStyle,
    columns,
    detail: true,
    compared: new Map(),
    forecasts,
    now,
  });
}

test.each([40, 60, 80, 140])(
  "no figure is broken over two lines of a terminal of %i columns",
  async (columns) => {
    const text = await shown({ "server-timing": `db;dur=3.2, ${"x".repeat(200)};dur=8` }, columns);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    expect(text).toContain("p99 n < 100");
  },
);

test.each([80, 100, 110, 120])("no figure of the overview is cut at %i columns", async (columns) => {
  const headers = { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "3000" };
  const url = `https://api.example.com/${"long/".repeat(30)}`;
  const { result } = await probing(() => ({ headers, totalMs: 123.4 }), { subject: { label: url, url } });
  const view = { style: plainStyle, columns, detail: false, compared: new Map(), forecasts: new Map(), now };
  const [, line = ""] = renderOverview([result, result], view).split("\n");
  expect(line.length).toBeLessThanOrEqual(columns);
  expect(line.match(/123 ms/g)?.length).toBeGreaterThanOrEqual(2);
  expect(line.match(/…/g)).toHaveLength(1);
  expect(line).toContain("3000 of 5000 left");
});

test("the server's own account of its time stands with the phases", async () => {
  expect(await shown({ "server-timing": "db;dur=3.2, app;dur=12" }, 100)).toContain(
    "server says    db 3.20 ms, app 12.0 ms",
  );
});

test.each([
  ["text/html; charset=utf-8", "<!doctype html><p>", "a web page (text/html)"],
  ["application/json", "{}", "application/json"],
])("what kind of answer came stands in the title: %s", async (type, body, words) => {
  const [, facts] = (await shown({ "content-type": type }, 100, body)).split("\n");
  expect(facts).toContain(words);
});

test("a quota that will not last says when it is gone, and at which pace", async () => {
  const headers = { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "3000" };
  expect(await shown(headers, 100)).toContain("3000 of 5000 left, gone in 5 m at 10/s");
});
