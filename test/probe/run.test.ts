import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { judgeProbe } from "../../src/probe/judge.ts";
import { latencyOf } from "../../src/probe/latency.ts";
import { QuotaLedger } from "../../src/probe/ledger.ts";
import { probe } from "../../src/probe/run.ts";
import { subjectOfUrl } from "../../src/probe/subject.ts";
import { probing, VirtualClock } from "./fake.ts";

const quota = (limit: number, remaining: number, reset = 3600) => ({
  "x-ratelimit-limit": String(limit),
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset": String(reset),
});

describe("sampling", () => {
  test("cold and warm samples are taken and told apart", async () => {
    const { result } = await probing((turn) => ({ totalMs: turn < 5 ? 50 : 10 }));
    expect(latencyOf(result)).toMatchObject({
      of: "warm",
      summary: { n: 20, p95: 10 },
      cold: { n: 5, p50: 50 },
    });
  });

  test("three failures in a row end it", async () => {
    const { client } = await probing(() => ({ failure: { kind: "refused", message: "refused" } }));
    expect(client.turns).toBe(3);
  });
});

describe("politeness", () => {
  test("of the connections of its cold samples none stays open but the one that the warm samples use", async () => {
    const open = new Set<Socket>();
    const server = createServer((_request, response) => response.end("{}"));
    server.on("connection", (socket) => {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const subject = subjectOfUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    for (const [samples, kept] of [
      [3, 1],
      [0, 0],
    ] as const) {
      const clock = new VirtualClock();
      const client = createHttpClient({ env: {}, clock });
      const deps = { client, clock, ledger: new QuotaLedger(), random: Math.random };
      const result = await probe(subject, { samples, cold: 4, pauseMs: 0 }, deps);
      expect(result.samples.map(({ cold }) => cold)).toEqual([
        ...Array(4).fill(true),
        ...Array(samples).fill(false),
      ]);
      await vi.waitFor(() => expect(open.size).toBe(kept));
      await client.close();
    }
    server.close();
  });

  test("the last 20 % of a quota are never touched, and the finding says until when", async () => {
    const { result, client, clock } = await probing((turn) => ({ headers: quota(100, 25 - turn) }));
    expect(client.turns).toBe(6);
    expect(result.stop).toMatchObject({ reason: "reserve", throttled: false });
    expect(judgeProbe(result, clock.now())).toMatchObject([
      {
        rule: "probe/quota-reserved",
        severity: "inconclusive",
        message: expect.stringContaining("2026-01-15T13:00:01"),
      },
    ]);
  });

  test("what was sent since a quota was read is told: the figure that was read is not what is left", async () => {
    // Only the first answer says anything.
    const { result, clock } = await probing((turn) => (turn === 0 ? { headers: quota(10, 9) } : {}));
    expect(judgeProbe(result, clock.now())[0]?.message).toContain(
      "9 of 10 of the quota `default` were left, 7 requests have gone since, and the reserve is not touched",
    );
    const { result: other } = await probing(() => ({ headers: quota(100, 20) }));
    expect(judgeProbe(other, clock.now())[0]?.message).toContain("20 of 100 of the quota `default` are left");
  });

  test("a reserve of nothing lets it take all, but no more than there is", async () => {
    const { client } = await probing((turn) => ({ headers: quota(100, 9 - turn) }), {
      subject: { reserve: 0 },
    });
    expect(client.turns).toBe(10);
  });

  test("a quota that comes back within seconds is waited for", async () => {
    const { result, clock } = await probing((turn) => ({ headers: quota(2, (turn + 1) % 2, 1) }), {
      options: { samples: 3, cold: 1 },
    });
    expect(result.samples).toHaveLength(4);
    expect(clock.slept.filter((ms) => ms >= 1000).length).toBeGreaterThan(0);
  });

  test("a 429 stops at once and is the provider's word, not a failure of it", async () => {
    const { result, client, clock } = await probing((turn) =>
      turn < 3 ? {} : { status: 429, headers: { "retry-after": "120" } },
    );
    expect(client.turns).toBe(4);
    expect(judgeProbe(result, clock.now()).map(({ rule, severity }) => [rule, severity])).toEqual([
      ["probe/throttled", "inconclusive"],
    ]);
  });

  test("an outage that says when to come back is obeyed, and stays an outage", async () => {
    const { client, result, clock } = await probing((turn) =>
      turn < 3 ? {} : { status: 503, headers: { "retry-after": "90" } },
    );
    expect(client.turns).toBe(4);
    expect(result.stop).toEqual({ reason: "retry-after", throttled: false, until: clock.now() + 90_000 });
    expect(judgeProbe(result, clock.now()).map(({ rule }) => rule)).toEqual([
      "probe/throttled",
      "probe/server-error",
    ]);
    const { client: steady } = await probing(() => ({ status: 503 }));
    expect(steady.turns).toBe(25);
  });

  test("Retry-After: 0 is no time to wait for: an outage is named as one, a refusal says that it may be asked at once", async () => {
    const headers = { "retry-after": "0" };
    const down = await probing(() => ({ status: 503, headers }));
    expect(down.result.stop).toBeUndefined();
    expect(judgeProbe(down.result, down.clock.now())).toMatchObject([{ rule: "probe/server-error" }]);
    const refused = await probing(() => ({ status: 429, headers }));
    expect(refused.client.turns).toBe(1);
    const [told] = judgeProbe(refused.result, refused.clock.now());
    expect(told).toMatchObject({ rule: "probe/throttled", message: expect.stringContaining("at once") });
  });

  test("a 429 without a Retry-After that can be read is not asked again either", async () => {
    for (const headers of [{}, { "retry-after": "banana" }]) {
      const { client, result } = await probing(() => ({ status: 429, headers }));
      expect(client.turns).toBe(1);
      expect(result.stop).toEqual({ reason: "retry-after", throttled: true });
    }
  });
});

describe("answers", () => {
  const rules = async (reply: Parameters<typeof probing>[0]) => {
    const { result, clock } = await probing(reply, { options: { samples: 2, cold: 1 } });
    return judgeProbe(result, clock.now()).map(({ rule, severity }) => [rule, severity]);
  };

  test.each([
    [401, "probe/unauthorized", "warning"],
    [403, "probe/forbidden", "warning"],
    [404, "probe/not-found", "inconclusive"],
    [410, "probe/gone", "error"],
    [422, "probe/client-error", "inconclusive"],
    [500, "probe/server-error", "inconclusive"],
    [304, "probe/unexpected-status", "inconclusive"],
  ])("%i is %s, %s", async (status, rule, severity) => {
    expect(await rules(() => ({ status }))).toEqual([[rule, severity]]);
  });

  test("a failure of some samples is a warning, of all of them inconclusive", async () => {
    const failure = { kind: "timeout" as const, message: "took longer" };
    expect(await rules((turn) => (turn === 1 ? { failure } : {}))).toEqual([["probe/timeout", "warning"]]);
    expect(await rules(() => ({ failure }))).toEqual([["probe/timeout", "inconclusive"]]);
  });
});

describe("budgets", () => {
  const broken = async (budget: object, reply: Parameters<typeof probing>[0], samples = 20) => {
    const { result, clock } = await probing(reply, { subject: { budget }, options: { samples } });
    return judgeProbe(result, clock.now()).filter(({ rule }) => rule.startsWith("probe/budget"));
  };

  test("p95 over its budget is an error, with both figures", async () => {
    expect(await broken({ p95: 100 }, () => ({ totalMs: 150 }))).toMatchObject([
      { rule: "probe/budget-p95", severity: "error", before: 100, after: 150 },
    ]);
    expect(await broken({ p95: 100 }, () => ({ totalMs: 99 }))).toEqual([]);
  });

  test("too few samples give no verdict on p95", async () => {
    expect(await broken({ p95: 100 }, () => ({ totalMs: 150 }), 3)).toMatchObject([{ severity: "info" }]);
  });

  test("the error rate counts what was not expected", async () => {
    expect(await broken({ errorRate: 0.1 }, (turn) => (turn % 5 === 0 ? { status: 500 } : {}))).toMatchObject(
      [{ rule: "probe/budget-error-rate", after: 0.2 }],
    );
  });

  test("quota that remains under its budget", async () => {
    expect(await broken({ quotaRemaining: 0.5 }, () => ({ headers: quota(1000, 400) }))).toMatchObject([
      { rule: "probe/budget-quota", after: 0.4 },
    ]);
  });
});
