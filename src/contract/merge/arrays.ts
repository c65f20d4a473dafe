import type { Merge } from "../merge.ts";
import { ANY, type ArrayFacet, arrayFacet, type Shape } from "../shape.ts";

/** One facet for all arrays. Arrays that were always empty tell nothing of their items. */
export function mergeArrays(a: Shape, b: Shape, both: Merge): ArrayFacet[] {
  const facets = [...known(a), ...known(b)];
  const [first, ...others] = facets;
  if (first !== undefined) return [others.reduce((one, other) => joinArrays(one, other, both), first)];
  return a.arrays.length > 0 ? [...a.arrays] : [...b.arrays];
}

/** The facets that say something: not those that only empty arrays were seen of. */
function known({ arrays, seen }: Shape): readonly ArrayFacet[] {
  const empty = seen !== undefined && seen.array > 0 && seen.emptyArrays === seen.array;
  return empty ? arrays.filter(({ items }) => items !== ANY) : arrays;
}

function joinArrays(a: ArrayFacet, b: ArrayFacet, both: Merge): ArrayFacet {
  const open = a.maxItems === undefined || b.maxItems === undefined;
  const tuple = a.prefix.length === b.prefix.length;
  const all = (facet: ArrayFacet) => facet.prefix.reduce((sum, item) => both(sum, item), facet.items);
  return arrayFacet({
    items: tuple ? both(a.items, b.items) : both(all(a), all(b)),
    prefix: tuple ? a.prefix.map((item, index) => both(item, b.prefix[index] ?? item)) : [],
    minItems: Math.min(a.minItems, b.minItems),
    maxItems: open ? undefined : Math.max(a.maxItems ?? 0, b.maxItems ?? 0),
    unique: a.unique && b.unique,
  });
}
