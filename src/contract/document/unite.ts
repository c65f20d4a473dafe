import {
  type ArrayFacet,
  type Constraint,
  isPlainNumber,
  isPlainString,
  type NumberFacet,
  numberFacet,
  type ObjectFacet,
  type Shape,
  type StringFacet,
  stringFacet,
} from "../shape.ts";
import { alternativesOf } from "./lazy-shape.ts";
import { tagOf } from "./tag.ts";

/** More alternatives than this are not compared with one another to find equal ones. */
const MAX_COMPARED = 64;

function uniteNumbers(facets: readonly NumberFacet[]): readonly NumberFacet[] {
  if (facets.length < 2) return facets;
  const plain = facets.find((facet) => isPlainNumber(facet));
  if (plain) return [plain];
  const values = new Set<number>();
  const rest: NumberFacet[] = [];
  for (const facet of facets) {
    if (facet.enum) for (const value of facet.enum) values.add(value);
    else rest.push(facet);
  }
  const open = distinct(rest, sameNumbers);
  return values.size === 0 ? open : [numberFacet({ enum: values }), ...open];
}

const sameNumbers = (a: NumberFacet, b: NumberFacet): boolean =>
  a.integer === b.integer &&
  a.format === b.format &&
  a.multipleOf === b.multipleOf &&
  a.min?.value === b.min?.value &&
  a.min?.exclusive === b.min?.exclusive &&
  a.max?.value === b.max?.value &&
  a.max?.exclusive === b.max?.exclusive;

/** Known values beside "any string" are the idiom for values that will be added. */
function uniteStrings(facets: readonly StringFacet[]): readonly StringFacet[] {
  if (facets.length < 2) return facets;
  const values = new Set<string>();
  let extensible = false;
  const rest: StringFacet[] = [];
  for (const facet of facets) {
    if (!facet.enum) {
      rest.push(facet);
      continue;
    }
    extensible ||= facet.extensible;
    for (const value of facet.enum) values.add(value);
  }
  const plain = rest.find((facet) => isPlainString(facet));
  if (values.size === 0) return plain ? [plain] : distinct(rest, sameStrings);
  if (plain) return [stringFacet({ enum: values, extensible: true })];
  return [stringFacet({ enum: values, extensible }), ...distinct(rest, sameStrings)];
}

const sameStrings = (a: StringFacet, b: StringFacet): boolean =>
  a.format === b.format &&
  a.minLength === b.minLength &&
  a.maxLength === b.maxLength &&
  a.mediaType === b.mediaType &&
  a.encoding === b.encoding &&
  a.patterns.join("\n") === b.patterns.join("\n");

const sameArrays = (a: ArrayFacet, b: ArrayFacet): boolean =>
  a === b ||
  (a.items === b.items &&
    a.prefix.length === 0 &&
    b.prefix.length === 0 &&
    a.minItems === b.minItems &&
    a.maxItems === b.maxItems &&
    a.unique === b.unique &&
    a.contains.length === 0 &&
    b.contains.length === 0);

function distinct<T>(facets: readonly T[], same: (a: T, b: T) => boolean): readonly T[] {
  if (facets.length > MAX_COMPARED) return facets;
  return facets.filter((facet, index) => facets.findIndex((other) => same(other, facet)) === index);
}

function uniteObjects(branches: readonly Shape[]): readonly ObjectFacet[] {
  const seen = new Set<ObjectFacet>();
  for (const branch of branches) {
    const { name } = branch;
    const objects = alternativesOf(branch);
    for (const facet of objects) {
      const named = facet.name ?? (objects.length === 1 ? name : undefined);
      seen.add(named === facet.name ? facet : { ...facet, name: named });
    }
  }
  return [...seen];
}

/** Beyond this two texts are taken for equal: texts of unions in unions would double at each level. */
const MAX_TEXT = 10_000;

const textOf = (constraints: readonly Constraint[]): string =>
  constraints
    .map(({ keyword, key, text }) => `${keyword} ${key} ${text}`)
    .join("\n")
    .slice(0, MAX_TEXT);

/** A union cannot say that a constraint holds for one alternative only: its text is kept, so that a change of it is noticed. */
function uniteConstraints(branches: readonly Shape[]): Constraint[] {
  return branches.flatMap(({ constraints, name }, index) =>
    constraints.length === 0
      ? []
      : [
          {
            keyword: "oneOf" as const,
            key: name ?? String(index),
            text: textOf(constraints),
            shape: undefined,
          },
        ],
  );
}

/** Makes `into` the union of filled shapes: what one of them accepts. Equal facets become one, objects stay apart. */
export function uniteInto(into: Shape, branches: readonly Shape[]): void {
  into.null = branches.some((branch) => branch.null);
  for (const { boolean } of branches) into.boolean = asBits(into.boolean | boolean);
  into.numbers = uniteNumbers(branches.flatMap(({ numbers }) => numbers));
  into.strings = uniteStrings(branches.flatMap(({ strings }) => strings));
  into.arrays = distinct(
    branches.flatMap(({ arrays }) => arrays),
    sameArrays,
  );
  into.objects = uniteObjects(branches);
  into.constraints = uniteConstraints(branches);
  into.opaque = branches.flatMap(({ opaque }) => opaque);
}

/** Only the lowest two bits mean something. */
export function asBits(bits: number): Shape["boolean"] {
  return bits === 3 ? 3 : bits === 2 ? 2 : bits === 1 ? 1 : 0;
}

/** Finds the property that tells the objects of a filled shape apart, and writes its values to them. */
export function retag(shape: Shape): void {
  const found = tagOf(shape.objects);
  shape.tag = found?.tag;
  if (found)
    shape.objects = shape.objects.map((facet, index) => ({ ...facet, variant: found.variants[index] }));
  else if (shape.objects.some(({ variant }) => variant !== undefined))
    shape.objects = shape.objects.map((facet) => ({ ...facet, variant: undefined }));
}
