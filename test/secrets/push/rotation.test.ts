import { expect, test } from "vitest";
import { IncompleteError } from "../../../src/base/errors.ts";
import { resume, rotate } from "../../../src/secrets/rotation/engine.ts";
import { journalOf } from "../../../src/secrets/rotation/journal.ts";
import { Killed, Mortality, NAME, Outside } from "../rotation/world.ts";

test("killed at any operation and resumed, what a target holds works at every moment", async () => {
  for (let at = 1; at <= 30; at++) {
    const outside = new Outside();
    let there = outside.current;
    outside.watch = () => expect(outside.provider.honours(there)).toBe(true);
    const world = (life = new Mortality()) => ({
      ...outside.world(life),
      push: () =>
        life.do(() => {
          there = outside.current;
        }),
    });
    await rotate(world(new Mortality(at, at % 2 === 1)), { graceMs: 0 }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    if (journalOf(outside.envelope, NAME)) await resume(world(), { endGrace: true });
    expect(outside.provider.honours(there)).toBe(true);
  }
});

test("a push that fails keeps the old key alive until it is done", async () => {
  const outside = new Outside();
  const old = outside.current;
  const push = () => Promise.reject(new IncompleteError("nobody there", { code: "push/failed" }));
  await expect(rotate({ ...outside.world(), push }, { graceMs: 0 })).rejects.toThrow("nobody there");
  expect([outside.provider.honours(old), journalOf(outside.envelope, NAME)?.step]).toEqual([true, "grace"]);
  await resume({ ...outside.world(), push: async () => {} }, { endGrace: true });
  expect([outside.provider.honours(old), outside.provider.honours(outside.current)]).toEqual([false, true]);
});
