import { effective } from "../infer/evidence.ts";
import type { Tally } from "../infer/tally.ts";
import { evidenceFor, levelOf, recordedIn } from "./counts.ts";
import { type Book, label, type Place } from "./place.ts";
import type { Watch } from "./watch.ts";

const SURE_OF_SET = 300;

/** Objects with a tag value that no alternative of the contract has. */
export function assessVariants(
  watch: Watch,
  variants: ReadonlyMap<string, Tally>,
  place: Place,
  book: Book,
): void {
  const { shape } = watch;
  const { seen, tag = "" } = shape;
  const known = shape.objects.map(({ variant }) => JSON.stringify(variant ?? "")).sort();
  for (const [value, tally] of [...variants].sort(([a], [b]) => (a < b ? -1 : 1))) {
    book.tests++;
    const evidence = evidenceFor({
      n: seen?.object,
      k: seen?.object ?? 0,
      m: watch.objects,
      x: watch.objects - tally.count,
      recordedIn: recordedIn(seen),
      liveIn: watch.responses,
    });
    const sure = seen === undefined || effective(seen.object, seen.responses) >= SURE_OF_SET;
    book.suspicions.push({
      rule: "contract/variant-added",
      path: place.path,
      message: `${label(place)} is of a new kind, ${tag} ${JSON.stringify(value)}, in ${tally.count} of ${watch.objects} now`,
      level: sure ? "certain" : levelOf(evidence.p, { certain: 0.01, likely: 0.01 }),
      before: known.join(" or "),
      after: JSON.stringify(value),
      evidence,
      discriminator: value,
    });
  }
}
