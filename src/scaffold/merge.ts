import { diff3Merge } from "node-diff3";

/** Three texts that became one. */
export interface Merged {
  text: string;
  /** Places where both sides changed the same lines differently; both stand there, between git's markers. */
  conflicts: number;
}

/** What stands in the markers of a conflict. */
export interface Labels {
  ours: string;
  theirs: string;
}

interface Region {
  ok?: string[];
  conflict?: { a: string[]; o: string[]; b: string[] };
}

/** The line that stands where the text has its line end or not: kept as an empty last line. */
const linesOf = (text: string) => text.split(/\r?\n/);

/**
 * Merges two changes of one text. A line that only one side touched comes out as that side left it; nothing of either
 * side is ever dropped silently. Line ends are those of `ours`.
 * @param base what both sides began with
 */
export function mergeTexts(ours: string, base: string, theirs: string, labels: Labels): Merged {
  if (ours === theirs || base === theirs) return { text: ours, conflicts: 0 };
  if (ours === base) return { text: theirs, conflicts: 0 };
  // The library has no types of its own worth the name.
  const regions: Region[] = diff3Merge(linesOf(ours), linesOf(base), linesOf(theirs), {
    excludeFalseConflicts: true,
  });
  let conflicts = 0;
  const lines = regions.flatMap(({ ok, conflict }) => {
    if (!conflict) return ok ?? [];
    conflicts++;
    return [
      `<<<<<<< ${labels.ours}`,
      ...conflict.a,
      "||||||| generated before",
      ...conflict.o,
      "=======",
      ...conflict.b,
      `>>>>>>> ${labels.theirs}`,
    ];
  });
  return { text: lines.join(ours.includes("\r\n") ? "\r\n" : "\n"), conflicts };
}

/** Whether a text still holds the markers that a merge with these labels left in it. */
export function holdsConflict(text: string, { ours, theirs }: Labels): boolean {
  const lines = linesOf(text);
  return lines.includes(`<<<<<<< ${ours}`) && lines.includes(`>>>>>>> ${theirs}`);
}
