import { itemPath, memberPath } from "../compare/path.ts";
import { finish } from "../infer/finish.ts";
import type { Tally } from "../infer/tally.ts";
import { describeShape } from "../shape/describe.ts";
import { ANY, isAny, type Seen } from "../shape.ts";
import { evidenceFor, levelOf, PARTIAL, recordedIn, TOTAL } from "./counts.ts";
import { assessKeys } from "./keys.ts";
import { assessKinds } from "./kinds.ts";
import { assessNumbers } from "./numbers.ts";
import { cursorLimit } from "./pagination.ts";
import { type Book, label, type Place } from "./place.ts";
import { assessProperties } from "./properties.ts";
import { assessStrings } from "./strings.ts";
import { atMost, type Suspicion } from "./suspicion.ts";
import { assessVariants } from "./variants.ts";
import type { Watch } from "./watch.ts";

/** Compares what was counted live at one place, and below, with what the contract says. */
export function assess(watch: Watch, place: Place, book: Book): void {
  const { shape } = watch;
  if (watch.count === 0 || shape === ANY || isAny(shape)) return;
  assessNull(watch, place, book);
  assessKinds(watch, place, book);
  if (shape.numbers.length > 0) assessNumbers(watch, place, book);
  if (watch.odd !== undefined) assessStrings(watch, watch.odd, place, book);
  if (watch.arrays > 0 && shape.arrays.length > 0) assessArrays(watch, place, book);
  if (watch.variants !== undefined) assessVariants(watch, watch.variants, place, book);
  for (const object of watch.facets) {
    if (object === undefined) continue;
    assessProperties(object, watch, place, book, assess);
    assessKeys(object, place, book);
    if (object.members) {
      const below = {
        ...place,
        path: memberPath(place.path),
        name: "",
        around: "",
        depth: place.depth + 1,
        page: false,
      };
      assess(object.members, below, book);
    }
  }
}

function assessNull(watch: Watch, place: Place, book: Book): void {
  const { shape, nulls, count } = watch;
  if (nulls === 0 || shape.null) return;
  book.tests++;
  const { seen } = shape;
  const total = nulls === count;
  const evidence = evidenceFor({
    n: seen?.count,
    k: seen?.count ?? 0,
    m: count,
    x: count - nulls,
    recordedIn: recordedIn(seen),
    liveIn: watch.responses,
    ...(total ? {} : { noIn: watch.nullIn }),
  });
  const level = atMost(levelOf(evidence.p, total ? TOTAL : PARTIAL), cursorLimit(place, total));
  book.suspicions.push({
    rule: "contract/became-nullable",
    path: place.path,
    message: total
      ? `${label(place)} is null now; it never was`
      : `${label(place)} is null in ${nulls} of ${count} now; it never was`,
    level,
    before: "not null",
    after: "null",
    evidence,
    ...(total ? {} : { rate: true }),
  });
}

function learnedItems(items: Tally, seen: Seen | undefined, { path, name }: Place): Suspicion {
  const after = describeShape(finish(items, name));
  return {
    rule: "contract/type-learned",
    path: itemPath(path),
    message: `${itemPath(path)} is ${after}; the array was always empty before`,
    level: "hint",
    after,
    evidence: { ...(seen ? { n: seen.emptyArrays, k: 0 } : {}), m: items.count, x: items.count },
  };
}

function assessArrays(watch: Watch, place: Place, book: Book): void {
  const facet = watch.shape.arrays[0];
  const { seen } = watch.shape;
  if (watch.learned !== undefined) book.suspicions.push(learnedItems(watch.learned, seen, place));
  if (facet === undefined || facet.items === ANY) return;
  const usuallyFull = seen !== undefined && seen.emptyArrays * 2 < seen.array;
  if (place.page && usuallyFull && watch.emptyArrays === watch.arrays) {
    book.suspicions.push({
      rule: "contract/empty-list",
      path: place.path,
      message: `${label(place)} is empty now, so nothing can be said about its items`,
      level: "certain",
      evidence: evidenceFor({
        n: seen.array,
        k: seen.array - seen.emptyArrays,
        m: watch.arrays,
        x: 0,
        recordedIn: recordedIn(seen),
        liveIn: watch.responses,
      }),
    });
  }
  if (watch.items !== undefined) {
    const items = { ...place, path: itemPath(place.path), depth: place.depth + 1, page: false };
    assess(watch.items, items, book);
  }
}
