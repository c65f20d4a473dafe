import { addKinds } from "./kinds.ts";
import {
  createObjectTally,
  createStringTally,
  createTally,
  MAX_GROUPS,
  MAX_KEYS,
  MAX_VALUES,
  type ObjectTally,
  type StringTally,
  type Tally,
} from "./tally.ts";

/** What was counted in `a` and in `b`, in a new tally: associative and commutative. Neither argument is changed. */
export function combine(a: Tally, b: Tally): Tally {
  const sum = createTally();
  addTally(sum, a);
  addTally(sum, b);
  return sum;
}

/** Adds what `from` counted to `into`. */
export function addTally(into: Tally, from: Tally): void {
  into.count += from.count;
  into.responses += from.responses;
  into.nulls += from.nulls;
  into.trues += from.trues;
  into.falses += from.falses;
  into.deep ||= from.deep;
  addNumbers(into, from);
  if (from.strings) {
    into.strings ??= createStringTally();
    addStrings(into.strings, from.strings);
  }
  into.arrays += from.arrays;
  into.emptyArrays += from.emptyArrays;
  if (from.items) {
    into.items ??= createTally();
    addTally(into.items, from.items);
  }
  into.objects += from.objects;
  addGroups(into, from);
  addKinds(into, from);
}

function addNumbers(into: Tally, from: Tally): void {
  into.integers += from.integers;
  into.floats += from.floats;
  into.unsafe += from.unsafe;
  into.low = Math.min(into.low, from.low);
  into.high = Math.max(into.high, from.high);
  into.logSum += from.logSum;
  into.logs += from.logs;
}

function addStrings(into: StringTally, from: StringTally): void {
  into.count += from.count;
  into.formats &= from.formats;
  if (into.prefix === null) into.prefix = from.prefix;
  else if (from.prefix !== null && from.prefix !== into.prefix) into.prefix = undefined;
  into.least = Math.min(into.least, from.least);
  into.greatest = Math.max(into.greatest, from.greatest);
  if (into.values === undefined || from.values === undefined) {
    into.values = undefined;
    return;
  }
  for (const [value, times] of from.values) into.values.set(value, (into.values.get(value) ?? 0) + times);
  if (into.values.size > MAX_VALUES) into.values = undefined;
}

function addGroups(into: Tally, from: Tally): void {
  if (from.groups === undefined) return;
  into.groups ??= new Map();
  for (const [name, group] of from.groups) {
    const found = into.groups.get(name) ?? createObjectTally();
    addObject(found, group);
    into.groups.set(name, found);
  }
  if (into.ungrouped || from.ungrouped || into.groups.size > MAX_GROUPS) ungroup(into, into.groups);
}

/** Adds what `from` counted to `into`. */
export function addObject(into: ObjectTally, from: ObjectTally): void {
  into.count += from.count;
  into.keys &= from.keys;
  if (into.properties && from.properties) {
    for (const [key, tally] of from.properties) {
      const found = into.properties.get(key) ?? createTally();
      addTally(found, tally);
      into.properties.set(key, found);
    }
    if (into.properties.size > MAX_KEYS) becomeMap(into, into.properties);
    return;
  }
  const rest = into.properties ? becomeMap(into, into.properties) : (into.rest ?? createTally());
  into.rest = rest;
  for (const tally of from.properties?.values() ?? []) addTally(rest, tally);
  if (from.rest) addTally(rest, from.rest);
}

/** All groups as one. */
export function sumObjects(objects: Iterable<ObjectTally>): ObjectTally {
  const sum = createObjectTally();
  for (const object of objects) addObject(sum, object);
  return sum;
}

/** Too many groups to tell apart: they become one, for good. */
export function ungroup(tally: Tally, groups: Map<string, ObjectTally>): ObjectTally {
  const one = sumObjects(groups.values());
  tally.groups = new Map([["", one]]);
  tally.ungrouped = true;
  return one;
}

/** Too many names to remember: the object becomes a map, for good. Returns the tally of its values. */
export function becomeMap(object: ObjectTally, properties: ReadonlyMap<string, Tally>): Tally {
  const rest = createTally();
  for (const tally of properties.values()) addTally(rest, tally);
  object.rest = rest;
  object.properties = undefined;
  return rest;
}
