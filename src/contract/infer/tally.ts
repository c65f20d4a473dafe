import { ALL_FORMATS } from "./formats.ts";
import type { ValuesAt } from "./tags.ts";

/** Most values of a string that are remembered; with one more the string is open. */
export const MAX_VALUES = 64;
/** Most names of one object that are remembered; with one more it is a map. */
export const MAX_KEYS = 256;
/** Most groups of objects, by their tags, that are told apart at one place. */
export const MAX_GROUPS = 64;
/** Most words of one property that can tell kinds of objects apart. */
export const MAX_TAG_VALUES = 16;
/** Most different sets of names that objects of one place are told apart by. */
export const MAX_PROFILES = 128;
/** Levels below which nothing is told any more. */
export const MAX_DEPTH = 400;

/**
 * What was counted of the values at one place. Tallies form a commutative monoid under `combine`, `createTally()` being its
 * neutral element: every field is a sum, a minimum, a maximum, an intersection of bits, or a bounded set that becomes
 * "too many" for good.
 */
export interface Tally {
  count: number;
  responses: number;
  /** The last sample that had a value here; only the collector reads it. */
  sample: number;
  nulls: number;
  trues: number;
  falses: number;
  integers: number;
  floats: number;
  /** Integers that JavaScript cannot hold exactly. Counted where the text of the value is read: they come as bigints. */
  unsafe: number;
  low: number;
  high: number;
  logSum: number;
  logs: number;
  strings: StringTally | undefined;
  arrays: number;
  emptyArrays: number;
  items: Tally | undefined;
  objects: number;
  /** Objects by the values of their tag properties; undefined without an object. */
  groups: Map<string, ObjectTally> | undefined;
  /** There were too many groups: all lie in the one group `""`. */
  ungrouped: boolean;
  /** Which names go with which words; undefined before the second object, and where `kindless`. */
  kinds: KindTable | undefined;
  /** The only object so far, which waits for a second one: most places never have one. */
  single: { keys: readonly string[]; values: ValuesAt } | undefined;
  /** No property has a word in every object, or the objects are too different: no tag will be found. */
  kindless: boolean;
  /** The place lies too deep to be looked at. */
  deep: boolean;
}

/** Objects of one place by their names, and the words that stand in them: what a tag is found by. */
export interface KindTable {
  /** Properties that every object had, with the words they held. */
  words: Map<string, Set<string>>;
  /** By the number of names: where there are few, they are told apart at the first that differs. */
  profiles: Map<number, Profile[]>;
  /** How many there are. */
  size: number;
  /** The profile of the last object: the next one mostly has the same. Only the collector reads it. */
  last: Profile | undefined;
}

/** Objects with the same names. */
export interface Profile {
  keys: readonly string[];
  count: number;
  /** One for each of the table's words. */
  columns: Column[];
}

export interface Column {
  name: string;
  /** Position of the name among the keys. */
  index: number;
  /** How often each word came. */
  counts: Map<string, number>;
}

export interface StringTally {
  count: number;
  /** Bits of `FORMATS` that every value matched. */
  formats: number;
  /** The id prefix that all have; `null` before the first value; undefined when there is none. */
  prefix: string | undefined | null;
  /** How often each value came; undefined when there were too many, or one that may not be remembered. */
  values: Map<string, number> | undefined;
  /** Hashes of the least and greatest value: equal means constant. */
  least: number;
  greatest: number;
}

export interface ObjectTally {
  count: number;
  /** By name; undefined when there were too many names. */
  properties: Map<string, Tally> | undefined;
  /** All values together, when there were too many names. */
  rest: Tally | undefined;
  /** Bits of `KEY_KINDS` that every name matched. */
  keys: number;
  /** Names and their tallies in the order of the last object: the next one mostly has the same. Only the collector reads them. */
  order: string[];
  tallies: Tally[];
}

export function createTally(): Tally {
  return {
    count: 0,
    responses: 0,
    sample: -1,
    nulls: 0,
    trues: 0,
    falses: 0,
    integers: 0,
    floats: 0,
    unsafe: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    logSum: 0,
    logs: 0,
    strings: undefined,
    arrays: 0,
    emptyArrays: 0,
    items: undefined,
    objects: 0,
    groups: undefined,
    ungrouped: false,
    kinds: undefined,
    single: undefined,
    kindless: false,
    deep: false,
  };
}

export function createStringTally(): StringTally {
  return {
    count: 0,
    formats: ALL_FORMATS,
    prefix: null,
    values: new Map(),
    least: 0xffffffff,
    greatest: 0,
  };
}

export function createObjectTally(): ObjectTally {
  return { count: 0, properties: new Map(), rest: undefined, keys: 0xffff, order: [], tallies: [] };
}
