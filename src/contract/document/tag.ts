import type { ObjectFacet } from "../shape.ts";

/** Where several properties could tell alternatives apart, the one that people would take. */
const USUAL = ["object", "type", "kind", "event", "event_type", "__typename", "@type", "resource_type"];

/** More values than this are no names of variants. */
const MAX_VALUES = 64;

/** The values of a property that every object of this alternative has and that is one of few strings. */
function valuesOf(facet: ObjectFacet, name: string): ReadonlySet<string> | undefined {
  const property = facet.properties.get(name);
  if (!property?.required) return undefined;
  const { shape } = property;
  const [strings] = shape.strings;
  const only = shape.strings.length === 1 && !shape.null && shape.boolean === 0;
  if (!only || shape.numbers.length + shape.arrays.length + shape.objects.length > 0) return undefined;
  if (!strings?.enum || strings.extensible || strings.enum.size > MAX_VALUES) return undefined;
  return strings.enum;
}

function variantsBy(objects: readonly ObjectFacet[], name: string): string[] | undefined {
  const taken = new Set<string>();
  const variants: string[] = [];
  for (const facet of objects) {
    const values = valuesOf(facet, name);
    if (!values) return undefined;
    for (const value of values) {
      if (taken.has(value)) return undefined;
      taken.add(value);
    }
    variants.push([...values].sort().join("|"));
  }
  return variants;
}

/** The required property whose values differ between all alternatives, and the values of each; `undefined` where there is none. */
export function tagOf(objects: readonly ObjectFacet[]): { tag: string; variants: string[] } | undefined {
  const [first] = objects;
  if (objects.length < 2 || !first) return undefined;
  const names = [...first.properties.keys()].filter((name) => valuesOf(first, name)).sort();
  const usual = USUAL.filter((name) => names.includes(name));
  for (const tag of [...usual, ...names]) {
    const variants = variantsBy(objects, tag);
    if (variants) return { tag, variants };
  }
  return undefined;
}
