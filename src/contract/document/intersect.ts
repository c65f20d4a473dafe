import {
  ANY,
  type ArrayFacet,
  arrayFacet,
  type Constraint,
  NEVER,
  type ObjectFacet,
  objectFacet,
  type PatternProperty,
  type Property,
  type Shape,
} from "../shape.ts";
import { meetNumbers, meetStrings, regex } from "./intersect-scalars.ts";
import { alternativesOf } from "./lazy-shape.ts";
import { asBits } from "./unite.ts";

/** Two unions of alternatives multiply; beyond this they are not multiplied out. */
const MAX_ALTERNATIVES = 512;

/** Gives the node of the intersection of nodes; filled later. */
export type Meet = (...shapes: readonly Shape[]) => Shape;

export interface Intersecting {
  meet: Meet;
  /**
   * `additionalProperties` of one member does not touch what another member names. Not what JSON Schema says, but what
   * authors of OpenAPI documents mean: read by the letter, a base with `additionalProperties: string` leaves its children
   * without a possible value.
   */
  lenient: boolean;
}

function cross<T>(a: readonly T[], b: readonly T[], meet: (a: T, b: T) => T | undefined): T[] {
  return a.flatMap((left) => b.map((right) => meet(left, right)).filter((facet) => facet !== undefined));
}

function meetArrays(a: ArrayFacet, b: ArrayFacet, meet: Meet): ArrayFacet | undefined {
  const minItems = Math.max(a.minItems, b.minItems);
  const bounds = [a.maxItems, b.maxItems].filter((bound) => bound !== undefined);
  const maxItems = bounds.length === 0 ? undefined : Math.min(...bounds);
  if (maxItems !== undefined && minItems > maxItems) return undefined;
  const length = Math.max(a.prefix.length, b.prefix.length);
  const prefix = Array.from({ length }, (_, index) =>
    meet(a.prefix[index] ?? a.items, b.prefix[index] ?? b.items),
  );
  return arrayFacet({
    items: meet(a.items, b.items),
    prefix,
    minItems,
    maxItems,
    unique: a.unique || b.unique,
    contains: [...a.contains, ...b.contains],
  });
}

/** What a facet says of a key that the other one names. Its own patterns stay patterns of the intersection. */
function restOf(facet: ObjectFacet, name: string, lenient: boolean): Shape {
  if (lenient) return ANY;
  const matches = facet.patterns.some(({ pattern }) => regex(pattern)?.test(name) ?? false);
  return matches ? ANY : facet.additional;
}

function meetProperties(
  a: ObjectFacet,
  b: ObjectFacet,
  { meet, lenient }: Intersecting,
): Map<string, Property> {
  const properties = new Map<string, Property>();
  for (const [name, left] of a.properties) {
    const right = b.properties.get(name);
    properties.set(name, {
      shape: meet(left.shape, right?.shape ?? restOf(b, name, lenient)),
      required: left.required || (right?.required ?? false),
      note: left.note && right?.note ? { ...left.note, ...right.note } : (left.note ?? right?.note),
    });
  }
  for (const [name, right] of b.properties) {
    if (a.properties.has(name)) continue;
    properties.set(name, { ...right, shape: meet(restOf(a, name, lenient), right.shape) });
  }
  return properties;
}

/** Patterns of one side restrict keys that the other side treats as its rest. Exact unless both sides have patterns that overlap. */
function meetPatterns(a: ObjectFacet, b: ObjectFacet, meet: Meet): PatternProperty[] {
  const others = (from: ObjectFacet, to: ObjectFacet) =>
    from.patterns.map(({ pattern, shape }) => {
      const same = to.patterns.find((other) => other.pattern === pattern);
      const rest = to.patterns.length === 0 ? to.additional : ANY;
      return { pattern, shape: meet(shape, same?.shape ?? rest) };
    });
  const left = others(a, b);
  const right = others(b, a).filter(({ pattern }) => !a.patterns.some((other) => other.pattern === pattern));
  return [...left, ...right];
}

function meetDependencies(a: ObjectFacet, b: ObjectFacet): ReadonlyMap<string, readonly string[]> {
  if (b.dependentRequired.size === 0) return a.dependentRequired;
  const all = new Map(a.dependentRequired);
  for (const [name, needed] of b.dependentRequired)
    all.set(name, [...new Set([...(all.get(name) ?? []), ...needed])].sort());
  return all;
}

