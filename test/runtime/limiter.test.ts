import { describe, expect, test } from "vitest";
import { Limiter } from "../../src/runtime/index.ts";
import { getThing, provider } from "./support.ts";

const start = Date.UTC(2026, 0, 1);

describe("priorities", () => {
  test("while calls wait for the limit, the important ones go first, equals in order of arrival", async () => {
    const { client, seen, time } = provider((_, index) =>
      index === 0 ? { status: 429, headers: { "retry-after": "5" } } : {},
    );
    const acme = client({ retries: 0 });
    const refused = acme.request(getThing).catch(() => {});
    await time.run(refused);
    const call = (name: string, priority: "high" | "normal" | "low") =>
      acme.request({ ...getThing, path: `/${name}`, priority });
    const calls = [
      call("low", "low"),
      call("normal-1", "normal"),
      call("normal-2", "normal"),
      call("high", "high"),
    ];
    await time.run(Promise.all(calls));
    expect(seen.slice(1).map(({ url }) => url.split("/").at(-1))).toEqual([
      "high",
      "normal-1",
      "normal-2",
      "low",
    ]);
  });

  test("a low one leaves the last fifth of every quota to the rest", async () => {
    const reset = start / 1000 + 30;
    const { client, seen, time } = provider((_, index) => ({
      headers: {
        "x-ratelimit-limit": "10",
        "x-ratelimit-remaining": String(9 - index),
        "x-ratelimit-reset": String(reset),
      },
    }));
    const acme = client();
    for (let i = 0; i < 9; i++) await time.run(acme.request({ ...getThing, priority: "low" }));
    expect(seen.filter(({ at }) => at - start < 30_000)).toHaveLength(8);
    expect(seen).toHaveLength(9);
  });

  test("a waiting one that gives up makes way for the next", async () => {
    const { client, seen, time } = provider((_, index) =>
      index === 0 ? { status: 429, headers: { "retry-after": "5" } } : {},
    );
    const acme = client({ retries: 0 });
    await time.run(acme.request(getThing).catch(() => {}));
    const controller = new AbortController();
    const first = acme
      .request({ ...getThing, priority: "high", signal: controller.signal })
      .catch(() => "left");
    const second = acme.request(getThing);
    await time.pass(1000);
    controller.abort();
    expect(await time.run(Promise.all([first, second]))).toEqual(["left", {}]);
    expect(seen).toHaveLength(2);
  });
});

describe("a rate that is known beforehand", () => {
  test("is never exceeded in any stretch of its length, by any group", async () => {
    const { client, seen, time } = provider([{}]);
    const acme = client({ limiter: new Limiter({ rate: { requests: 5, perMs: 1000 } }), deadlineMs: 60_000 });
    const calls = Array.from({ length: 33 }, async (_, index) => {
      await new Promise<void>((resolve) => time.clock.after(index * 60, resolve));
      await acme.request({ ...getThing, group: index % 2 ? "a" : "b" });
    });
    await time.run(Promise.all(calls));
    const at = seen.map((request) => request.at);
    for (const [index, first] of at.entries()) {
      const within = at.slice(index).filter((other) => other - first < 1000);
      expect(within.length).toBeLessThanOrEqual(5);
    }
    expect((at.at(-1) ?? 0) - start).toBeLessThan(7000);
  });

  test.each([
    { requests: 0, perMs: 1 },
    { requests: 1.5, perMs: 1 },
    { requests: 1, perMs: 0 },
  ])("is refused where it is none: %j", (rate) => {
    expect(() => new Limiter({ rate })).toThrow(RangeError);
    expect(() => new Limiter({ reserve: 1.1 })).toThrow(RangeError);
  });
});

test("a window that was full again, and of which no answer told, does not hold calls back for ever", async () => {
  const { client, seen, time } = provider((_, index) =>
    index === 0
      ? {
          headers: {
            "x-ratelimit-limit": "2",
            "x-ratelimit-remaining": "1",
            "x-ratelimit-reset": String(start / 1000 + 10),
          },
        }
      : {},
  );
  const acme = client({ deadlineMs: 100_000 });
  for (let i = 0; i < 8; i++) await time.run(acme.request(getThing));
  expect(seen).toHaveLength(8);
});
