import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { basePath, sha256 } from "../../src/scaffold/lock.ts";
import { filesAfter, planUpgrade, type UpgradeState, upgradeFile } from "../../src/scaffold/upgrade.ts";

const text = fc.option(fc.constantFrom("a\n", "b\n", "a\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nd\n"), {
  nil: undefined,
});

describe("an upgrade decides about one file", () => {
  const cases: [
    UpgradeState,
    string | undefined,
    string | undefined,
    string | undefined,
    string | undefined,
  ][] = [
    // state, base, ours, theirs, after
    ["unchanged", "a", "a", "a", "a"],
    ["replaced", "a", "a", "b", "b"],
    ["unchanged", "a", "mine", "a", "mine"],
    ["merged", "1\n2\n3\n4", "mine\n2\n3\n4", "1\n2\n3\nnew", "mine\n2\n3\nnew"],
    ["created", undefined, undefined, "new", "new"],
    ["kept-yours", undefined, "mine", "new", "mine"],
    ["stays-deleted", "a", undefined, "b", undefined],
    ["removed", "a", "a", undefined, undefined],
    ["kept-yours", "a", "mine", undefined, "mine"],
  ];

  test.each(cases)("%s: base %j, ours %j, now %j", (state, base, ours, theirs, after) => {
    expect(upgradeFile({ path: "f", base, ours, theirs })).toMatchObject({ state, before: ours, after });
  });

  test("never loses what a person wrote, whatever the three sides are", () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const { after, state } = upgradeFile({ path: "f", base, ours, theirs });
        if (ours === undefined || ours === base) return;
        const mine = ours.split("\n").filter((line) => !(base ?? "").split("\n").includes(line));
        for (const line of mine) expect(after?.split("\n"), state).toContain(line);
      }),
    );
  });

  test("the second time changes nothing", () => {
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const first = upgradeFile({ path: "f", base, ours, theirs });
        const second = upgradeFile({ path: "f", base: theirs, ours: first.after, theirs });
        expect(second.after).toBe(first.after);
      }),
    );
  });
});

describe("an upgrade of a module", () => {
  const lock = { integ: "0.0.0", versions: {}, files: { kept: sha256("old"), gone: sha256("gone") } };

  test("leaves a file alone whose pristine copy is missing", () => {
    const files = new Map([["kept", "mine"]]);
    const [gone, kept] = planUpgrade(lock, new Map([["kept", "new"]]), (path) => files.get(path));
    expect(kept).toMatchObject({ state: "base-missing", after: "mine" });
    expect(gone).toMatchObject({ path: "gone", after: undefined });
  });

  test("names a file again that still holds its markers, and merges nothing into them", () => {
    const { after = "" } = upgradeFile({ path: "kept", base: "old", ours: "mine", theirs: "new" });
    const files = new Map([
      ["kept", after],
      [basePath(sha256("old")), "old"],
    ]);
    const upgraded = planUpgrade(lock, new Map([["kept", "newer"]]), (path) => files.get(path));
    expect(upgraded.at(-1)).toMatchObject({ path: "kept", state: "unresolved", before: after, after });
    expect(filesAfter(upgraded)).toMatchObject({ kept: sha256("old") });
  });

  test("makes what is generated now the base of the next one", () => {
    const files = new Map([
      ["kept", "mine\nold"],
      [basePath(sha256("old")), "old"],
      [basePath(sha256("gone")), "gone"],
    ]);
    const upgraded = planUpgrade(lock, new Map([["kept", "new"]]), (path) => files.get(path));
    expect(filesAfter(upgraded)).toEqual({ kept: sha256("new") });
  });
});
