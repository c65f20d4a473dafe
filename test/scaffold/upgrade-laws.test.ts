import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { basePath, type ModuleLock, sha256 } from "../../src/scaffold/lock.ts";
import { filesAfter, planUpgrade, type UpgradedFile } from "../../src/scaffold/upgrade.ts";

/** A change of a text: lines taken out at a place, and new ones put there. */
interface Edit {
  at: number;
  remove: number;
  insert: number;
}

/** What a side does with a file: nothing, edits, or it away with it. */
type Deed = { kind: "leave" } | { kind: "edit"; edits: Edit[] } | { kind: "remove" };

const edit = fc.record({ at: fc.nat(20), remove: fc.nat(3), insert: fc.nat(2) });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constant<Deed>({ kind: "leave" }),
  fc.record({ kind: fc.constant("edit" as const), edits: fc.array(edit, { minLength: 1, maxLength: 5 }) }),
  fc.constant<Deed>({ kind: "remove" }),
);

/** One file through an upgrade: as it was generated, what its owner did, what the template did, and whether in CRLF. */
const story = fc.record({
  lines: fc.integer({ min: 0, max: 20 }),
  ours: deed,
  theirs: deed,
  crlf: fc.boolean(),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

const baseOf = ({ lines }: Story) => Array.from({ length: lines }, (_, index) => `line ${index}`);

/** Every line that a side puts in is one of a kind, so that it can be looked for. */
function apply(lines: readonly string[], deed: Deed, side: string): string[] | undefined {
  if (deed.kind === "remove") return undefined;
  const after = [...lines];
  for (const [index, { at, remove, insert }] of (deed.kind === "edit" ? deed.edits : []).entries()) {
    const fresh = Array.from({ length: insert }, (_, n) => `${side} ${index}.${n}`);
    after.splice(Math.min(at, after.length), remove, ...fresh);
  }
  return after;
}

const textOf = (lines: readonly string[] | undefined, eol = "\n") =>
  lines?.map((line) => line + eol).join("");
const linesOf = (text: string | undefined) => text?.split(/\r?\n/) ?? [];

interface Project {
  files: Map<string, string>;
  lock: ModuleLock;
  generated: Map<string, string>;
}

/** The project of these stories; beside them a file that only its owner knows, and one that the template has newly. */
function projectOf(stories: readonly Story[]): Project {
  const files = new Map([["own.ts", "nobody generated this\n"]]);
  const lock: ModuleLock = { integ: "0.0.0", versions: {}, files: {} };
  const generated = new Map([["new.ts", "the template has this now\n"]]);
  for (const [index, one] of stories.entries()) {
    const path = `file-${index}.ts`;
    const base = textOf(baseOf(one)) ?? "";
    lock.files[path] = sha256(base);
    files.set(basePath(sha256(base)), base);
    // Git on Windows turns the line ends of all files round, edited or not.
    const eol = one.crlf ? "\r\n" : "\n";
    if (one.crlf) files.set(basePath(sha256(base)), base.replaceAll("\n", "\r\n"));
    const ours = textOf(apply(baseOf(one), one.ours, "ours"), eol);
    const theirs = textOf(apply(baseOf(one), one.theirs, "theirs"));
    if (ours !== undefined) files.set(path, ours);
    if (theirs !== undefined) generated.set(path, theirs);
  }
  return { files, lock, generated };
}

function upgrade({ files, lock, generated }: Project): { upgraded: UpgradedFile[]; after: Project } {
  const upgraded = planUpgrade(lock, generated, (path) => files.get(path));
  const next = new Map(files);
  for (const { path, after } of upgraded) {
    if (after === undefined) next.delete(path);
    else next.set(path, after);
  }
  for (const text of generated.values()) next.set(basePath(sha256(text)), text);
  return { upgraded, after: { files: next, lock: { ...lock, files: filesAfter(upgraded) }, generated } };
}

const stories = fc.array(story, { minLength: 1, maxLength: 4 });
/** What stands in the file outside of conflict markers. */
function settled(text: string | undefined): Set<string> {
  let inside = false;
  const out = new Set<string>();
  for (const line of linesOf(text)) {
    if (line.startsWith("<<<<<<< ")) inside = true;
    else if (line.startsWith(">>>>>>> ")) inside = false;
    else if (!inside) out.add(line);
  }
  return out;
}

describe("an upgrade of a whole module, whatever its owner and the template did", () => {
  test("loses no line that its owner wrote, no file of theirs, and brings none back that they removed", () => {
    fc.assert(
      fc.property(stories, (all) => {
        const before = projectOf(all);
        const { after } = upgrade(before);
        expect(after.files.get("own.ts")).toBe("nobody generated this\n");
        for (const [index, { ours }] of all.entries()) {
          const path = `file-${index}.ts`;
          if (ours.kind === "remove") expect(after.files.has(path)).toBe(false);
          const written = linesOf(before.files.get(path)).filter((line) => line.startsWith("ours "));
          const there = linesOf(after.files.get(path));
          for (const line of written) expect(there).toContain(line);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("lets no line silently come back that its owner took out", () => {
    fc.assert(
      fc.property(stories, (all) => {
        const before = projectOf(all);
        const { after } = upgrade(before);
        for (const [index, one] of all.entries()) {
          const path = `file-${index}.ts`;
          if (one.ours.kind !== "edit") continue;
          const kept = new Set(linesOf(before.files.get(path)));
          const gone = baseOf(one).filter((line) => !kept.has(line));
          const now = settled(after.files.get(path));
          for (const line of gone) expect(now).not.toContain(line);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("takes everything of the template over that its owner did not touch", () => {
    fc.assert(
      fc.property(stories, (all) => {
        const { after } = upgrade(projectOf(all));
        expect(after.files.get("new.ts")).toBe("the template has this now\n");
        for (const [index, { ours }] of all.entries()) {
          const path = `file-${index}.ts`;
          const now = after.files.get(path)?.replaceAll("\r\n", "\n");
          if (ours.kind === "leave") expect(now).toBe(after.generated.get(path));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("says of every file that differs from its owner's what became of it, and of conflicts that they are some", () => {
    fc.assert(
      fc.property(stories, (all) => {
        const { upgraded } = upgrade(projectOf(all));
        for (const { before, after, state } of upgraded) {
          if (before !== after)
            expect(["replaced", "merged", "conflict", "created", "removed"]).toContain(state);
          expect(state === "conflict").toBe(/^<{7} yours\r?$/m.test(after ?? ""));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("leaves every file with the line ends that it has", () => {
    fc.assert(
      fc.property(stories, (all) => {
        for (const { before, after } of upgrade(projectOf(all)).upgraded) {
          const ends = before?.match(/\r?\n/g) ?? [];
          if (after === undefined || ends.length === 0) continue;
          expect(new Set(after.match(/\r?\n/g) ?? [])).toEqual(new Set(after === "" ? [] : ends));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("has nothing to do the second time", () => {
    fc.assert(
      fc.property(stories, (all) => {
        const { after } = upgrade(projectOf(all));
        const again = upgrade(after);
        for (const { before, after: text } of again.upgraded) expect(text).toBe(before);
      }),
      { numRuns: 300 },
    );
  });
});
