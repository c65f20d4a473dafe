import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { Aborts } from "../../src/http/aborts.ts";
import { Stopper } from "../../src/http/stopper.ts";

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

describe("signals that stop exchanges", () => {
  test("one abort stops every exchange that is under way with its signal, and no other", () => {
    const aborts = new Aborts();
    const [ours, theirs] = [new AbortController(), new AbortController()];
    const [first, second, ended, other] = [new Stopper(), new Stopper(), new Stopper(), new Stopper()];
    aborts.watch(ours.signal, first);
    aborts.watch(ours.signal, ended)();
    aborts.watch(ours.signal, second);
    aborts.watch(theirs.signal, other);
    expect(listeners(ours.signal)).toBe(1);
    ours.abort();
    expect([first, second, ended, other].map(({ reason }) => reason?.message)).toEqual([
      "the exchange was stopped",
      "the exchange was stopped",
      undefined,
      undefined,
    ]);
  });

  test("a signal that is aborted already stops at once", () => {
    const stopper = new Stopper();
    new Aborts().watch(AbortSignal.abort(), stopper);
    expect(stopper.reason).toBeDefined();
  });

  test("a signal that outlives its exchanges keeps no listener of theirs", () => {
    const aborts = new Aborts();
    const { signal } = new AbortController();
    const releases = [new Stopper(), new Stopper()].map((stopper) => aborts.watch(signal, stopper));
    for (const release of releases) release();
    expect(listeners(signal)).toBe(0);
  });
});
