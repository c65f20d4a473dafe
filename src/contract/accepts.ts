import { numberFits, regex, stringFits } from "./document/intersect-scalars.ts";
import { isObject, type JsonObject } from "./document/json.ts";
import {
  ANY,
  type ArrayFacet,
  type NumberFacet,
  type ObjectFacet,
  type Shape,
  type StringFacet,
} from "./shape.ts";

/** Deeper values are taken for accepted. */
const MAX_DEPTH = 1000;

/**
 * Whether a value belongs to a shape, as far as the shape can tell: formats are names, constraints known by their text only and
 * what is opaque accept everything.
 */
export function accepts(shape: Shape, value: unknown, depth = 0): boolean {
  if (shape === ANY || depth > MAX_DEPTH) return true;
  return acceptedByFacets(shape, value, depth) && constraintsHold(shape, value, depth);
}

function acceptedByFacets(shape: Shape, value: unknown, depth: number): boolean {
  if (value === null) return shape.null;
  if (typeof value === "boolean") return (shape.boolean & (value ? 1 : 2)) !== 0;
  if (typeof value === "number") return shape.numbers.some((facet) => acceptsNumber(facet, value));
  if (typeof value === "string") return shape.strings.some((facet) => acceptsString(facet, value));
  if (Array.isArray(value)) return shape.arrays.some((facet) => acceptsArray(facet, value, depth));
  return isObject(value) && shape.objects.some((facet) => acceptsObject(facet, value, depth));
}

const acceptsNumber = (facet: NumberFacet, value: number): boolean =>
  facet.enum ? facet.enum.has(value) : numberFits(facet, value);

function acceptsString(facet: StringFacet, value: string): boolean {
  return facet.enum && !facet.extensible ? facet.enum.has(value) : stringFits(facet, value);
}

function acceptsArray(facet: ArrayFacet, value: readonly unknown[], depth: number): boolean {
  if (value.length < facet.minItems || (facet.maxItems !== undefined && value.length > facet.maxItems))
    return false;
  if (!value.every((item, index) => accepts(facet.prefix[index] ?? facet.items, item, depth + 1)))
    return false;
  if (facet.unique && !areDistinct(value)) return false;
  return facet.contains.every(({ shape, min, max }) => {
    const count = value.filter((item) => accepts(shape, item, depth + 1)).length;
    return count >= min && (max === undefined || count <= max);
  });
}

/** Equal as JSON: the order of keys does not count. */
function areDistinct(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => jsonText(value))).size === values.length;
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

function acceptsObject(facet: ObjectFacet, value: JsonObject, depth: number): boolean {
  const names = Object.keys(value);
  if (names.length < facet.minProperties) return false;
  if (facet.maxProperties !== undefined && names.length > facet.maxProperties) return false;
  for (const [name, { required }] of facet.properties)
    if (required && !Object.hasOwn(value, name)) return false;
  for (const [name, needed] of facet.dependentRequired)
    if (Object.hasOwn(value, name) && !needed.every((other) => Object.hasOwn(value, other))) return false;
  return names.every((name) => acceptsMember(facet, name, value[name], depth));
}

function acceptsMember(facet: ObjectFacet, name: string, value: unknown, depth: number): boolean {
  if (facet.keys && !accepts(facet.keys, name, depth + 1)) return false;
  const named = facet.properties.get(name);
  if (named && !accepts(named.shape, value, depth + 1)) return false;
  const matching = facet.patterns.filter(({ pattern }) => regex(pattern)?.test(name) ?? false);
  if (!named && matching.length === 0) return accepts(facet.additional, value, depth + 1);
  return matching.every(({ shape }) => accepts(shape, value, depth + 1));
}

function constraintsHold(shape: Shape, value: unknown, depth: number): boolean {
  return shape.constraints.every((constraint) => {
    if (!constraint.shape) return true;
    if (constraint.keyword === "not") return !accepts(constraint.shape, value, depth + 1);
    if (constraint.keyword === "dependentSchemas") {
      return (
        !(isObject(value) && Object.hasOwn(value, constraint.key)) ||
        accepts(constraint.shape, value, depth + 1)
      );
    }
    if (constraint.keyword !== "if") return true;
    const branch = accepts(constraint.shape, value, depth + 1) ? "then" : "else";
    const chosen = shape.constraints.find(({ keyword, key }) => keyword === branch && key === constraint.key);
    return !chosen?.shape || accepts(chosen.shape, value, depth + 1);
  });
}
