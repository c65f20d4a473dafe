import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { withDeadline } from "../../src/check/deadline.ts";

/** Ends when the signal does; the clock is real. */
const ended = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    signal.addEventListener("abort", () => resolve(String(signal.reason)));
  });

test("the time is over though memory is cleared meanwhile", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const reason = withDeadline(new AbortController().signal, 200, async (signal) => {
    await delay(10);
    collect();
    return Promise.race([ended(signal), delay(10_000, "never")]);
  });
  expect(await reason).toBe("Error: the time is over");
});

test("who aborts the whole ends it before its time, with the same reason", async () => {
  const parent = new AbortController();
  const reason = withDeadline(parent.signal, 10_000, ended);
  parent.abort("interrupted");
  expect(await reason).toBe("interrupted");
  expect(await withDeadline(parent.signal, 10_000, async ({ aborted }) => aborted)).toBe(true);
});
