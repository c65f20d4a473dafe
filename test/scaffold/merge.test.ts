import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeTexts } from "../../src/scaffold/merge.ts";

const LABELS = { ours: "yours", theirs: "generated now" };

interface Edit {
  at: number;
  remove: number;
  insert: number;
}

const edits = fc.array(fc.record({ at: fc.nat(30), remove: fc.nat(3), insert: fc.nat(3) }), { maxLength: 6 });

/** Applies edits to a text; every line that a side inserts is one of a kind, so that it can be looked for. */
function edited(base: readonly string[], changes: readonly Edit[], side: string) {
  const lines = [...base];
  const inserted: string[] = [];
  for (const [index, { at, remove, insert }] of changes.entries()) {
    const fresh = Array.from({ length: insert }, (_, n) => `${side} ${index}.${n}`);
    inserted.push(...fresh);
    lines.splice(Math.min(at, lines.length), remove, ...fresh);
  }
  return { text: lines.join("\n"), inserted: inserted.filter((line) => lines.includes(line)), lines };
}

const baseLines = fc.nat(25).map((length) => Array.from({ length }, (_, index) => `base ${index}`));

describe("a three-way merge", () => {
  test("never drops a line that either side wrote", () => {
    fc.assert(
      fc.property(baseLines, edits, edits, (base, mine, other) => {
        const ours = edited(base, mine, "ours");
        const theirs = edited(base, other, "theirs");
        const { text } = mergeTexts(ours.text, base.join("\n"), theirs.text, LABELS);
        const merged = new Set(text.split("\n"));
        for (const line of [...ours.inserted, ...theirs.inserted]) expect(merged).toContain(line);
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps every line of the base that neither side took away", () => {
    fc.assert(
      fc.property(baseLines, edits, edits, (base, mine, other) => {
        const ours = edited(base, mine, "ours");
        const theirs = edited(base, other, "theirs");
        const merged = mergeTexts(ours.text, base.join("\n"), theirs.text, LABELS).text.split("\n");
        for (const line of base) {
          if (ours.lines.includes(line) && theirs.lines.includes(line)) expect(merged).toContain(line);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("without a conflict holds no line that both kept from nobody", () => {
    fc.assert(
      fc.property(baseLines, edits, edits, (base, mine, other) => {
        const ours = edited(base, mine, "ours");
        const theirs = edited(base, other, "theirs");
        const { text, conflicts } = mergeTexts(ours.text, base.join("\n"), theirs.text, LABELS);
        const known = new Set([...ours.lines, ...theirs.lines, ""]);
        if (conflicts === 0) for (const line of text.split("\n")) expect(known).toContain(line);
      }),
    );
  });

  test.each([
    ["nobody changed anything", "a\nb", "a\nb", "a\nb", "a\nb"],
    ["only we changed it", "a\nX", "a\nb", "a\nb", "a\nX"],
    ["only the template changed", "a\nb", "a\nb", "a\nY", "a\nY"],
    ["both made the same change", "a\nX", "a\nb", "a\nX", "a\nX"],
    ["each changed another place", "X\nb\nc\nd\ne", "a\nb\nc\nd\ne", "a\nb\nc\nd\nY", "X\nb\nc\nd\nY"],
  ])("is what it should be where %s", (_, ours, base, theirs, merged) => {
    expect(mergeTexts(ours, base, theirs, LABELS)).toEqual({ text: merged, conflicts: 0 });
  });

  test("marks a conflict as git does, with what stood there before", () => {
    const { text, conflicts } = mergeTexts("X", "b", "Y", LABELS);
    expect(conflicts).toBe(1);
    expect(text).toBe("<<<<<<< yours\nX\n||||||| generated before\nb\n=======\nY\n>>>>>>> generated now");
  });

  test("keeps the line ends of the file it goes into", () => {
    const { text } = mergeTexts("X\r\nb\r\nc\r\nd\r\n", "a\nb\nc\nd\n", "a\nb\nc\nY\n", LABELS);
    expect(text).toBe("X\r\nb\r\nc\r\nY\r\n");
  });
});
