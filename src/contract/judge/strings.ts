import { effective } from "../infer/evidence.ts";
import { finish } from "../infer/finish.ts";
import { bestFormat } from "../infer/formats.ts";
import type { Tally } from "../infer/tally.ts";
import { describeShape } from "../shape/describe.ts";
import { type StringFacet, shapeOf } from "../shape.ts";
import { evidenceFor, levelOf, recordedIn } from "./counts.ts";
import { type Book, label, type Place } from "./place.ts";
import type { Watch } from "./watch.ts";

/** A format is a guess of ours: below certainty it is no more than a hint. */
const FORMAT = { certain: 0.005, likely: 0.005 };
/** From so many independent observations on, one new value is enough to say that the set was not complete. */
const SURE_OF_SET = 300;
const MAX_NEW_VALUES = 20;

/** Strings that the contract does not expect: new values of a closed set, or another format. */
export function assessStrings(watch: Watch, odd: Tally, place: Place, book: Book): void {
  book.tests++;
  if (watch.shape.strings.some((facet) => facet.enum !== undefined)) assessValues(watch, odd, place, book);
  else assessFormat(watch, odd, place, book);
}

function countsOf(watch: Watch, odd: number) {
  const { seen } = watch.shape;
  return {
    n: seen?.string,
    k: seen?.string ?? 0,
    m: watch.strings,
    x: watch.strings - odd,
    recordedIn: recordedIn(seen),
    liveIn: watch.responses,
  };
}

function assessValues(watch: Watch, odd: Tally, place: Place, book: Book): void {
  const { seen } = watch.shape;
  const sure = seen === undefined || effective(seen.string, seen.responses) >= SURE_OF_SET;
  const before = describeShape(shapeOf({ strings: watch.shape.strings }));
  const values = odd.strings?.values ?? new Map([["", odd.count]]);
  for (const [value, times] of [...values].sort().slice(0, MAX_NEW_VALUES)) {
    const evidence = evidenceFor(countsOf(watch, times));
    const named = value === "" ? "values that are not shown" : JSON.stringify(value);
    book.suspicions.push({
      rule: "contract/enum-value-added",
      path: place.path,
      message: `${label(place)} has ${named} in ${times} of ${watch.strings} now; it was ${before}`,
      level: sure ? "certain" : levelOf(evidence.p, { certain: 0.01, likely: 0.01 }),
      before,
      ...(value === "" ? {} : { after: JSON.stringify(value) }),
      evidence,
      discriminator: value,
    });
  }
}

function assessFormat(watch: Watch, odd: Tally, place: Place, book: Book): void {
  const evidence = evidenceFor(countsOf(watch, odd.count));
  const before = describeShape(shapeOf({ strings: watch.shape.strings }));
  const total = odd.count === watch.strings;
  const after = describeOdd(odd, place);
  book.suspicions.push({
    rule: "contract/format-changed",
    path: place.path,
    message: total
      ? `${label(place)} is ${after} now; it was ${before}`
      : `${label(place)} is ${after} in ${odd.count} of ${watch.strings} now; it was always ${before}`,
    level: levelOf(evidence.p, FORMAT),
    before,
    after,
    evidence,
  });
}

/** What the odd ones look like themselves, however few they are. */
function describeOdd(odd: Tally, place: Place): string {
  const { strings } = odd;
  if (strings && typeof strings.prefix === "string") return `string starting with ${strings.prefix}`;
  const format = strings ? bestFormat(strings.formats) : undefined;
  if (format) return `string (${format.name})`;
  const facets: readonly StringFacet[] = finish(odd, "").strings;
  return facets.length === 0 ? label(place) : "another string";
}
