import type { Json } from "../../../src/contract/shape.ts";

/** The way to a value: names of properties, and `*` for the items of an array. */
export type Way = readonly string[];
export const ITEM = "*";

/** What is true of the values at one way, over many answers. */
export interface Place {
  way: Way;
  /** The name of the property; `ITEM` for items. */
  name: string;
  /** Objects that could have had it, and answers that these came in. */
  parents: number;
  answers: number;
  present: number;
  nulls: number;
  kinds: Set<string>;
  texts: Set<string>;
  /** Least and greatest magnitude of its numbers. */
  least: number;
  greatest: number;
  /** Lies in a map, whose names are data, or is a name of one. */
  inMap: boolean;
}

export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function kindOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** `$.data[*].id`, as findings write it; `$.rates.*.used` below a map. */
export function pathOf(way: Way): string {
  return way.reduce<string>((path, step) => {
    if (step === ITEM) return `${path}[*]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `${path}.${step}` : `${path}['${step}']`;
  }, "$");
}

/** Every property of every object in the answers, with what is true of it. */
export function survey(answers: readonly Json[], maps: readonly string[]): Place[] {
  const places = new Map<string, Place>();
  const objects = new Map<string, { count: number; answers: Set<number> }>();
  const visit = (value: Json, way: Way, inMap: boolean, answer: number): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, [...way, ITEM], inMap, answer);
    if (!isObject(value)) return;
    const key = JSON.stringify(way);
    const seen = objects.get(key) ?? { count: 0, answers: new Set() };
    seen.count++;
    seen.answers.add(answer);
    objects.set(key, seen);
    const map = inMap || maps.includes(way.at(-1) ?? "");
    for (const [name, inner] of Object.entries(value)) {
      const own = [...way, name];
      const place = places.get(JSON.stringify(own)) ?? newPlace(own, map);
      places.set(JSON.stringify(own), place);
      note(place, inner);
      visit(inner, own, map, answer);
    }
  };
  for (const [index, answer] of answers.entries()) visit(answer, [], false, index);
  for (const place of places.values()) {
    const around = objects.get(JSON.stringify(place.way.slice(0, -1)));
    place.parents = around?.count ?? 0;
    place.answers = around?.answers.size ?? 0;
  }
  return [...places.values()];
}

function newPlace(way: Way, inMap: boolean): Place {
  return {
    way,
    name: way.at(-1) ?? "",
    parents: 0,
    answers: 0,
    present: 0,
    nulls: 0,
    kinds: new Set(),
    texts: new Set(),
    least: Number.POSITIVE_INFINITY,
    greatest: 0,
    inMap,
  };
}

function note(place: Place, value: Json): void {
  place.present++;
  if (value === null) place.nulls++;
  else place.kinds.add(kindOf(value));
  if (typeof value === "number") {
    place.least = Math.min(place.least, Math.abs(value));
    place.greatest = Math.max(place.greatest, Math.abs(value));
  }
  if (typeof value === "string" && place.texts.size < 200) place.texts.add(value);
}

/** Every object at the way, to be changed. */
export function objectsAt(answer: Json, way: Way): { [key: string]: Json }[] {
  const [step, ...rest] = way;
  if (step === undefined) return isObject(answer) ? [answer] : [];
  if (step === ITEM) return Array.isArray(answer) ? answer.flatMap((item) => objectsAt(item, rest)) : [];
  const inner = isObject(answer) ? answer[step] : undefined;
  return inner === undefined ? [] : objectsAt(inner, rest);
}
