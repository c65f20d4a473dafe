import type { Merge } from "../merge.ts";
import { ANY, isMap, type ObjectFacet, objectFacet, type Property, type Shape } from "../shape.ts";

/** Alternatives of one tag by its value; all in one where the sides have no tag in common. */
export function mergeObjects(
  a: Shape,
  b: Shape,
  both: Merge,
): { tag: string | undefined; objects: ObjectFacet[] } {
  if (a.objects.length === 0) return { tag: b.tag, objects: [...b.objects] };
  if (b.objects.length === 0) return { tag: a.tag, objects: [...a.objects] };
  const join = (one: ObjectFacet, other: ObjectFacet) => joinObjects(one, other, both);
  const facets = [...a.objects, ...b.objects];
  if (a.tag === undefined || a.tag !== b.tag) {
    const [first, ...others] = facets.map((facet) => ({ ...facet, variant: undefined }));
    return { tag: undefined, objects: first === undefined ? [] : [others.reduce(join, first)] };
  }
  const byVariant = new Map<string, ObjectFacet>();
  for (const facet of facets) {
    const known = byVariant.get(facet.variant ?? "");
    byVariant.set(facet.variant ?? "", known === undefined ? facet : join(known, facet));
  }
  const sorted = [...byVariant].sort(([x], [y]) => (x < y ? -1 : 1));
  return { tag: a.tag, objects: sorted.map(([, facet]) => facet) };
}

function joinObjects(a: ObjectFacet, b: ObjectFacet, both: Merge): ObjectFacet {
  const count = a.count === undefined && b.count === undefined ? undefined : (a.count ?? 0) + (b.count ?? 0);
  const base = {
    variant: a.variant,
    name: a.name === b.name ? a.name : undefined,
    count,
    keys: a.keys && b.keys ? both(a.keys, b.keys) : undefined,
    minProperties: Math.min(a.minProperties, b.minProperties),
    maxProperties:
      a.maxProperties === undefined || b.maxProperties === undefined
        ? undefined
        : Math.max(a.maxProperties, b.maxProperties),
  };
  if (isMap(a) || isMap(b)) return objectFacet({ ...base, additional: mergeMaps(a, b, both) });
  return objectFacet({
    ...base,
    properties: mergeProperties(a, b, both),
    patterns: a.patterns.flatMap(({ pattern, shape }) => {
      const other = b.patterns.find((one) => one.pattern === pattern);
      return other ? [{ pattern, shape: both(shape, other.shape) }] : [];
    }),
    additional: both(a.additional, b.additional),
  });
}

/** A record beside a map is a map: its values are those of all its properties. */
function mergeMaps(a: ObjectFacet, b: ObjectFacet, both: Merge): Shape {
  const values = [a, b].flatMap((facet) => [
    ...(isMap(facet) ? [facet.additional] : []),
    ...[...facet.properties.values()].map(({ shape }) => shape),
  ]);
  const [first = ANY, ...others] = values;
  return others.reduce((one, other) => both(one, other), first);
}

function mergeProperties(a: ObjectFacet, b: ObjectFacet, both: Merge): Map<string, Property> {
  const merged = new Map<string, Property>();
  for (const name of new Set([...a.properties.keys(), ...b.properties.keys()])) {
    const one = a.properties.get(name);
    const other = b.properties.get(name);
    if (one && other) {
      const note = JSON.stringify(one.note) === JSON.stringify(other.note) ? one.note : undefined;
      merged.set(name, {
        shape: both(one.shape, other.shape),
        required: one.required && other.required,
        note,
      });
    } else {
      const only = one ?? other;
      if (only) merged.set(name, { ...only, required: false });
    }
  }
  return merged;
}
