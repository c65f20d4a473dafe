import { isTagValue, type ValuesAt } from "./tags.ts";
import {
  type Column,
  type KindTable,
  MAX_PROFILES,
  MAX_TAG_VALUES,
  type Profile,
  type Tally,
} from "./tally.ts";
import { mayHoldVocabulary } from "./tokens.ts";

/**
 * Counts which names an object has beside the words in it, so that a tag is found by what it tells and not by what it is
 * called. Only properties that every object had, each time with a word, are followed; with the last of them gone the place is
 * never looked at again. What is left depends on the objects alone, not on their order.
 */
export function noteKinds(tally: Tally, keys: readonly string[], values: ValuesAt): void {
  const table = tableOf(tally);
  if (table === undefined) {
    tally.single = { keys, values };
    return;
  }
  noteObject(table, keys, values);
  settle(tally, table);
}

/** The table of a place, with its only object so far; undefined before the first one. */
export function tableOf(tally: Tally): KindTable | undefined {
  const { single } = tally;
  if (single === undefined) return tally.kinds;
  tally.single = undefined;
  tally.kinds = startTable(single.keys, single.values);
  noteObject(tally.kinds, single.keys, single.values);
  return tally.kinds;
}

function noteObject(table: KindTable, keys: readonly string[], values: ValuesAt): void {
  const profile = profileOf(table, keys);
  profile.count++;
  for (const column of profile.columns) noteWord(table, column, values.at(column.index));
}

function noteWord(table: KindTable, { name, counts }: Column, value: unknown): void {
  const times = typeof value === "string" ? (counts.get(value) ?? 0) : 0;
  if (typeof value === "string" && (times > 0 || (isTagValue(value) && addWord(table, name, value)))) {
    counts.set(value, times + 1);
  } else dropWord(table, name);
}

function startTable(keys: readonly string[], values: ValuesAt): KindTable {
  const words = new Map<string, Set<string>>();
  for (const [index, key] of keys.entries()) {
    if (isTagValue(values.at(index)) && mayHoldVocabulary(key)) words.set(key, new Set());
  }
  return { words, profiles: new Map(), size: 0, last: undefined };
}

function profileOf(table: KindTable, keys: readonly string[]): Profile {
  const { last } = table;
  if (last !== undefined && sameKeys(last.keys, keys)) return last;
  const alike = table.profiles.get(keys.length) ?? [];
  const known = alike.find((one) => sameKeys(one.keys, keys));
  const profile = known ?? startProfile(table, keys);
  if (known === undefined) {
    table.profiles.set(keys.length, [...alike, profile]);
    table.size++;
  }
  table.last = profile;
  return profile;
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function startProfile(table: KindTable, keys: readonly string[]): Profile {
  for (const name of table.words.keys()) if (!keys.includes(name)) dropWord(table, name);
  const columns = [...table.words.keys()].map((name) => ({
    name,
    index: keys.indexOf(name),
    counts: new Map<string, number>(),
  }));
  return { keys, count: 0, columns };
}

/** @returns false where there are too many different ones */
function addWord(table: KindTable, name: string, word: string): boolean {
  const known = table.words.get(name);
  known?.add(word);
  return known !== undefined && known.size <= MAX_TAG_VALUES;
}

function dropWord(table: KindTable, name: string): void {
  table.words.delete(name);
  for (const profile of profilesOf(table)) {
    profile.columns = profile.columns.filter((column) => column.name !== name);
  }
}

export function* profilesOf({ profiles }: KindTable): Generator<Profile> {
  for (const alike of profiles.values()) yield* alike;
}

/** With nothing left that could be a tag, or too many kinds of objects, the place has no tag: for good. */
function settle(tally: Tally, table: KindTable): void {
  if (table.words.size > 0 && table.size <= MAX_PROFILES) {
    tally.kinds = table;
    return;
  }
  tally.kindless = true;
  tally.kinds = undefined;
}

/** Adds what `from` counted to `into`. What `from` says is not changed. */
export function addKinds(into: Tally, from: Tally): void {
  if (into.kindless || from.kindless) {
    into.kindless = true;
    into.kinds = undefined;
    into.single = undefined;
    return;
  }
  const added = tableOf(from);
  if (added === undefined) return;
  const known = tableOf(into);
  const table = known ?? { words: new Map(), profiles: new Map(), size: 0, last: undefined };
  const words = known === undefined ? added.words : commonWords(known.words, added.words);
  for (const name of [...table.words.keys()]) if (!words.has(name)) dropWord(table, name);
  for (const [name, values] of words) table.words.set(name, new Set(values));
  for (const profile of profilesOf(added)) addProfile(table, profile);
  settle(into, table);
}

function commonWords(a: KindTable["words"], b: KindTable["words"]): Map<string, Set<string>> {
  const common = new Map<string, Set<string>>();
  for (const [name, values] of a) {
    const other = b.get(name);
    const all = new Set([...values, ...(other ?? [])]);
    if (other !== undefined && all.size <= MAX_TAG_VALUES) common.set(name, all);
  }
  return common;
}

function addProfile(table: KindTable, { keys, count, columns }: Profile): void {
  const into = profileOf(table, keys);
  into.count += count;
  for (const { name, index, counts } of columns) {
    if (!table.words.has(name)) continue;
    const known = into.columns.find((column) => column.name === name);
    const sum = known?.counts ?? new Map<string, number>();
    if (known === undefined) into.columns.push({ name, index, counts: sum });
    for (const [value, times] of counts) sum.set(value, (sum.get(value) ?? 0) + times);
  }
}
