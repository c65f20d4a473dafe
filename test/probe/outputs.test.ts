import { describe, expect, test } from "vitest";
import { harEntry, toHar } from "../../src/http/har-log.ts";
import { forecast } from "../../src/probe/forecast.ts";
import { toReport } from "../../src/probe/json.ts";
import { toPrometheus } from "../../src/probe/prometheus.ts";
import { probing } from "./fake.ts";

const now = Date.parse("2026-01-15T12:00:00Z");
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();

describe("forecast", () => {
  const quota = {
    name: "default",
    limit: 1000,
    remaining: 400,
    used: 600,
    windowSeconds: 3600,
    resetAt: at(1800),
    source: [],
  };

  test("from the pace of the window so far", () => {
    expect(forecast(quota, now)).toEqual({ pace: 600 / 1800, seenSeconds: 1800, exhaustedAt: at(1200) });
  });

  test("what outlasts its window is not exhausted", () => {
    expect(forecast({ ...quota, used: 100, remaining: 900 }, now)?.exhaustedAt).toBeUndefined();
  });

  const past = (seconds: number, remaining: number, resetAt = quota.resetAt) => ({
    quota: { ...quota, remaining, resetAt },
    at: now - seconds * 1000,
  });

  test("earlier readings of the same window win over its beginning", () => {
    expect(forecast(quota, now, [past(50, 450), past(100, 1400)])).toEqual({
      pace: 10,
      seenSeconds: 100,
      exhaustedAt: at(40),
    });
  });

  test("readings of a window that has ended, and of the last minute alone, tell no pace", () => {
    const ofWindow = forecast(quota, now);
    expect(forecast(quota, now, [past(100, 100)])).toEqual(ofWindow);
    expect(forecast(quota, now, [past(100, 900, at(-60))])).toEqual(ofWindow);
    expect(forecast(quota, now, [past(10, 500)])).toEqual(ofWindow);
  });

  test("nothing is said of a window that has hardly begun, nor of one of unknown length", () => {
    expect(forecast({ ...quota, resetAt: at(3500) }, now)).toBeUndefined();
    const { windowSeconds: _window, ...unknown } = quota;
    expect(forecast(unknown, now)).toBeUndefined();
  });
});

describe("prometheus", () => {
  test("every line is a comment or a sample, metrics stand together, labels are escaped", async () => {
    const headers = {
      "x-ratelimit-limit": "100",
      "x-ratelimit-remaining": "90",
      sunset: "Thu, 15 Jan 2027 12:00:00 GMT",
    };
    const { result } = await probing(() => ({ headers }), { subject: { url: 'https://a.example/"x"\\' } });
    const lines = toPrometheus([result, result], now).trimEnd().split("\n");
    const sample = /^[a-z_]+\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)*\} -?[\d.e+-]+$/;
    for (const line of lines)
      expect(line).toMatch(line.startsWith("#") ? /^# (?:HELP|TYPE) [a-z_]+ .+/ : sample);
    expect(lines).toContain(
      'integ_ratelimit_remaining{endpoint="https://a.example/\\"x\\"\\\\",quota="default"} 90',
    );
    expect(lines.filter((line) => line.startsWith("# TYPE integ_probe_success"))).toHaveLength(1);
    expect(lines.some((line) => line.includes('percentile="50"'))).toBe(true);
    // What linters and collectors refuse: the labels of summaries and histograms in a gauge, a series that comes twice.
    expect(lines.filter((line) => /[{,](?:quantile|le)=/.test(line))).toEqual([]);
    const names = lines.map((line) => line.slice(0, line.lastIndexOf(" ")));
    expect(new Set(names).size).toBe(names.length);
    expect(
      lines.some(
        (line) => line.startsWith("integ_probe_latency_seconds") && line.includes('percentile="99"'),
      ),
    ).toBe(false);
  });
});

describe("JSON", () => {
  test("refused percentiles are null, intervals and outliers are told", async () => {
    const { result } = await probing((turn) => ({ totalMs: turn === 24 ? 900 : 10 + (turn % 3) }));
    const { latencyMs, samples, errors } = toReport(result);
    expect({ samples, errors }).toEqual({ samples: 25, errors: 0 });
    expect(latencyMs).toMatchObject({
      p99: null,
      max: 900,
      outliers: 1,
      of: "warm",
      intervals: { p95: { high: null } },
    });
  });
});

describe("HTTP archive", () => {
  const secret = ["hunter", "2"].join("");
  const entry = harEntry({
    request: {
      method: "GET",
      url: `https://api.example.com/v1?api_key=${secret}&page=1`,
      headers: { authorization: `Bearer ${secret}`, accept: "*/*" },
      credentials: { headers: ["authorization"], query: ["api_key"] },
    },
    exchange: {
      request: { method: "GET", url: "https://api.example.com/v1" },
      response: {
        status: 200,
        headers: { "content-type": "application/json", "set-cookie": secret },
        body: Buffer.from(secret),
        httpVersion: "2",
      },
      phases: { dns: 1, connect: 2, tls: 3, ttfb: 4, download: 5 },
      totalMs: 15,
      startedAt: now,
      connection: { reused: false, remoteAddress: "192.0.2.1" },
      hops: [],
    },
  });

  test("holds no credential and no body", () => {
    expect(JSON.stringify(toHar([entry]))).not.toContain(secret);
  });

  test("has what the format demands, with timings that add up", () => {
    const { blocked: _blocked, ssl, ...timings } = entry.timings;
    expect(Object.values(timings).reduce((sum, ms) => sum + ms, 0)).toBe(15);
    expect(ssl).toBeLessThanOrEqual(entry.timings.connect);
    expect(entry).toMatchObject({
      startedDateTime: "2026-01-15T12:00:00.000Z",
      request: {
        url: "https://api.example.com/v1?api_key=REDACTED&page=1",
        queryString: [
          { name: "api_key", value: "REDACTED" },
          { name: "page", value: "1" },
        ],
      },
      response: { status: 200, httpVersion: "h2", content: { size: 7, mimeType: "application/json" } },
      serverIPAddress: "192.0.2.1",
    });
    expect(toHar([entry])).toMatchObject({ log: { version: "1.2", creator: { name: "integ" } } });
  });
});
