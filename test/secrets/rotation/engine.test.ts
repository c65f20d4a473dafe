import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IntegError } from "../../../src/base/errors.ts";
import { versionOf } from "../../../src/secrets/envelope.ts";
import { setCurrent } from "../../../src/secrets/labels.ts";
import { abort, resume, rotate } from "../../../src/secrets/rotation/engine.ts";
import { journalOf } from "../../../src/secrets/rotation/journal.ts";
import type { RotationWorld } from "../../../src/secrets/rotation/world.ts";
import { Killed, Mortality, NAME, Outside } from "./world.ts";

/** More than the operations of a whole rotation. */
const OPERATIONS = 40;

async function survive(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

/** The app reads all the while: whenever anything changes, what is current must work. */
function appReads(outside: Outside): () => number {
  let failures = 0;
  outside.watch = () => {
    if (!outside.provider.honours(outside.current)) failures += 1;
  };
  return () => failures;
}

function expectOneKeyOfOurs(outside: Outside, old: string | undefined): void {
  expect([...outside.provider.keys.keys()]).toContain(outside.foreign);
  expect(outside.provider.keys.size).toBe(2);
  expect(outside.provider.honours(outside.current)).toBe(true);
  expect(outside.current).not.toBe(old);
  expect(outside.provider.honours(old)).toBe(false);
  expect(journalOf(outside.envelope, NAME)).toBeUndefined();
  expect(versionOf(outside.envelope, NAME, "pending")).toBeUndefined();
}

describe("killed at any operation, before or after it took effect, and resumed", () => {
  const moments = Array.from({ length: OPERATIONS * 2 }, (_, i) => ({
    at: 1 + (i >> 1),
    after: i % 2 === 1,
  }));

  test.each([
    ["a provider with room for many keys", 100],
    ["a provider that allows two keys besides the foreign one", 3],
  ])("%s: the app never fails, one key of ours is left, the old one is dead", async (_, limit) => {
    for (const { at, after } of moments) {
      const outside = new Outside();
      outside.provider.limit = limit;
      const [old, failures] = [outside.current, appReads(outside)];
      await survive(() => rotate(outside.world(new Mortality(at, after)), { graceMs: 0 }));
      await rotate(outside.world(), { graceMs: 0 });
      if (journalOf(outside.envelope, NAME)) await resume(outside.world(), { endGrace: true });
      // A kill after the last write leaves nothing to resume: the second run was a rotation of its own.
      expectOneKeyOfOurs(outside, old);
      expect(failures()).toBe(0);
    }
  });

  test("killed twice, at any pair of operations", async () => {
    const moment = fc.tuple(fc.integer({ min: 1, max: OPERATIONS }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(moment, moment, async ([a, afterA], [b, afterB]) => {
        const outside = new Outside();
        outside.provider.limit = 3;
        const [old, failures] = [outside.current, appReads(outside)];
        await survive(() => rotate(outside.world(new Mortality(a, afterA)), { graceMs: 0 }));
        await survive(() => rotate(outside.world(new Mortality(b, afterB)), { graceMs: 0 }));
        await rotate(outside.world(), { graceMs: 0 });
        expectOneKeyOfOurs(outside, old);
        expect(failures()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test("and aborted instead: the old value or the new one works, and no key is left unseen", async () => {
    const moment = fc.tuple(fc.integer({ min: 1, max: OPERATIONS }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(moment, moment, async ([a, afterA], [b, afterB]) => {
        const outside = new Outside();
        const failures = appReads(outside);
        const old = outside.current;
        await survive(() => rotate(outside.world(new Mortality(a, afterA)), { graceMs: 60_000 }));
        await survive(() => abort(outside.world(new Mortality(b, afterB))));
        await abort(outside.world());
        expect(outside.provider.keys.size).toBe(2);
        expect(outside.current).toBe(old);
        expect(outside.provider.honours(old)).toBe(true);
        expect(failures()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe("in place, killed at any operation and resumed", () => {
  /** The provider puts the new value in the old one's place. */
  function replacing(outside: Outside, life = new Mortality()): RotationWorld {
    const world = outside.world(life);
    const create = (_: string, proof: string | undefined) =>
      life.do(() => {
        outside.provider.demand(proof);
        const key = [...outside.provider.keys.values()].find(({ value }) => value === proof);
        if (key) key.value = `${key.value}+`;
        return { value: key?.value ?? "" };
      });
    return { ...world, driver: { inPlace: true, create, revoke: async () => true } };
  }

  test("the new value is in use, or it is said that nobody was told it; no dead value is sent twice", async () => {
    const ends = { rotated: 0, lost: 0 };
    for (let at = 1; at <= 24; at++) {
      for (const after of [false, true]) {
        const outside = new Outside();
        const old = outside.current;
        await survive(() => rotate(replacing(outside, new Mortality(at, after)), { graceMs: 0 }));
        const again = () => rotate(replacing(outside), { graceMs: 0 });
        if (
          outside.provider.honours(outside.current) ||
          journalOf(outside.envelope, NAME)?.step !== "intent"
        ) {
          await again();
          expect(outside.provider.honours(outside.current)).toBe(true);
          expect([outside.current === old, journalOf(outside.envelope, NAME)]).toEqual([false, undefined]);
          ends.rotated += 1;
        } else {
          await expect(again()).rejects.toThrow(/is dead/);
          await expect(abort(replacing(outside))).rejects.toThrow(/is ended/);
          expect(journalOf(outside.envelope, NAME)).toBeUndefined();
          ends.lost += 1;
        }
      }
    }
    // Between the provider's deed and our write there are two moments, and no others.
    expect(ends).toEqual({ rotated: 46, lost: 2 });
  });
});

describe("two machines that rotate the same secret at the same time, with no lock between them", () => {
  /** Lets others go on before each operation, as often as the numbers say. */
  function yielding(world: RotationWorld, turns: readonly number[]): RotationWorld {
    let at = 0;
    const wait = async () => {
      for (let n = turns[at++ % turns.length] ?? 0; n > 0; n--) await Promise.resolve();
    };
    const { driver, verifier } = world;
    const waiting =
      <A extends unknown[], R>(deed: (...args: A) => Promise<R>) =>
      async (...args: A) => {
        await wait();
        return deed(...args);
      };
    return {
      ...world,
      read: waiting(world.read),
      update: waiting(world.update),
      driver: {
        create: waiting(driver.create),
        revoke: waiting(driver.revoke),
        ...(driver.list ? { list: waiting(driver.list) } : {}),
      },
      verifier: verifier && { ...verifier, verify: waiting(verifier.verify) },
    };
  }

  test("the app never fails, and what one of them left is cleared by the next run", async () => {
    const turns = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(turns, turns, async (a, b) => {
        const outside = new Outside();
        const [old, failures] = [outside.current, appReads(outside)];
        const ends = await Promise.allSettled(
          [a, b].map((each) => rotate(yielding(outside.world(), each), { graceMs: 0 })),
        );
        for (const end of ends) {
          if (end.status === "rejected") expect(end.reason).toBeInstanceOf(IntegError);
        }
        await rotate(outside.world(), { graceMs: 0 });
        expect(failures()).toBe(0);
        expectOneKeyOfOurs(outside, old);
      }),
      // One that took a key of the other, tested and about to be put into use, for one left behind.
      {
        numRuns: 1000,
        examples: [
          [
            [0, 0, 0],
            [9, 1, 11],
          ],
        ],
      },
    );
  });
});

describe("the grace", () => {
  test("a clock that was moved back only makes it longer: the old key is not revoked early, and --end-grace ends it", async () => {
    const outside = new Outside();
    const old = outside.current;
    await rotate(outside.world(), { graceMs: 1000 });
    outside.now -= 365 * 86_400_000;
    expect(await resume(outside.world(), { endGrace: false })).toMatchObject({ state: "grace" });
    expect(outside.provider.honours(old)).toBe(true);
    await resume(outside.world(), { endGrace: true });
    expectOneKeyOfOurs(outside, old);
  });

  test("old and new both work until it is over; then the old one is revoked", async () => {
    const outside = new Outside();
    const old = outside.current;
    expect(await rotate(outside.world(), { graceMs: 1000 })).toEqual({
      state: "grace",
      until: outside.now + 1000,
    });
    expect(outside.current).not.toBe(old);
    expect(outside.provider.honours(old)).toBe(true);
    expect(await resume(outside.world(), { endGrace: false })).toMatchObject({ state: "grace" });
    outside.now += 1000;
    expect(await resume(outside.world(), { endGrace: false })).toEqual({ state: "idle" });
    expectOneKeyOfOurs(outside, old);
  });

  test("an old key that died meanwhile cannot come back", async () => {
    const outside = new Outside();
    const old = versionOf(outside.envelope, NAME, "current")?.providerKeyId ?? "";
    await rotate(outside.world(), { graceMs: 1000 });
    outside.provider.keys.delete(old);
    const current = outside.current;
    await expect(abort(outside.world())).rejects.toMatchObject({ state: "refused" });
    expect(outside.current).toBe(current);
  });
});

describe("a new value that must not be put into use", () => {
  test.each<[string, (outside: Outside) => unknown, RegExp]>([
    [
      "of another account",
      ({ provider }) => Object.assign(provider, { account: "another" }),
      /another account/,
    ],
    [
      "with fewer permissions",
      ({ provider }) => Object.assign(provider, { deny: ["get-balance"] }),
      /may not use get-balance/,
    ],
  ])("%s is taken back; the old one is untouched", async (_, arrange, message) => {
    const outside = new Outside();
    const old = outside.current;
    arrange(outside);
    await expect(rotate(outside.world(), { graceMs: 0 })).rejects.toThrow(message);
    expect(outside.current).toBe(old);
    expect(outside.provider.keys.size).toBe(2);
    expect(journalOf(outside.envelope, NAME)).toBeUndefined();
  });

  test("that never works is taken back", async () => {
    const outside = new Outside();
    const old = outside.current;
    const world = outside.world();
    const driver = { ...world.driver, create: async () => ({ value: "dead on arrival" }) };
    await expect(rotate({ ...world, driver }, { graceMs: 0 })).rejects.toThrow(/rejects it/);
    expect([outside.current, journalOf(outside.envelope, NAME)]).toEqual([old, undefined]);
  });

  test("that nobody can test is kept for later, and the old one stays in use", async () => {
    const outside = new Outside();
    const old = outside.current;
    const world = outside.world();
    const verifier = {
      verify: async () => ({ state: "unknown" as const, reason: "503" }),
      lost: async () => [],
    };
    await expect(rotate({ ...world, verifier }, { graceMs: 0 })).rejects.toMatchObject({
      code: "rotation/untested",
    });
    expect(outside.current).toBe(old);
    await resume(outside.world(), { endGrace: true });
    expectOneKeyOfOurs(outside, old);
  });
});

describe("a provider that misbehaves", () => {
  test("made the key and then answered 500: the key is found by its name and revoked on resume", async () => {
    const outside = new Outside();
    const old = outside.current;
    const world = outside.world();
    const create = async (tag: string, proof: string | undefined) => {
      await world.driver.create(tag, proof);
      throw new Error("500");
    };
    await expect(rotate({ ...world, driver: { ...world.driver, create } }, { graceMs: 0 })).rejects.toThrow(
      "500",
    );
    expect(outside.provider.keys.size).toBe(3);
    await resume(outside.world(), { endGrace: true });
    expectOneKeyOfOurs(outside, old);
  });

  test("cannot store the new key: it is taken back at once", async () => {
    const outside = new Outside();
    const world = outside.world();
    let writes = 0;
    const update: typeof world.update = (change) => {
      writes += 1;
      return writes === 2 ? Promise.reject(new Error("ENOSPC")) : world.update(change);
    };
    await expect(rotate({ ...world, update }, { graceMs: 0 })).rejects.toThrow("ENOSPC");
    expect(outside.provider.keys.size).toBe(2);
    expect(outside.provider.honours(outside.current)).toBe(true);
  });

  test("says nothing about the old key: a new one of another account is not put into use for that", async () => {
    const outside = new Outside();
    const old = outside.current;
    const world = outside.world();
    const verify = async (value: string) =>
      value === old
        ? { state: "unknown" as const, reason: "503" }
        : { state: "works" as const, identity: "another" };
    const verifier = { verify, lost: async () => [] };
    await expect(rotate({ ...world, verifier }, { graceMs: 0 })).rejects.toMatchObject({
      code: "rotation/untested",
    });
    expect(outside.current).toBe(old);
    await rotate(outside.world(), { graceMs: 0 });
    expectOneKeyOfOurs(outside, old);
  });

  test("cannot tell which key to take back: the one left behind is named, not forgotten", async () => {
    const outside = new Outside();
    const old = outside.current;
    const events: unknown[] = [];
    const world = {
      ...outside.world(new Mortality(), { lists: false }),
      report: (event: unknown) => events.push(event),
    };
    const driver = {
      ...world.driver,
      create: async (tag: string, proof: string | undefined) => ({
        value: (await world.driver.create(tag, proof)).value,
      }),
    };
    outside.provider.account = "another";
    await expect(rotate({ ...world, driver }, { graceMs: 0 })).rejects.toThrow(/another account/);
    expect(outside.current).toBe(old);
    expect(events).toContainEqual({ event: "left-behind", key: expect.stringMatching(/^integ-/) });
  });

  test("does not revoke: the revocation stays on the list, and ends when the old key is dead", async () => {
    const outside = new Outside();
    const old = outside.current;
    const world = outside.world();
    const driver = { ...world.driver, revoke: async () => true };
    await expect(rotate({ ...world, driver }, { graceMs: 0 })).rejects.toMatchObject({
      code: "rotation/still-alive",
    });
    expect(journalOf(outside.envelope, NAME)).toMatchObject({ step: "revoke", attempts: 1 });
    await resume(outside.world(), { endGrace: true });
    expectOneKeyOfOurs(outside, old);
  });

  test("an old key that nobody can name waits for a person, who is not asked twice", async () => {
    const outside = new Outside();
    const old = outside.current ?? "";
    outside.envelope = setCurrent(outside.envelope, NAME, {
      id: "1",
      value: old,
      now: 0,
      source: "set",
      graceMs: 0,
    });
    const version = versionOf(outside.envelope, NAME, "current");
    const oldId = version?.providerKeyId ?? "";
    if (version) delete version.providerKeyId;
    await expect(rotate(outside.world(), { graceMs: 0 })).rejects.toMatchObject({
      code: "rotation/unknown-key",
    });
    expect(outside.provider.honours(outside.current)).toBe(true);
    outside.provider.keys.delete(oldId);
    await resume(outside.world(), { endGrace: true });
    expectOneKeyOfOurs(outside, old);
  });
});
