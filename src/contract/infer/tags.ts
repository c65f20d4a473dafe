import { isToken } from "./tokens.ts";

/**
 * Properties that commonly tell the members of a union apart, in order of preference. The data decides whether they do. Objects
 * are counted apart by them from the start, so that each member is known in full; other tags are found by `kinds.ts`.
 */
const TAGS = [
  "__typename",
  "@type",
  "object",
  "type",
  "kind",
  "event",
  "event_type",
  "eventType",
  "_type",
  "resource_type",
  "resourceType",
  "object_type",
  "objectType",
  "entity_type",
  "entityType",
  "record_type",
  "recordType",
  "class",
  "variant",
  "category",
  "action",
  "method",
  "mode",
  "scheme",
] as const;

const RANK: ReadonlyMap<string, number> = new Map(TAGS.map((tag, rank) => [tag, rank]));

/** First characters and lengths of the tags: most names are turned away by these without hashing. */
const FIRST = new Set(TAGS.map((tag) => tag.charCodeAt(0)));
const LENGTHS = new Set<number>(TAGS.map((tag) => tag.length));
const gate = new Uint8Array(128);
for (const code of FIRST) gate[code] = 1;
const lengthGate = new Uint8Array(32);
for (const length of LENGTHS) lengthGate[length] = 1;

/** A tag's value is written into the contract: it must be a word, never an id. */
const TAG_VALUE = /^[A-Za-z][A-Za-z0-9_.:/-]{0,39}$/;

/** Whether a value can tell kinds of objects apart, and may be written into a contract. */
export function isTagValue(value: unknown): value is string {
  return typeof value === "string" && value.length <= 40 && TAG_VALUE.test(value) && isToken(value);
}

/** Whether a property of this name is looked at as a tag. */
export function isTagName(key: string): boolean {
  return lengthGate[key.length] === 1 && gate[key.charCodeAt(0)] === 1 && RANK.has(key);
}

export interface Tagged {
  tag: string;
  value: string;
}

/** Positions of the two most telling tags among an object's names; -1 where there is none. */
export interface TagPlaces {
  readonly first: number;
  readonly second: number;
}

export function tagPlaces(keys: readonly string[]): TagPlaces {
  let first = -1;
  let second = -1;
  // By index: this is done for every object, and mostly before it is compiled well.
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? "";
    if (!isTagName(key)) continue;
    if (first < 0 || rank(key) < rank(keys[first] ?? "")) {
      second = first;
      first = at;
    } else if (second < 0 || rank(key) < rank(keys[second] ?? "")) second = at;
  }
  return { first, second };
}

/** Values of an object by the position of their names. */
export interface ValuesAt {
  at(index: number): unknown;
}

/**
 * The group an object belongs to: the values of its two most telling tags, as text that `readGroup` takes apart. Depends on the
 * object alone, never on what came before, so that tallies can be combined in any order.
 */
export function groupOf(keys: readonly string[], values: ValuesAt): string {
  return groupOfTags(keys, tagPlaces(keys), values);
}

/** The same, where it is known already which names are tags. */
export function groupOfTags(keys: readonly string[], { first, second }: TagPlaces, values: ValuesAt): string {
  if (first < 0) return "";
  const one = part(keys[first] ?? "", values.at(first));
  return second < 0 ? one : join(one, part(keys[second] ?? "", values.at(second)));
}

const rank = (key: string): number => RANK.get(key) ?? TAGS.length;

/** Groups by tag and value, so that the same text is not judged and hashed for every object anew. */
const parts = new Map<string, Map<string, string>>();
const joined = new Map<string, Map<string, string>>();
const MAX_REMEMBERED = 1000;

function part(tag: string, value: unknown): string {
  if (typeof value !== "string" || value.length > 40) return "";
  return remembered(parts, tag, value, () => (isTagValue(value) ? `${tag}=${value}` : ""));
}

function join(one: string, two: string): string {
  if (one === "" || two === "") return one || two;
  return remembered(joined, one, two, () => `${one}&${two}`);
}

function remembered(
  memory: Map<string, Map<string, string>>,
  first: string,
  second: string,
  make: () => string,
): string {
  let inner = memory.get(first);
  if (inner === undefined) {
    if (memory.size >= MAX_REMEMBERED) memory.clear();
    inner = new Map();
    memory.set(first, inner);
  }
  const known = inner.get(second);
  if (known !== undefined) return known;
  if (inner.size >= MAX_REMEMBERED) inner.clear();
  const made = make();
  inner.set(second, made);
  return made;
}

export function readGroup(group: string): Tagged[] {
  if (group === "") return [];
  return group.split("&").map((text) => {
    const at = text.indexOf("=");
    return { tag: text.slice(0, at), value: text.slice(at + 1) };
  });
}
