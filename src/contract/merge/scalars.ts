import { MAX_VALUES } from "../infer/tally.ts";
import {
  type Bound,
  isPlainString,
  type NumberFacet,
  numberFacet,
  type StringFacet,
  stringFacet,
} from "../shape.ts";

/** Most formats that strings of one place are told apart by; with one more they are just strings. */
const MAX_FORMATS = 4;

/**
 * One facet for each format or pattern, and one for known values. Plain strings take in all others; so do too many formats or
 * values.
 */
export function mergeStrings(facets: readonly StringFacet[]): StringFacet[] {
  const byLook = new Map<string, StringFacet>();
  for (const facet of facets) {
    const look = lookOf(facet);
    const known = byLook.get(look);
    byLook.set(look, known === undefined ? facet : joinStrings(known, facet));
  }
  const merged = [...byLook].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, facet]) => facet);
  const values = merged.find((facet) => facet.enum !== undefined)?.enum?.size ?? 0;
  const plain = merged.some(isPlainString) || merged.length > MAX_FORMATS || values > MAX_VALUES;
  return plain ? [stringFacet()] : merged;
}

function lookOf(facet: StringFacet): string {
  if (facet.enum) return "";
  return JSON.stringify([facet.format ?? "", facet.patterns, facet.mediaType ?? "", facet.encoding ?? ""]);
}

function joinStrings(a: StringFacet, b: StringFacet): StringFacet {
  if (a.enum && b.enum) {
    const members = new Set([...a.enum, ...b.enum].sort());
    return stringFacet({ enum: members, extensible: a.extensible || b.extensible });
  }
  const open = a.maxLength === undefined || b.maxLength === undefined;
  return {
    ...a,
    minLength: Math.min(a.minLength, b.minLength),
    maxLength: open ? undefined : Math.max(a.maxLength ?? 0, b.maxLength ?? 0),
  };
}

/** One facet for all numbers: integers only where all are, the outer bounds. */
export function mergeNumbers(facets: readonly NumberFacet[]): NumberFacet[] {
  const [first, ...others] = facets;
  return first === undefined ? [] : [others.reduce(joinNumbers, first)];
}

function joinNumbers(a: NumberFacet, b: NumberFacet): NumberFacet {
  if (a.enum && b.enum) {
    const members = new Set([...a.enum, ...b.enum].sort((x, y) => x - y));
    return numberFacet({ integer: a.integer && b.integer, enum: members });
  }
  const one = asRange(a);
  const other = asRange(b);
  return numberFacet({
    integer: one.integer && other.integer,
    min: outer(one.min, other.min, -1),
    max: outer(one.max, other.max, 1),
    multipleOf: one.multipleOf === other.multipleOf ? one.multipleOf : undefined,
    format: one.format === other.format ? one.format : undefined,
  });
}

/** Known values among others are no more than their range. */
function asRange(facet: NumberFacet): NumberFacet {
  if (!facet.enum) return facet;
  const members = [...facet.enum];
  return numberFacet({
    integer: members.every(Number.isInteger),
    min: { value: Math.min(...members), exclusive: false },
    max: { value: Math.max(...members), exclusive: false },
  });
}

function outer(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.value === b.value) return a.exclusive ? b : a;
  return (a.value - b.value) * sign > 0 ? a : b;
}
