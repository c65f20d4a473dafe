import { bestKeyKind, kindOfPattern } from "../infer/keys.ts";
import type { Shape } from "../shape.ts";
import { evidenceFor, levelOf, recordedIn } from "./counts.ts";
import { type Book, label, type Place } from "./place.ts";
import type { ObjectWatch } from "./watch.ts";

/** What fewer recorded keys have in common may be chance. */
const ENOUGH = 5;
/** Above, another account or another month explains it as well. */
const SILENT = 0.1;
const KEYS = { certain: 0.005, likely: 0.005 };

/** Keys of a map of which none looks as all recorded ones did. Some odd ones among others are what maps are for. */
export function assessKeys({ facet, keys, members }: ObjectWatch, place: Place, book: Book): void {
  if (keys === undefined || members === undefined || keys.count === 0) return;
  if (keys.odd < keys.count) return;
  const { seen } = facet.additional;
  if (seen !== undefined && seen.count < ENOUGH) return;
  book.tests++;
  const evidence = evidenceFor({
    n: seen?.count,
    k: seen?.count ?? 0,
    m: keys.count,
    x: 0,
    recordedIn: recordedIn(seen),
    liveIn: members.responses,
    noIn: members.responses,
  });
  if (evidence.p > SILENT) return;
  const before = describeKeys(keys.shape);
  const after = bestKeyKind(keys.kinds)?.name ?? "other names";
  book.suspicions.push({
    rule: "contract/key-format-changed",
    path: place.path,
    message: `No key of ${label(place)} is of the recorded kind now: ${after} instead of ${before}`,
    level: levelOf(evidence.p, KEYS),
    before,
    after,
    evidence,
  });
}

function describeKeys({ strings }: Shape): string {
  const patterns = strings.flatMap((facet) => facet.patterns.map((one) => kindOfPattern(one) ?? one));
  return [...new Set(patterns)].join(" or ") || "another kind";
}
