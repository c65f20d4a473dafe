import { effective, isClosed } from "./evidence.ts";
import { profilesOf } from "./kinds.ts";
import { createObjectTally, type KindTable, type ObjectTally, type Tally } from "./tally.ts";

/** Objects of one place, told apart by the words of a property that was found to be their tag. */
export interface Split {
  tag: string;
  byValue: Map<string, ObjectTally>;
  /** How undecided it still is which properties an object has. */
  after: number;
}

/** Objects with one word of a property, and how many of them have each other property. */
interface Kind {
  count: number;
  present: Map<string, number>;
}

/** A tag must cut the uncertainty at least by this share. */
export const CUT = 0.5;
/**
 * Any two words of a property that has the name of no tag must differ in as many properties that one kind has nearly always, and
 * the other never: a state that comes with one property more makes no other kind of object.
 */
const TELLING = 2;
const NEARLY = 0.9;

/**
 * The property whose words explain which others an object has, whatever its name. Its words must be closed on evidence, as an
 * enum's: a word that was never seen is then something new.
 * @param before how undecided it is without a tag
 */
export function splitByWords(
  table: KindTable,
  all: ObjectTally,
  { before, responses }: { before: number; responses: number },
): Split | undefined {
  const enough = effective(all.count, responses);
  let best: { tag: string; kinds: Map<string, Kind>; after: number } | undefined;
  for (const tag of [...table.words.keys()].sort()) {
    const kinds = kindsBy(table, tag);
    if (kinds.size < 2 || !isClosed(countsOf(kinds), enough) || !areTold([...kinds.values()])) continue;
    const after = undecided(kinds);
    if (after <= before * (1 - CUT) && (best === undefined || after < best.after))
      best = { tag, kinds, after };
  }
  return best && { tag: best.tag, byValue: objectsBy(best.kinds, all), after: best.after };
}

/** As a contract tells the objects apart: by this property, if it had a word in every object. */
export function splitBy(tag: string, table: KindTable, all: ObjectTally): Split | undefined {
  if (!table.words.has(tag)) return undefined;
  const kinds = kindsBy(table, tag);
  return { tag, byValue: objectsBy(kinds, all), after: undecided(kinds) };
}

function kindsBy(table: KindTable, tag: string): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const { keys, columns } of profilesOf(table)) {
    for (const [word, times] of columns.find(({ name }) => name === tag)?.counts ?? []) {
      const kind = kinds.get(word) ?? { count: 0, present: new Map() };
      kinds.set(word, kind);
      kind.count += times;
      for (const key of keys) kind.present.set(key, (kind.present.get(key) ?? 0) + times);
    }
  }
  return kinds;
}

function countsOf(kinds: ReadonlyMap<string, Kind>) {
  const counts = [...kinds.values()].map(({ count }) => count);
  const of = (times: number) => counts.filter((count) => count === times).length;
  return { distinct: counts.length, once: of(1), twice: of(2) };
}

function undecided(kinds: ReadonlyMap<string, Kind>): number {
  let sum = 0;
  for (const { count, present } of kinds.values()) {
    for (const times of present.values()) sum += times * (1 - times / count);
  }
  return sum;
}

function areTold(kinds: readonly Kind[]): boolean {
  return kinds.every((one, index) => kinds.slice(index + 1).every((other) => differ(one, other) >= TELLING));
}

function differ(a: Kind, b: Kind): number {
  const own = (one: Kind, other: Kind) =>
    [...one.present].filter(([key, times]) => times >= NEARLY * one.count && !other.present.has(key)).length;
  return own(a, b) + own(b, a);
}

function objectsBy(kinds: ReadonlyMap<string, Kind>, all: ObjectTally): Map<string, ObjectTally> {
  return new Map([...kinds].map(([word, kind]) => [word, objectOf(kind, all)]));
}

function objectOf({ count, present }: Kind, all: ObjectTally): ObjectTally {
  const object = createObjectTally();
  object.count = count;
  object.keys = all.keys;
  object.properties = new Map(
    [...(all.properties ?? [])].flatMap(([name, tally]) => {
      const times = present.get(name);
      return times === undefined ? [] : [[name, portionOf(tally, times)]];
    }),
  );
  return object;
}

/**
 * What several kinds of objects have under one name was counted together: each kind gets its share of the counts. What is known
 * of the values is the same for all of them, and what lies inside keeps its counts.
 */
function portionOf(tally: Tally, count: number): Tally {
  if (count === tally.count) return tally;
  const share = count / tally.count;
  // What was seen at least once stays possible.
  const of = (times: number) => (times === 0 ? 0 : Math.max(1, Math.round(times * share)));
  const portion: Tally = {
    ...tally,
    count,
    responses: Math.min(tally.responses, count),
    nulls: of(tally.nulls),
    trues: of(tally.trues),
    falses: of(tally.falses),
    integers: of(tally.integers),
    floats: of(tally.floats),
    unsafe: of(tally.unsafe),
    logSum: tally.logSum * share,
    logs: tally.logs * share,
    strings: tally.strings && { ...tally.strings, count: of(tally.strings.count) },
    arrays: of(tally.arrays),
    emptyArrays: of(tally.emptyArrays),
    objects: of(tally.objects),
  };
  return portion;
}
