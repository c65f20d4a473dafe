import { sumObjects } from "./combine.ts";
import { bestKeyKind, isPrivateName } from "./keys.ts";
import { tableOf } from "./kinds.ts";
import { CUT, type Split, splitBy, splitByWords } from "./split.ts";
import { readGroup } from "./tags.ts";
import type { ObjectTally, Tally } from "./tally.ts";

/** Names under which APIs keep what their users put in: any key, any time. */
const MAP_NAMES =
  /^(?:(?:user_?|custom_?|extra_?|app_)?metadata|annotations|headers|labels|translations|locali[sz]ations|rates|custom_?attributes|custom_?fields|env(?:ironment)?_?variables|tags|options_map|extensions)$/i;
const WEAK_MAP_NAMES = /^(?:attributes|properties|params|parameters|variables|options|settings|values)$/i;

/** Kinds of a value as bits, null left out. */
function kindBits(tally: Tally): number {
  return (
    (tally.trues + tally.falses > 0 ? 1 : 0) |
    (tally.integers + tally.floats > 0 ? 2 : 0) |
    (tally.strings ? 4 : 0) |
    (tally.arrays > 0 ? 8 : 0) |
    (tally.objects > 0 ? 16 : 0)
  );
}

function oneKind(properties: ReadonlyMap<string, Tally>): number | undefined {
  let bits = 0;
  for (const tally of properties.values()) bits |= kindBits(tally);
  return (bits & (bits - 1)) === 0 ? bits : undefined;
}

/** Whether values that are objects look alike: on average they share half of all their names. */
function alike(properties: ReadonlyMap<string, Tally>): boolean {
  const seen = new Map<string, number>();
  let total = 0;
  for (const tally of properties.values()) {
    for (const group of tally.groups?.values() ?? []) {
      if (group.properties === undefined) return true;
      for (const key of group.properties.keys()) {
        seen.set(key, (seen.get(key) ?? 0) + 1);
        total++;
      }
    }
  }
  return total >= 0.5 * seen.size * properties.size;
}

/**
 * Whether an object is a map (ids as names) and not a record. A name that every object has, or values of several kinds, speak
 * for a record; many names that hardly come again, names that all look like ids, or a place known for maps, for a map.
 */
export function isMapLike(object: ObjectTally, key: string): boolean {
  const { properties, count } = object;
  if (properties === undefined) return true;
  if (properties.size === 0) return false;
  const kind = oneKind(properties);
  if (kind === undefined || kind === 0) return false;
  if (MAP_NAMES.test(key)) return kind !== 16 || alike(properties);
  const generated = bestKeyKind(object.keys) !== undefined;
  if ((generated && properties.size >= 2) || [...properties.keys()].every(isPrivateName))
    return kind !== 16 || alike(properties);
  if (count < 5) return false;
  const counts = [...properties.values()].map((tally) => tally.count);
  if (Math.max(...counts) === count) return false;
  const weak = WEAK_MAP_NAMES.test(key);
  const once = counts.filter((n) => n === 1).length;
  const scattered = properties.size >= (weak ? 4 : 6) && (once / counts.length > 0.5 || counts.length > 50);
  return scattered && (kind !== 16 || alike(properties));
}

/** Objects of one place, told apart by a tag, or all together. */
export interface Grouped {
  tag: string | undefined;
  variants: readonly { value: string | undefined; object: ObjectTally }[];
}

/** How undecided the presence of properties is: the sum of p(1-p), weighted by objects. Zero: each object has them all. */
function disorder(objects: Iterable<ObjectTally>): number {
  let sum = 0;
  for (const { count, properties } of objects) {
    for (const tally of properties?.values() ?? []) {
      const p = tally.count / count;
      sum += count * p * (1 - p);
    }
  }
  return sum;
}

/** A tag must have this many objects for each of its values. */
const PER_VARIANT = 2;

/**
 * Splits the objects of one place by the tag that explains best which properties they have, if one does: one by whose name they
 * were counted apart, or any property that the data shows to be one.
 * @param known the tag that a contract tells them apart by: taken where every object has it
 */
export function groupObjects(tally: Tally, known: string | undefined): Grouped {
  const { groups = new Map<string, ObjectTally>(), responses } = tally;
  if (known !== undefined && candidateTags(groups).includes(known))
    return byTag(known, regroup(groups, known));
  const all = groups.size === 1 ? [...groups.values()][0] : sumObjects(groups.values());
  if (all === undefined) return { tag: undefined, variants: [] };
  const together: Grouped = { tag: undefined, variants: [{ value: undefined, object: all }] };
  if (all.properties === undefined) return together;
  const kinds = tableOf(tally);
  const asKnown = known === undefined || kinds === undefined ? undefined : splitBy(known, kinds, all);
  if (asKnown) return byTag(asKnown.tag, asKnown.byValue);
  const before = disorder([all]);
  if (before === 0) return together;
  const named = splitByName(groups, all, before);
  const found = kinds && splitByWords(kinds, all, { before, responses });
  const best = found === undefined || (named !== undefined && named.after <= found.after) ? named : found;
  return best === undefined ? together : byTag(best.tag, best.byValue);
}

function splitByName(
  groups: ReadonlyMap<string, ObjectTally>,
  all: ObjectTally,
  before: number,
): Split | undefined {
  let best: Split | undefined;
  for (const tag of groups.size < 2 ? [] : candidateTags(groups)) {
    const byValue = regroup(groups, tag);
    if (byValue.size < 2 || all.count < PER_VARIANT * byValue.size) continue;
    const after = disorder(byValue.values());
    if (best === undefined || after < best.after) best = { tag, byValue, after };
  }
  return best === undefined || best.after > before * (1 - CUT) ? undefined : best;
}

function byTag(tag: string, byValue: ReadonlyMap<string, ObjectTally>): Grouped {
  const variants = [...byValue].sort(([a], [b]) => (a < b ? -1 : 1));
  return { tag, variants: variants.map(([value, object]) => ({ value, object })) };
}

/** Tags that every object has. */
function candidateTags(groups: ReadonlyMap<string, ObjectTally>): string[] {
  const lists = [...groups.keys()].map((group) => readGroup(group).map(({ tag }) => tag));
  const [first = [], ...rest] = lists;
  return first.filter((tag) => rest.every((list) => list.includes(tag)));
}

function regroup(groups: ReadonlyMap<string, ObjectTally>, tag: string): Map<string, ObjectTally> {
  const members = new Map<string, ObjectTally[]>();
  for (const [group, object] of groups) {
    const value = readGroup(group).find((tagged) => tagged.tag === tag)?.value ?? "";
    const list = members.get(value);
    if (list) list.push(object);
    else members.set(value, [object]);
  }
  return new Map([...members].map(([value, list]) => [value, sumObjects(list)]));
}
