import { isAny, isMap, type Json, type ObjectFacet, type Shape } from "../../contract/shape.ts";
import { isInherited } from "./names.ts";

/** A value that the shape accepts, as small as it can be: required properties only, empty lists, the first of an enum. */
export function sampleOf(shape: Shape, within: ReadonlySet<Shape> = new Set()): Json {
  if (isAny(shape)) return {};
  // In a ring of required properties there is no finite value; null says so where nothing else can.
  if (within.has(shape)) return shape.arrays.length > 0 ? [] : null;
  const inner = new Set([...within, shape]);
  const [object] = shape.objects;
  const [text] = shape.strings;
  const [number] = shape.numbers;
  if (object) return sampleObject(object, inner);
  if (shape.arrays.length > 0) return [];
  if (text) return text.enum?.values().next().value ?? "text";
  if (number) return number.enum?.values().next().value ?? Math.max(1, Math.ceil(number.min?.value ?? 1));
  if (shape.boolean !== 0) return shape.boolean !== 2;
  return null;
}

function sampleObject(object: ObjectFacet, within: ReadonlySet<Shape>): Json {
  if (isMap(object)) return {};
  const required = [...object.properties].filter(([key, property]) => property.required && !isInherited(key));
  return Object.fromEntries(required.map(([key, { shape }]) => [key, sampleOf(shape, within)]));
}
