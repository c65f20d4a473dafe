import type { Tally } from "../infer/tally.ts";
import type { Seen } from "../shape.ts";
import { evidenceFor, levelOf, recordedIn, TOTAL } from "./counts.ts";
import { type Book, label, type Place } from "./place.ts";
import type { Watch } from "./watch.ts";

/** What numbers do beyond their type: fractions among integers, sizes that JavaScript cannot hold, another unit. */
export function assessNumbers(watch: Watch, place: Place, book: Book): void {
  assessFractions(watch, place, book);
  const { seen } = watch.shape;
  if (watch.unsafe > 0) assessUnsafe(watch, seen, place, book);
  else if (seen !== undefined && seen.logs > 0 && watch.logs > 0) assessScale(watch, seen, place, book);
}

function assessFractions(watch: Watch, place: Place, book: Book): void {
  const { shape, floats, integers } = watch;
  if (floats === 0 || !shape.numbers.every(({ integer }) => integer)) return;
  const { seen } = shape;
  const evidence = evidenceFor({
    n: seen?.integer,
    k: seen?.integer ?? 0,
    m: integers + floats,
    x: integers,
    recordedIn: recordedIn(seen),
    liveIn: watch.responses,
  });
  book.tests++;
  book.suspicions.push({
    rule: "contract/integer-became-number",
    path: place.path,
    message: `${label(place)} has a fraction in ${floats} of ${integers + floats} now; it was always an integer`,
    level: levelOf(evidence.p, TOTAL),
    before: "integer",
    after: "number",
    evidence,
  });
}

/** From here on the recorded ones were as large: ten to the sixteenth, rounded up from 2^53. */
const RECORDED_BEYOND = 16;

function assessUnsafe(watch: Watch, seen: Seen | undefined, place: Place, book: Book): void {
  if (seen !== undefined && seen.high >= RECORDED_BEYOND) return;
  book.suspicions.push({
    rule: "contract/unsafe-integer",
    path: place.path,
    message: `${label(place)} is an integer that JavaScript cannot hold in ${watch.unsafe} of ${watch.integers} now: it reads another number than was sent`,
    level: seen === undefined || seen.count >= 3 ? "certain" : "likely",
    before: "integer up to 2^53",
    after: "integer beyond 2^53",
    evidence: evidenceFor({
      n: seen?.integer,
      k: seen?.integer ?? 0,
      m: watch.integers,
      x: watch.integers - watch.unsafe,
      recordedIn: recordedIn(seen),
      liveIn: watch.responses,
    }),
  });
}

/** Integers that are not held exactly, at a place of which the contract knows no number. */
export function assessNewUnsafe(
  tally: Tally,
  { path, recorded, before }: { path: string; recorded: number | undefined; before?: "null" },
  book: Book,
): void {
  if (tally.unsafe === 0) return;
  book.suspicions.push({
    rule: "contract/unsafe-integer",
    path,
    message: `${path} is new and an integer that JavaScript cannot hold in ${tally.unsafe} of ${tally.integers}: it reads another number than was sent`,
    level: "likely",
    ...(before === undefined ? {} : { before }),
    after: "integer beyond 2^53",
    evidence: {
      ...(recorded === undefined ? {} : { n: recorded, k: 0 }),
      m: tally.integers,
      x: tally.integers - tally.unsafe,
    },
  });
}

/** Decades: seconds became milliseconds, euros became cents. */
const UNITS = [2, 3, 6, 9];
const IDENTIFIER =
  /(?:^|_)(?:id|no|number|num|seq|serial|version|build|revision|size|bytes|count|total)s?$|Id$/i;

/**
 * A jump that looks like another unit: all live values lie a decade or more outside of everything recorded, and the means
 * (of the logarithms) are 2, 3, 6 or 9 decades apart. Ids and counters grow by themselves and are left out.
 */
function assessScale(watch: Watch, seen: Seen, place: Place, book: Book): void {
  if (IDENTIFIER.test(place.name)) return;
  const live = watch.logSum / watch.logs;
  const recorded = seen.logSum / seen.logs;
  const shift = live - recorded;
  const unit = UNITS.find((decades) => Math.abs(Math.abs(shift) - decades) < 0.4);
  const above = Math.log10(watch.low) >= seen.high + 0.5;
  const below = Math.log10(watch.high) <= seen.low - 0.5;
  if (unit === undefined || !(above || below)) return;
  const enough = seen.logs >= 5 && watch.logs >= 2;
  const clock = seen.low >= 9 && seen.high <= 13;
  book.suspicions.push({
    rule: "contract/scale-changed",
    path: place.path,
    message: `${label(place)} is about ${shift > 0 ? "" : "1/"}${10 ** unit} times what it was: another unit?`,
    level: clock && (enough || seen.logs >= 1) ? "certain" : enough ? "likely" : "hint",
    before: `about 10^${recorded.toFixed(1)}`,
    after: `about 10^${live.toFixed(1)}`,
    evidence: evidenceFor({
      n: seen.logs,
      k: seen.logs,
      m: watch.logs,
      x: 0,
      recordedIn: recordedIn(seen),
      liveIn: watch.responses,
    }),
  });
}
