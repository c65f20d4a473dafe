import { isAny, isMap, type Json, type Shape } from "../../contract/shape.ts";
import { sentProperties } from "./body-types.ts";
import { sampleOf } from "./sample.ts";

/** A ring of required properties: no finite body is of this form. */
const ENDLESS = Symbol("endless");

function sample(shape: Shape, within: ReadonlySet<Shape>): Json | typeof ENDLESS {
  if (within.has(shape)) return shape.arrays.length > 0 ? [] : ENDLESS;
  const [object] = shape.objects;
  const [list] = shape.arrays;
  const inner = new Set([...within, shape]);
  if (isAny(shape)) return {};
  if (object) {
    if (isMap(object)) return {};
    const required = sentProperties(object).filter(([, property]) => property.required);
    const entries: [string, Json][] = [];
    for (const [key, property] of required) {
      const value = sample(property.shape, inner);
      if (value === ENDLESS) return ENDLESS;
      entries.push([key, value]);
    }
    return Object.fromEntries(entries);
  }
  if (!list) return sampleOf(shape);
  const item = list.minItems === 0 ? ENDLESS : sample(list.items, inner);
  return item === ENDLESS ? [] : Array.from({ length: Math.min(list.minItems, 3) }, () => item);
}

/** The smallest body that its type accepts; `undefined` where there is none. */
export function bodySample(shape: Shape): Json | undefined {
  const made = sample(shape, new Set());
  return made === ENDLESS ? undefined : made;
}
