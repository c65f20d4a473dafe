import { collect } from "../infer/collect.ts";
import { ANY_KIND, isPrivateName, matchKeys } from "../infer/keys.ts";
import { createTally, MAX_DEPTH, type Tally } from "../infer/tally.ts";
import { ANY, isMap, type ObjectFacet, type Shape } from "../shape.ts";
import { type Matcher, matcherOf, matchesPattern } from "./matcher.ts";

/** Most unknown names of one object whose values are looked at. */
const MAX_STRANGERS = 100;

/**
 * What live values at one place did, counted along the contract: the contract says which objects are maps, which property
 * is the tag, which values are known. What it does not know is collected apart.
 */
export interface Watch {
  readonly shape: Shape;
  /** A property that every recorded object had. */
  readonly always: boolean;
  count: number;
  responses: number;
  sample: number;
  nulls: number;
  /** Responses that had a null here. */
  nullIn: number;
  nullSample: number;
  booleans: number;
  integers: number;
  floats: number;
  /** Integers that JavaScript cannot hold exactly: they come as bigints. */
  unsafe: number;
  low: number;
  high: number;
  logSum: number;
  logs: number;
  strings: number;
  arrays: number;
  emptyArrays: number;
  objects: number;
  /** Whether the contract has a string here; compiled for the first of them. */
  accepts: Matcher | undefined;
  /** Strings that neither format, pattern nor known values accept. */
  odd: Tally | undefined;
  /** Values of kinds that the contract does not have here. */
  strange: Tally | undefined;
  items: Watch | undefined;
  /** Items of arrays that were always empty when they were recorded. */
  learned: Tally | undefined;
  /** One for each of the contract's alternatives, as they come. */
  facets: (ObjectWatch | undefined)[];
  /** Tag values that the contract does not know, with their objects. */
  variants: Map<string, Tally> | undefined;
}

export interface ObjectWatch {
  readonly facet: ObjectFacet;
  count: number;
  properties: Map<string, Watch>;
  /** Values of names that the contract does not know. */
  strangers: Map<string, Tally>;
  members: Watch | undefined;
  /** Keys of a map, where the contract says what they look like; undefined elsewhere. */
  keys: KeyWatch | undefined;
  /** How many names every recorded object had. */
  readonly required: number;
  /** Those of them that an object lacks, with the responses in which one does. */
  missing: Map<string, Missing>;
}

/** Keys of a map, and those of them that do not look like the recorded ones. */
export interface KeyWatch {
  readonly shape: Shape;
  /** Whether a key looks like the recorded ones. */
  readonly accepts: Matcher;
  count: number;
  odd: number;
  /** Bits of `KEY_KINDS` that all odd ones matched. */
  kinds: number;
}

interface Missing {
  responses: number;
  sample: number;
}

export function createWatch(shape: Shape, always = false): Watch {
  return {
    shape,
    always,
    count: 0,
    responses: 0,
    sample: -1,
    nulls: 0,
    nullIn: 0,
    nullSample: -1,
    booleans: 0,
    integers: 0,
    floats: 0,
    unsafe: 0,
    low: Number.POSITIVE_INFINITY,
    high: 0,
    logSum: 0,
    logs: 0,
    strings: 0,
    arrays: 0,
    emptyArrays: 0,
    objects: 0,
    accepts: undefined,
    odd: undefined,
    strange: undefined,
    items: undefined,
    learned: undefined,
    facets: [],
    variants: undefined,
  };
}

/** Counts one live value along the contract; integers that are not held exactly are bigints. `sample` is the number of the response it came in. */
export function watch(at: Watch, value: unknown, sample: number, depth = 0): void {
  at.count++;
  if (at.sample !== sample) {
    at.sample = sample;
    at.responses++;
  }
  switch (typeof value) {
    case "string":
      at.strings++;
      if (at.shape.strings.length === 0) stray(at, value, sample);
      else watchString(at, value, sample);
      return;
    case "number":
      watchNumber(at, value);
      if (at.shape.numbers.length === 0) stray(at, value, sample);
      return;
    case "bigint":
      at.unsafe++;
      watchNumber(at, Number(value));
      if (at.shape.numbers.length === 0) stray(at, value, sample);
      return;
    case "boolean":
      at.booleans++;
      if (at.shape.boolean === 0) stray(at, value, sample);
      return;
    case "object":
      if (value === null) watchNull(at, sample);
      else if (Array.isArray(value)) watchArray(at, value, sample, depth);
      else watchObject(at, value as Record<string, unknown>, sample, depth);
  }
}

function watchNull(at: Watch, sample: number): void {
  at.nulls++;
  if (at.nullSample === sample) return;
  at.nullSample = sample;
  at.nullIn++;
}

function stray(at: Watch, value: unknown, sample: number): void {
  at.strange ??= createTally();
  collect(at.strange, value, sample);
}

function watchString(at: Watch, value: string, sample: number): void {
  at.accepts ??= matcherOf(at.shape.strings);
  if (at.accepts(value)) return;
  at.odd ??= createTally();
  collect(at.odd, value, sample);
}

function watchNumber(at: Watch, value: number): void {
  if (Number.isInteger(value)) at.integers++;
  else at.floats++;
  const magnitude = value < 0 ? -value : value;
  if (magnitude === 0 || magnitude === Infinity) return;
  if (magnitude < at.low) at.low = magnitude;
  if (magnitude > at.high) at.high = magnitude;
  at.logs++;
  at.logSum += Math.log10(magnitude);
}

