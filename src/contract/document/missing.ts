import { type Said, said } from "./changes.ts";
import type { LoadedDocument } from "./load.ts";
import type { Problems } from "./problems.ts";

/** The same on both sides: what it should mean is unknown, and nothing is known to have changed. */
const NOWHERE = "the reference leads nowhere in both documents";

/**
 * References within a document that lead nowhere in both documents: as nobody knows what was meant, nobody knows whether it
 * changed. One change for each, however often it stands there. What leads to another file is the same file for both, and the very
 * same document says the same.
 */
export function missingInBoth(before: LoadedDocument, after: LoadedDocument): Said[] {
  if (before.bytes.equals(after.bytes)) return [];
  const old = missingIn(before.problems);
  return [...missingIn(after.problems)].flatMap(([reference, source]) => {
    const was = old.get(reference);
    if (was === undefined) return [];
    return said({
      rule: "contract/not-judged",
      direction: "both",
      where: reference,
      effect: "unknown",
      before: NOWHERE,
      after: NOWHERE,
      source: { before: was, after: source },
    });
  });
}

/** Each with the first place where it stands. */
function missingIn(problems: Problems) {
  const missing = problems.all.flatMap(({ reference, source }) =>
    reference?.startsWith("#") ? [[reference, source] as const] : [],
  );
  return new Map(missing.reverse());
}
