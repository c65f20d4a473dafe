import { getEventListeners } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createClient } from "../../src/runtime/index.ts";
import { systemClock } from "../../src/runtime/time/clock.ts";
import { Scope, stopOf } from "../../src/runtime/time/scope.ts";
import { virtualTime } from "../../src/testing/virtual-time.ts";
import { failureOf, getThing, provider } from "./support.ts";

describe("timers of one length", () => {
  // Of lengths that no other test asks for: a row may be there already, on the real clock.
  const passing = (ms: number) => vi.advanceTimersByTime(ms);
  beforeAll(() => void vi.useFakeTimers());
  afterAll(() => void vi.useRealTimers());

  test("go off in order, each at its own time, though one timer of the platform serves them all", () => {
    const said: string[] = [];
    const before = vi.getTimerCount();
    systemClock.after(51_000, () => said.push("a"));
    passing(1000);
    systemClock.after(51_000, () => said.push("b"));
    systemClock.after(51_000, () => said.push("c"));
    expect(vi.getTimerCount() - before).toBe(1);
    passing(49_999);
    expect(said).toEqual([]);
    passing(2);
    expect(said).toEqual(["a"]);
    passing(1000);
    expect(said).toEqual(["a", "b", "c"]);
    expect(vi.getTimerCount()).toBe(before);
  });

  test("that are cancelled do not go off, wherever in the row they stand, nor twice", () => {
    const said: number[] = [];
    const cancels = [0, 1, 2, 3].map((index) => systemClock.after(31_000, () => said.push(index)));
    for (const index of [0, 2, 2, 3]) cancels[index]?.();
    passing(1000);
    systemClock.after(31_000, () => said.push(4));
    passing(40_000);
    expect(said).toEqual([1, 4]);
    cancels[1]?.();
    expect(said).toEqual([1, 4]);
  });

  test("may be set by one that goes off", () => {
    const said: number[] = [];
    const again = (left: number) => {
      said.push(left);
      if (left > 0) systemClock.after(21_000, () => again(left - 1));
    };
    again(3);
    passing(70_000);
    expect(said).toEqual([3, 2, 1, 0]);
  });
});

describe("a scope", () => {
  const over = () => new Error("over");

  test("within another stops with it, and with its reason, though one timer alone runs", async () => {
    const time = virtualTime();
    const start = time.clock.now();
    const outer = new Scope(time.clock, start + 50, () => new Error("outer"), undefined);
    const inner = new Scope(time.clock, start + 80, () => new Error("inner"), outer);
    const reasons: unknown[] = [];
    inner.onStop((reason) => reasons.push(reason));
    await time.pass(60);
    expect(String(reasons)).toBe("Error: outer");
    expect([outer.stopped, inner.stopped]).toEqual([true, true]);
    expect(inner.reason).toBe(outer.reason);
  });

  test("that ends first leaves the outer one running", async () => {
    const time = virtualTime();
    const start = time.clock.now();
    const outer = new Scope(time.clock, start + 80, over, undefined);
    const inner = new Scope(time.clock, start + 50, over, outer);
    inner.onStop(() => {});
    await time.pass(60);
    expect([outer.stopped, inner.stopped]).toEqual([false, true]);
  });

  test("lets go of its caller's signal, however it listened", () => {
    const { signal } = new AbortController();
    for (let turn = 0; turn < 3; turn++) {
      const outer = new Scope(systemClock, Date.now() + 60_000, over, stopOf(signal));
      const inner = new Scope(systemClock, Date.now() + 20_000, over, outer);
      inner.onStop(() => {});
      outer.onStop(() => {});
      expect(outer.signal.aborted).toBe(false);
      expect(getEventListeners(signal, "abort")).toHaveLength(1);
      inner.release();
      outer.release();
      expect(getEventListeners(signal, "abort")).toHaveLength(0);
    }
  });

  test("knows that its caller has left before anybody listened", () => {
    const controller = new AbortController();
    const outer = new Scope(systemClock, Date.now() + 60_000, over, stopOf(controller.signal));
    controller.abort(new Error("left"));
    expect(outer.stopped).toBe(true);
    expect(String(outer.signal.reason)).toBe("Error: left");
    expect(() => outer.throwIfStopped()).toThrow("left");
  });
});

test("a secret that is read afresh for ever does not keep a call beyond its deadline", async () => {
  const { client, time } = provider([{ status: 401 }]);
  const acme = client({
    auth: { scheme: "bearer", secret: "key" },
    readSecret: (_secret, { fresh }) => (fresh ? new Promise(() => {}) : "value"),
  });
  const error = await time.run(failureOf(acme.request({ ...getThing, deadlineMs: 5000 })));
  expect(error).toMatchObject({ code: "deadline" });
});

test("an answer that comes after its attempt was given up is not taken for the next one's", async () => {
  const { client, time } = provider((_seen, index) => (index === 0 ? { afterMs: 1500 } : { never: true }));
  const error = await time.run(
    failureOf(client().request({ ...getThing, timeoutMs: 1000, retries: 1, deadlineMs: 10_000 })),
  );
  expect(error).toMatchObject({
    code: "timeout",
    attempts: [{ failure: "timeout" }, { failure: "timeout" }],
  });
  expect(error).not.toMatchObject({ attempts: [{}, { status: 200 }] });
});

describe("bodies over fetch", () => {
  let connections = 0;
  const server = createServer((request, response) => {
    const text = JSON.stringify("é".repeat(Number(request.url?.slice(1))));
    response.setHeader("content-length", Buffer.byteLength(text));
    response.end(text);
  });
  server.on("connection", () => connections++);
  let baseUrl = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterAll(() => void server.close());

  test("of a declared length are whole whatever pieces they come in, and leave their connection usable", async () => {
    const acme = createClient({ integration: "acme", version: "v1", baseUrl, env: {} });
    for (const length of [0, 1, 5000, 40_000, 1_000_000]) {
      for (let turn = 0; turn < 3; turn++) {
        const text = await acme.request({ operation: "read", method: "GET", path: `/${length}` });
        expect(text === "é".repeat(length)).toBe(true);
      }
    }
    expect(connections).toBeLessThan(4);
  });
});