function meetObjects(a: ObjectFacet, b: ObjectFacet, tools: Intersecting): ObjectFacet | undefined {
  const { meet } = tools;
  const bounds = [a.maxProperties, b.maxProperties].filter((bound) => bound !== undefined);
  const properties = meetProperties(a, b, tools);
  for (const { required, shape } of properties.values()) if (required && shape === NEVER) return undefined;
  return objectFacet({
    properties,
    patterns: meetPatterns(a, b, meet),
    additional: meet(a.additional, b.additional),
    keys: a.keys && b.keys ? meet(a.keys, b.keys) : (a.keys ?? b.keys),
    minProperties: Math.max(a.minProperties, b.minProperties),
    maxProperties: bounds.length === 0 ? undefined : Math.min(...bounds),
    dependentRequired: meetDependencies(a, b),
    variant: a.variant ?? b.variant,
    name: a.name ?? b.name,
  });
}

/** `if`, `then` and `else` belong together. */
const isConditional = ({ keyword }: Constraint): boolean =>
  keyword === "if" || keyword === "then" || keyword === "else";

/** Constraints of one keyword and key from two members are two constraints: the later ones are renumbered, conditions as one. */
function meetConstraints(a: readonly Constraint[], b: readonly Constraint[]): readonly Constraint[] {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const all = [...a];
  const renamed = new Map<string, string>();
  for (const constraint of b) {
    const conditional = isConditional(constraint);
    const rivals = a.filter((other) =>
      conditional ? isConditional(other) : other.keyword === constraint.keyword,
    );
    if (!conditional && rivals.some(({ text }) => text === constraint.text)) continue;
    const group = `${conditional ? "if" : constraint.keyword} ${constraint.key}`;
    const key = renamed.get(group) ?? freeKey(constraint.key, rivals);
    renamed.set(group, key);
    all.push({ ...constraint, key });
  }
  return all;
}

function freeKey(wanted: string, rivals: readonly Constraint[]): string {
  const taken = new Set(rivals.map(({ key }) => key));
  let key = wanted;
  for (let next = 1; taken.has(key); next++) key = `${wanted}.${next}`;
  return key;
}

/** Keys that match patterns of both sides, and a rest that restricts: what holds for them is not worked out. */
function clash(a: ObjectFacet, b: ObjectFacet): boolean {
  if (a.patterns.length === 0 || b.patterns.length === 0) return false;
  const closed = (facet: ObjectFacet, other: ObjectFacet) =>
    facet.additional !== ANY &&
    other.patterns.some(({ pattern }) => !facet.patterns.some((known) => known.pattern === pattern));
  return closed(a, b) || closed(b, a);
}

/** Makes `into` the intersection of what it is with a filled shape. */
export function intersectInto(into: Shape, other: Shape, tools: Intersecting): void {
  const theirs = alternativesOf(other);
  into.opaque = [...into.opaque, ...other.opaque];
  into.constraints = meetConstraints(into.constraints, other.constraints);
  const most = Math.max(into.objects.length * theirs.length, into.arrays.length * other.arrays.length);
  if (most > MAX_ALTERNATIVES) {
    const reason = "its alternatives are too many to be combined";
    into.opaque = [...into.opaque, { keyword: "allOf", reason, text: other.source?.pointer ?? "" }];
    return;
  }
  if (into.objects.some((a) => theirs.some((b) => clash(a, b)))) {
    const reason = "patternProperties of several members restrict the same keys";
    into.opaque = [
      ...into.opaque,
      { keyword: "patternProperties", reason, text: other.source?.pointer ?? "" },
    ];
  }
  into.null &&= other.null;
  into.boolean = asBits(into.boolean & other.boolean);
  into.numbers = cross(into.numbers, other.numbers, meetNumbers);
  into.strings = cross(into.strings, other.strings, meetStrings);
  into.arrays = cross(into.arrays, other.arrays, (a, b) => meetArrays(a, b, tools.meet));
  const objects = cross(into.objects, theirs, (a, b) => meetObjects(a, b, tools));
  into.tag = objects.length > 1 ? (into.tag ?? other.tag) : undefined;
  into.objects = objects;
}