function watchArray(at: Watch, value: readonly unknown[], sample: number, depth: number): void {
  at.arrays++;
  if (value.length === 0) at.emptyArrays++;
  const facet = at.shape.arrays[0];
  if (facet === undefined) {
    stray(at, value, sample);
    return;
  }
  if (depth >= MAX_DEPTH) return;
  if (facet.items === ANY) {
    learnItems(at, value, sample);
    return;
  }
  at.items ??= createWatch(facet.items);
  // Items by position, which only a declared contract has, are not held against what follows them.
  for (let index = facet.prefix.length; index < value.length; index++)
    watch(at.items, value[index], sample, depth + 1);
}

/** Arrays that were always empty told nothing of their items; those that were declared to hold anything are left alone. */
function learnItems(at: Watch, value: readonly unknown[], sample: number): void {
  const { seen } = at.shape;
  if (value.length === 0 || seen === undefined || seen.emptyArrays < seen.array) return;
  at.learned ??= createTally();
  for (const item of value) collect(at.learned, item, sample);
}

function watchObject(at: Watch, value: Record<string, unknown>, sample: number, depth: number): void {
  at.objects++;
  const { objects } = at.shape;
  if (objects.length === 0) {
    stray(at, value, sample);
    return;
  }
  if (depth >= MAX_DEPTH) return;
  const index = objects.length === 1 ? 0 : alternativeOf(at.shape, value);
  const facet = index === undefined ? undefined : objects[index];
  if (index === undefined || facet === undefined) {
    strangeVariant(at, value, sample);
    return;
  }
  const target = at.facets[index] ?? createObjectWatch(facet);
  at.facets[index] = target;
  watchProperties(target, value, sample, depth);
}

function createObjectWatch(facet: ObjectFacet): ObjectWatch {
  let required = 0;
  for (const property of facet.properties.values()) if (property.required) required++;
  const known = isMap(facet) ? facet.keys : undefined;
  return {
    facet,
    count: 0,
    properties: new Map(),
    strangers: new Map(),
    members: undefined,
    keys: known && { shape: known, accepts: matcherOf(known.strings), count: 0, odd: 0, kinds: ANY_KIND },
    required,
    missing: new Map(),
  };
}

/** The alternative an object belongs to: by its tag, else the one that shares most names with it. */
function alternativeOf(shape: Shape, value: Record<string, unknown>): number | undefined {
  if (shape.tag !== undefined) {
    const own = value[shape.tag];
    const index = shape.objects.findIndex(({ variant }) => variant === own);
    return index < 0 ? undefined : index;
  }
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, { properties }] of shape.objects.entries()) {
    let score = 0;
    for (const [name, { required }] of properties) {
      if (Object.hasOwn(value, name)) score += 1;
      else if (required) score -= 2;
    }
    if (score > most) {
      most = score;
      best = index;
    }
  }
  return best;
}

function strangeVariant(at: Watch, value: Record<string, unknown>, sample: number): void {
  const own = at.shape.tag === undefined ? undefined : value[at.shape.tag];
  const name = typeof own === "string" ? own : "";
  at.variants ??= new Map();
  const tally = at.variants.get(name) ?? createTally();
  if (at.variants.size < MAX_STRANGERS) at.variants.set(name, tally);
  collect(tally, value, sample);
}

function watchProperties(
  at: ObjectWatch,
  value: Record<string, unknown>,
  sample: number,
  depth: number,
): void {
  at.count++;
  let expected = at.required;
  for (const key in value) {
    const known = at.properties.get(key) ?? knownProperty(at, key);
    if (known?.always) expected--;
    if (at.keys !== undefined && known === at.members) watchKey(at.keys, key);
    if (known !== undefined) watch(known, value[key], sample, depth + 1);
    else if (!isPrivateName(key)) strangeProperty(at, key, value[key], sample);
  }
  if (expected > 0) noteMissing(at, value, sample);
}

function noteMissing(at: ObjectWatch, value: Record<string, unknown>, sample: number): void {
  for (const [name, { required }] of at.facet.properties) {
    if (!required || Object.hasOwn(value, name)) continue;
    const missing = at.missing.get(name) ?? { responses: 0, sample: -1 };
    at.missing.set(name, missing);
    if (missing.sample === sample) continue;
    missing.sample = sample;
    missing.responses++;
  }
}

function watchKey(at: KeyWatch, key: string): void {
  at.count++;
  if (at.accepts(key)) return;
  at.odd++;
  at.kinds = matchKeys(key, at.kinds);
}

function knownProperty(at: ObjectWatch, key: string): Watch | undefined {
  const property = at.facet.properties.get(key);
  if (property !== undefined) {
    const created = createWatch(property.shape, property.required);
    at.properties.set(key, created);
    return created;
  }
  const pattern = at.facet.patterns.find((one) => matchesPattern(one.pattern, key));
  const rest = pattern?.shape ?? (at.facet.additional === ANY ? undefined : at.facet.additional);
  if (rest === undefined) return undefined;
  at.members ??= createWatch(rest);
  return at.members;
}

function strangeProperty(at: ObjectWatch, key: string, value: unknown, sample: number): void {
  const tally = at.strangers.get(key);
  if (tally !== undefined) collect(tally, value, sample);
  else if (at.strangers.size < MAX_STRANGERS) {
    const created = createTally();
    at.strangers.set(key, created);
    collect(created, value, sample);
  }
}
