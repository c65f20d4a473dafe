import { becomeMap, ungroup } from "./combine.ts";
import { hasIdPrefix, idPrefix, matchFormats } from "./formats.ts";
import { matchKeys } from "./keys.ts";
import { noteKinds } from "./kinds.ts";
import { groupOf } from "./tags.ts";
import {
  createObjectTally,
  createStringTally,
  createTally,
  MAX_DEPTH,
  MAX_GROUPS,
  MAX_KEYS,
  MAX_VALUES,
  type ObjectTally,
  type StringTally,
  type Tally,
} from "./tally.ts";
import { isToken } from "./tokens.ts";

/**
 * Counts one value, and everything in it, into a tally.
 * @param value what `JSON.parse` gives; an integer that it would read as another number may be a bigint
 * @param sample number of the response it came in; equal numbers must come one after the other
 */
export function collect(tally: Tally, value: unknown, sample: number, depth = 0): void {
  tally.count++;
  if (tally.sample !== sample) {
    tally.sample = sample;
    tally.responses++;
  }
  switch (typeof value) {
    case "string":
      tally.strings ??= createStringTally();
      collectString(tally.strings, value);
      return;
    case "number":
      collectNumber(tally, value);
      return;
    case "bigint":
      tally.unsafe++;
      collectNumber(tally, Number(value));
      return;
    case "boolean":
      if (value) tally.trues++;
      else tally.falses++;
      return;
    case "object":
      if (value === null) tally.nulls++;
      else if (depth >= MAX_DEPTH) collectTooDeep(tally, value);
      else if (Array.isArray(value)) collectArray(tally, value, sample, depth);
      else collectObject(tally, value as Record<string, unknown>, sample, depth);
  }
}

export function collectTooDeep(tally: Tally, value: object): void {
  tally.deep = true;
  if (Array.isArray(value)) tally.arrays++;
  else tally.objects++;
}

export function collectNumber(tally: Tally, value: number): void {
  if (Number.isInteger(value)) tally.integers++;
  else tally.floats++;
  const magnitude = value < 0 ? -value : value;
  // Greater than any double, as 1e400: there is no logarithm of it that a contract could hold.
  if (magnitude === 0 || magnitude === Infinity) return;
  if (magnitude < tally.low) tally.low = magnitude;
  if (magnitude > tally.high) tally.high = magnitude;
  tally.logs++;
  tally.logSum += Math.log10(magnitude);
}

/** A small hash, only to tell whether all values were one. */
export function hash(value: string): number {
  let h = 2166136261 ^ value.length;
  const step = value.length > 64 ? value.length >> 6 : 1;
  for (let i = 0; i < value.length; i += step) h = Math.imul(h ^ value.charCodeAt(i), 16777619);
  return h >>> 0;
}

export function collectString(tally: StringTally, value: string): void {
  tally.count++;
  // What is remembered was looked at when it came first.
  if (tally.values !== undefined && isRemembered(tally.values, value)) return;
  if (tally.formats !== 0) tally.formats = matchFormats(value, tally.formats);
  if (tally.prefix !== undefined) {
    const prefix = tally.prefix;
    if (prefix === null) tally.prefix = idPrefix(value);
    else if (!hasIdPrefix(value, prefix)) tally.prefix = undefined;
  }
  if (tally.least === tally.greatest || tally.count === 1) {
    const h = hash(value);
    if (h < tally.least) tally.least = h;
    if (h > tally.greatest) tally.greatest = h;
  }
  if (tally.values !== undefined) remember(tally, tally.values, value);
}

function isRemembered(values: Map<string, number>, value: string): boolean {
  const times = values.get(value);
  if (times !== undefined) values.set(value, times + 1);
  return times !== undefined;
}

function remember(tally: StringTally, values: Map<string, number>, value: string): void {
  if (values.size >= MAX_VALUES || !isToken(value)) tally.values = undefined;
  else values.set(value, 1);
}

function collectArray(tally: Tally, value: readonly unknown[], sample: number, depth: number): void {
  tally.arrays++;
  if (value.length === 0) {
    tally.emptyArrays++;
    return;
  }
  tally.items ??= createTally();
  for (const item of value) collect(tally.items, item, sample, depth + 1);
}

function collectObject(tally: Tally, value: Record<string, unknown>, sample: number, depth: number): void {
  tally.objects++;
  // Both at once cost less than a look-up for each name.
  const keys = Object.keys(value);
  const values = Object.values(value);
  const target = groupFor(tally, tally.ungrouped ? "" : groupOf(keys, values));
  target.count++;
  if (!tally.kindless) noteKinds(tally, keys, values);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? "";
    collect(propertyAt(target, key, at), values[at], sample, depth + 1);
  }
}

export function groupFor(tally: Tally, group: string): ObjectTally {
  tally.groups ??= new Map();
  const found = tally.groups.get(group);
  if (found !== undefined) return found;
  if (tally.groups.size < MAX_GROUPS) {
    const created = createObjectTally();
    tally.groups.set(group, created);
    return created;
  }
  return ungroup(tally, tally.groups);
}

/** As `propertyFor`, and without looking the name up where the object before had it at the same position. */
export function propertyAt(object: ObjectTally, key: string, at: number): Tally {
  if (object.properties === undefined) return propertyFor(object, key);
  const guess = object.tallies[at];
  if (guess !== undefined && object.order[at] === key) return guess;
  const found = propertyFor(object, key);
  if (at <= object.order.length && at < MAX_KEYS && found !== object.rest) {
    object.order[at] = key;
    object.tallies[at] = found;
  }
  return found;
}

function propertyFor(object: ObjectTally, key: string): Tally {
  if (object.properties === undefined) {
    object.rest ??= createTally();
    if (object.keys !== 0) object.keys = matchKeys(key, object.keys);
    return object.rest;
  }
  const found = object.properties.get(key);
  if (found !== undefined) return found;
  if (object.keys !== 0) object.keys = matchKeys(key, object.keys);
  const created = createTally();
  object.properties.set(key, created);
  return object.properties.size > MAX_KEYS ? becomeMap(object, object.properties) : created;
}
