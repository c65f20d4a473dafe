import type { FileChange } from "./changes.ts";
import { endingLike, sameLines } from "./line-ends.ts";
import { basePath, type ModuleLock, sha256 } from "./lock.ts";
import { holdsConflict, type Labels, mergeTexts } from "./merge.ts";

/** What an upgrade does to one file, and why. */
export type UpgradeState =
  | "unchanged"
  | "replaced"
  | "merged"
  | "conflict"
  | "unresolved"
  | "created"
  | "removed"
  | "kept-yours"
  | "stays-deleted"
  | "base-missing";

export interface UpgradedFile extends FileChange {
  state: UpgradeState;
  /** Hash of what the template gives now; absent where the template has no such file any more. */
  generated?: string;
}

interface Sides {
  path: string;
  /** As it was generated; `undefined`: it was not. */
  base: string | undefined;
  ours: string | undefined;
  /** As it would be generated now. */
  theirs: string | undefined;
}

const LABELS: Labels = { ours: "yours", theirs: "generated now" };

/** Three-way decision about one file. Nothing that a person wrote is ever dropped. */
export function upgradeFile({ path, base, ours, theirs }: Sides): UpgradedFile {
  const file = (state: UpgradeState, after: string | undefined): UpgradedFile => ({
    path,
    before: ours,
    after,
    state,
    ...(theirs === undefined ? {} : { generated: sha256(theirs) }),
  });
  if (sameLines(ours, theirs)) return file("unchanged", ours);
  if (base === undefined) {
    return theirs !== undefined && ours === undefined ? file("created", theirs) : file("kept-yours", ours);
  }
  if (ours === undefined) return file("stays-deleted", undefined);
  if (theirs === undefined)
    return sameLines(ours, base) ? file("removed", undefined) : file("kept-yours", ours);
  if (sameLines(theirs, base)) return file("unchanged", ours);
  if (sameLines(ours, base)) return file("replaced", endingLike(ours, theirs));
  const merged = mergeTexts(ours, base, theirs, LABELS);
  return file(merged.conflicts > 0 ? "conflict" : "merged", merged.text);
}

/**
 * Plans to bring what is generated now into what was generated before and edited since.
 * @param generated path relative to the project's root → content of today's templates
 */
export function planUpgrade(
  lock: ModuleLock,
  generated: ReadonlyMap<string, string>,
  read: (path: string) => string | undefined,
): UpgradedFile[] {
  const paths = [...new Set([...Object.keys(lock.files), ...generated.keys()])].sort();
  return paths.map((path) => {
    const hash = lock.files[path];
    const ours = read(path);
    const theirs = generated.get(path);
    const base = hash === undefined ? undefined : read(basePath(hash));
    // Merged once more, one conflict would stand within the other.
    if (hash !== undefined && ours !== undefined && holdsConflict(ours, LABELS)) {
      return { path, before: ours, after: ours, state: "unresolved", generated: hash };
    }
    if (hash !== undefined && base === undefined && ours !== theirs) {
      return { path, before: ours, after: ours, state: "base-missing", generated: hash };
    }
    return upgradeFile({ path, base, ours, theirs });
  });
}

/** The lock's files after an upgrade: what is generated now is the base of the next one. */
export function filesAfter(upgraded: readonly UpgradedFile[]): Record<string, string> {
  return Object.fromEntries(
    upgraded.flatMap(({ path, generated }): [string, string][] =>
      generated === undefined ? [] : [[path, generated]],
    ),
  );
}
