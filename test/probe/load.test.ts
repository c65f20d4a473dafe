import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { QuotaLedger } from "../../src/probe/ledger.ts";
import { type LoadOptions, runLoad } from "../../src/probe/load.ts";
import { subjectOfUrl } from "../../src/probe/subject.ts";
import { answering, client, clock, httpServer } from "../http/server.ts";

const steady = {
  ...clock,
  sleep: (ms: number, signal?: AbortSignal) => delay(ms, undefined, signal ? { signal } : {}),
};

const loading = (url: string, options: Partial<LoadOptions> = {}, signal?: AbortSignal) =>
  runLoad(
    subjectOfUrl(url),
    { concurrency: 4, durationMs: 300, timeoutMs: 1000, ...options },
    { client: client(), clock: steady, ledger: new QuotaLedger(), ...(signal ? { signal } : {}) },
  );

describe("a load test", () => {
  test("has one request under way on each connection, and counts every answer", async () => {
    let served = 0;
    let waiting: (() => void)[] = [];
    const origin = await httpServer((_request, response) => {
      served++;
      waiting.push(() => response.end("ok"));
      // Answers only when all four have asked: were there fewer at a time, nothing would come.
      if (waiting.length < 4) return;
      for (const answer of waiting) answer();
      waiting = [];
    });
    const result = await loading(origin, { timeoutMs: 5000 });
    expect(result.requests).toBeGreaterThanOrEqual(4);
    expect(result.statuses[200]).toBeGreaterThanOrEqual(4);
    // What was under way at the end may be served and not counted.
    expect(served - result.requests).toBeLessThanOrEqual(4);
  });

  test("keeps to a rate", async () => {
    const origin = await httpServer((_request, response) => response.end("ok"));
    const { requests } = await loading(origin, { rate: 50, durationMs: 400 });
    expect(requests).toBeLessThanOrEqual(20);
    expect(requests).toBeGreaterThan(0);
  });

  test("a stall of the server shows in the latency of the requests that were due meanwhile", async () => {
    let first = true;
    const origin = await httpServer((_request, response) => {
      const stall = first ? 250 : 0;
      first = false;
      setTimeout(() => response.end("ok"), stall);
    });
    const { latency, serviceTime } = await loading(origin, { rate: 100, concurrency: 1, durationMs: 400 });
    expect(latency.p50).toBeGreaterThan(serviceTime?.p50 ?? Number.POSITIVE_INFINITY);
    expect(latency.p50).toBeGreaterThan(20);
  });

  test("requests that were due while the server stalled until the end count as having waited for it", async () => {
    let served = 0;
    const origin = await httpServer((_request, response) => {
      // Two answers at once, the third when the test is over.
      setTimeout(() => response.end("ok"), ++served > 2 ? 500 : 0);
    });
    const { requests, unsent, latency, serviceTime } = await loading(origin, {
      rate: 100,
      concurrency: 1,
      durationMs: 400,
    });
    expect(requests + (unsent ?? 0)).toBe(40);
    expect(unsent).toBeGreaterThan(20);
    expect(latency.p50).toBeGreaterThan(100);
    // Nothing was sent for them: three measurements are too few for a p95.
    expect(serviceTime?.p95).toBeNull();
  });

  test("where every request is sent, none is missing at the end, and an interrupt leaves none behind that was not due", async () => {
    const origin = await httpServer((_request, response) => response.end("ok"));
    // A connection for each: all of them are spoken for before the first is due.
    const { requests, unsent } = await loading(origin, { rate: 50, concurrency: 20, durationMs: 400 });
    expect([requests, unsent]).toEqual([20, 0]);
    const stop = new AbortController();
    const cut = await httpServer((_request, response) => {
      response.end("ok");
      stop.abort();
    });
    expect((await loading(cut, { rate: 1, concurrency: 1, durationMs: 60_000 }, stop.signal)).unsent).toBe(0);
  });

  test("without any answer there is no latency, however many requests were due", async () => {
    const origin = await httpServer(() => {});
    const { latency, failures, unsent } = await loading(origin, { rate: 100, timeoutMs: 100 });
    expect(latency.max).toBeNull();
    expect(failures.timeout).toBeGreaterThan(0);
    expect(unsent).toBeGreaterThan(0);
  });

  test("a server that closes after each answer without saying so is asked anew, and nothing counts as a failure", async () => {
    const origin = await answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", "end");
    const { statuses, failures } = await loading(origin);
    expect(statuses[200]).toBeGreaterThan(1);
    expect(failures).toEqual({});
  });

  test("a 429 ends it, with the time to come back", async () => {
    let served = 0;
    const origin = await httpServer((_request, response) => {
      response.writeHead(++served > 5 ? 429 : 200, { "retry-after": "30" }).end();
    });
    const { stop } = await loading(origin, { durationMs: 5000 });
    expect(stop).toMatchObject({ throttled: true, until: expect.any(Number) });
    expect(served).toBeLessThan(15);
  });

  test("so does an outage that says when to come back", async () => {
    let served = 0;
    const origin = await httpServer((_request, response) => {
      served++;
      response.writeHead(503, { "retry-after": "30" }).end();
    });
    const { stop } = await loading(origin, { durationMs: 5000 });
    expect(stop).toMatchObject({ throttled: false, until: expect.any(Number) });
    expect(served).toBeLessThan(10);
  });

  test("an interrupt ends it with the figures so far", async () => {
    const stop = new AbortController();
    let served = 0;
    const origin = await httpServer((_request, response) => {
      if (++served === 20) stop.abort();
      response.end("ok");
    });
    const { requests, failures } = await loading(origin, { durationMs: 60_000 }, stop.signal);
    expect(requests).toBeGreaterThan(10);
    expect(failures).toEqual({});
  });

  test("many connections that wait for their turn do not look like a leak", async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error) => warnings.push(name);
    process.on("warning", note);
    const origin = await httpServer((_request, response) => response.end("ok"));
    const { signal } = new AbortController();
    const { requests } = await loading(origin, { rate: 100, concurrency: 20, durationMs: 300 }, signal);
    process.off("warning", note);
    expect(requests).toBeGreaterThan(0);
    expect(warnings).not.toContain("MaxListenersExceededWarning");
  });

  test("the reserve of a quota ends it", async () => {
    let left = 100;
    const origin = await httpServer((_request, response) => {
      response
        .writeHead(200, {
          "ratelimit-limit": "100",
          "ratelimit-remaining": String(--left),
          "ratelimit-reset": "60",
        })
        .end();
    });
    const { stop } = await loading(origin, { durationMs: 5000 });
    expect(stop).toMatchObject({ reason: "reserve", throttled: false });
    expect(left).toBeGreaterThanOrEqual(20);
  });

  test("what was sent since the last reading ends nothing: the quota is read again before it is believed to be used up", async () => {
    const origin = await httpServer((_request, response) => {
      response.setHeader("x-ratelimit-limit", "20").setHeader("x-ratelimit-remaining", "19").end("ok");
    });
    const { requests, stop } = await loading(origin);
    expect(stop).toBeUndefined();
    expect(requests).toBeGreaterThan(20);
  });

  test("failures are counted by kind and do not end it, nor do they become a storm", async () => {
    const { failures, requests } = await loading(await answering("garbage"), { concurrency: 2 });
    expect(Object.keys(failures)).toEqual(["protocol"]);
    expect(requests).toBeLessThan(20);
  });

  test("a server that does not answer costs the deadline, not the test", async () => {
    const origin = await httpServer(() => {});
    const { failures } = await loading(origin, { timeoutMs: 100 });
    expect(failures.timeout).toBeGreaterThanOrEqual(4);
  });
});
