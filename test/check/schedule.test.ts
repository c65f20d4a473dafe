import fc from "fast-check";
import { expect, test } from "vitest";
import { runBounded } from "../../src/check/schedule.ts";

test("never more at once than the bounds allow, every item once, results in the order of the items", async () => {
  const item = fc.record({ lane: fc.constantFrom("a", "b", "c"), ticks: fc.nat(5) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 3 }),
      async (items, total, perLane) => {
        const running = { a: 0, b: 0, c: 0, all: 0 };
        const indexed = items.map((one, index) => ({ ...one, index }));
        const results = await runBounded(
          indexed,
          ({ lane }) => lane,
          { total, perLane },
          async (one) => {
            const lane = one.lane === "a" || one.lane === "b" ? one.lane : "c";
            running[lane]++;
            running.all++;
            expect(running[lane]).toBeLessThanOrEqual(perLane);
            expect(running.all).toBeLessThanOrEqual(total);
            for (let tick = 0; tick < one.ticks; tick++) await Promise.resolve();
            running[lane]--;
            running.all--;
            return one.index;
          },
        );
        expect(results).toEqual(indexed.map(({ index }) => index));
      },
    ),
  );
});

test("a busy lane does not hold up another", async () => {
  const finished: string[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const items = ["slow/1", "slow/2", "fast/1"];
  await runBounded(
    items,
    (name) => name.split("/")[0] ?? "",
    { total: 2, perLane: 1 },
    async (name) => {
      if (name === "slow/1") await gate;
      else if (name === "fast/1") release();
      finished.push(name);
    },
  );
  expect(finished).toEqual(["fast/1", "slow/1", "slow/2"]);
});

test("work that rejects ends the run with its reason", async () => {
  const run = runBounded([1], String, { total: 1, perLane: 1 }, () => Promise.reject(new Error("bug")));
  await expect(run).rejects.toThrow("bug");
});
