import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Envelope, parseEnvelope, serializeEnvelope, versionOf } from "../../src/secrets/envelope.ts";
import {
  dropPending,
  expire,
  fingerprintOf,
  HISTORY_LENGTH,
  promotePending,
  purge,
  removeCurrent,
  retirePrevious,
  rollback,
  setCurrent,
  setPending,
} from "../../src/secrets/labels.ts";
import { empty, KEY } from "./conformance.ts";

const NAME = "stripe/api_key";
const GRACE = 1000;

type Step = { name: string; apply: (envelope: Envelope, now: number) => Envelope };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom("one", "two", "three").map((value) => ({
    name: `set ${value}`,
    apply: (e: Envelope, now: number) =>
      setCurrent(e, NAME, { id: `${now}`, value, now, source: "set", graceMs: GRACE }),
  })),
  fc.constantFrom("four", "five").map((value) => ({
    name: `pending ${value}`,
    apply: (e: Envelope, now: number) => setPending(e, NAME, { id: `${now}`, value, now, source: "rotate" }),
  })),
  fc.constantFrom<Step>(
    { name: "promote", apply: (e, now) => promotePending(e, NAME, { now, graceMs: GRACE }) },
    { name: "drop", apply: (e, now) => dropPending(e, NAME, now) },
    { name: "rollback", apply: (e, now) => rollback(e, NAME, { now, graceMs: GRACE }) },
    { name: "remove", apply: (e, now) => removeCurrent(e, NAME, { now, graceMs: GRACE }) },
    { name: "retire", apply: (e, now) => retirePrevious(e, NAME, now) },
    { name: "expire", apply: expire },
  ),
);

const versions = (envelope: Envelope) => envelope.secrets[NAME]?.versions ?? [];
const value = (envelope: Envelope, label: "current" | "pending" | "previous") =>
  versionOf(envelope, NAME, label)?.value;

describe("whatever is done to a secret in whatever order", () => {
  const play = (steps: readonly Step[]) =>
    steps.reduce((envelope, { apply }, i) => apply(envelope, 1_700_000_000_000 + i * 400), empty());

  test("each label is carried at most once, live versions have values, retired ones have none", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const all = versions(play(steps));
        for (const label of ["current", "pending", "previous"]) {
          expect(all.filter((v) => v.label === label).length).toBeLessThanOrEqual(1);
        }
        expect(all.every((v) => (v.label === "retired") === (v.value === undefined))).toBe(true);
        expect(all.filter((v) => v.label === "retired").length).toBeLessThanOrEqual(HISTORY_LENGTH);
      }),
    );
  });

  test("only removal leaves the app without a current value", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), step, (steps, last) => {
        const before = play(steps);
        const after = last.apply(before, 1_800_000_000_000);
        if (value(before, "current") !== undefined && last.name !== "remove") {
          expect(value(after, "current")).toBeDefined();
        }
      }),
    );
  });

  test("the text of an envelope gives it back", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const envelope = play(steps);
        expect(parseEnvelope(serializeEnvelope(envelope))).toEqual({ ok: true, envelope });
      }),
    );
  });
});

describe("one write moves two labels", () => {
  const one = { id: "1", value: "one", now: 0, source: "set", graceMs: GRACE };
  const two = { ...one, id: "2", value: "two", now: 10 };

  test("set: the former value stays as previous until its grace is over", () => {
    const envelope = setCurrent(setCurrent(empty(), NAME, one), NAME, two);
    expect([value(envelope, "current"), value(envelope, "previous")]).toEqual(["two", "one"]);
    expect(value(expire(envelope, 10 + GRACE), "previous")).toBe("one");
    expect(value(expire(envelope, 11 + GRACE), "previous")).toBeUndefined();
  });

  test("the same value again changes nothing", () => {
    const envelope = setCurrent(empty(), NAME, one);
    expect(setCurrent(envelope, NAME, { ...one, id: "3", now: 5 })).toBe(envelope);
  });

  test("promote and rollback are each other's inverse for the app", () => {
    const pending = setPending(setCurrent(empty(), NAME, one), NAME, two);
    expect(value(pending, "current")).toBe("one");
    const promoted = promotePending(pending, NAME, { now: 20, graceMs: GRACE });
    expect([value(promoted, "current"), value(promoted, "previous"), value(promoted, "pending")]).toEqual([
      "two",
      "one",
      undefined,
    ]);
    expect(value(rollback(promoted, NAME, { now: 30, graceMs: GRACE }), "current")).toBe("one");
  });

  test("a removed value comes back, and a purged one does not", () => {
    const removed = removeCurrent(setCurrent(empty(), NAME, one), NAME, { now: 5, graceMs: GRACE });
    expect(value(removed, "current")).toBeUndefined();
    expect(value(rollback(removed, NAME, { now: 6, graceMs: GRACE }), "current")).toBe("one");
    expect(JSON.stringify(purge(removed, NAME))).not.toContain("one");
  });

  test("a value that a rotation still needs does not expire", () => {
    const envelope = setCurrent(setCurrent(empty(), NAME, one), NAME, two);
    const secret = envelope.secrets[NAME];
    const rotating = {
      ...envelope,
      secrets: { [NAME]: { versions: secret?.versions ?? [], rotation: { id: "r", step: "grace" } } },
    };
    expect(value(expire(rotating, 1e15), "previous")).toBe("one");
  });
});

describe("fingerprints", () => {
  test("tell values apart within an envelope and mean nothing in another", () => {
    const other = { ...empty(), fingerprintKey: KEY.replace("a", "c") };
    expect(fingerprintOf(empty(), "x")).toMatch(/^[0-9a-f]{8}$/);
    expect(fingerprintOf(empty(), "x")).not.toBe(fingerprintOf(empty(), "y"));
    expect(fingerprintOf(empty(), "x")).not.toBe(fingerprintOf(other, "x"));
  });
});

describe("reading an envelope", () => {
  test.each([
    ["not JSON", "{", "it is not JSON"],
    ["another thing", "[]", "it has no valid `content`"],
    ["a later format", '{"v":2}', "it was written by a later integ (format 2)"],
    ["a missing part", '{"v":1,"rev":1}', "it has no valid `project`"],
  ])("refuses %s and quotes none of it", (_, text, reason) => {
    expect(parseEnvelope(text)).toEqual({ ok: false, reason });
  });

  test("keeps what a later integ added", () => {
    const text = JSON.stringify({ ...empty(), later: { more: 1 } });
    const parsed = parseEnvelope(text);
    expect(parsed.ok && JSON.parse(serializeEnvelope(parsed.envelope))).toMatchObject({ later: { more: 1 } });
  });
});
