import fc from "fast-check";
import {
  ANY,
  arrayFacet,
  type Json,
  NEVER,
  numberFacet,
  type ObjectFacet,
  objectFacet,
  type Property,
  type Shape,
  type StringFacet,
  shapeOf,
  stringFacet,
} from "../../src/contract/shape.ts";

/** Names that meet often, and some that trip up careless code. */
const NAMES = ["id", "name", "type", "data", "__proto__", "constructor", "a b"];
const WORDS = ["card", "bank", "open", "closed", ""];

const anyOf = fc.constant(ANY);

const strings: fc.Arbitrary<StringFacet> = fc.oneof(
  fc.constant(stringFacet()),
  fc
    .uniqueArray(fc.constantFrom(...WORDS), { minLength: 1 })
    .map((words) => stringFacet({ enum: new Set(words) })),
  fc.constantFrom("^a", "b$", "^[a-z]+$").map((pattern) => stringFacet({ patterns: [pattern] })),
  fc
    .tuple(fc.nat(2), fc.option(fc.integer({ min: 2, max: 5 }), { nil: undefined }))
    .map(([minLength, maxLength]) => stringFacet({ minLength, maxLength })),
);

const bound = fc.option(fc.record({ value: fc.integer({ min: -3, max: 3 }), exclusive: fc.boolean() }), {
  nil: undefined,
});

const numbers = fc.oneof(
  fc.record({ integer: fc.boolean(), min: bound, max: bound }).map(numberFacet),
  fc
    .uniqueArray(fc.integer({ min: -3, max: 3 }), { minLength: 1 })
    .map((values) => numberFacet({ integer: true, enum: new Set(values) })),
  fc.constantFrom(2, 3, 6).map((multipleOf) => numberFacet({ integer: true, multipleOf })),
);

const boolean: fc.Arbitrary<Shape["boolean"]> = fc.constantFrom<Shape["boolean"]>(0, 0, 1, 2, 3, 3);

function objects(shape: fc.Arbitrary<Shape>): fc.Arbitrary<ObjectFacet> {
  const property: fc.Arbitrary<Property> = fc.record({
    shape,
    required: fc.boolean(),
    note: fc.constant(undefined),
  });
  return fc
    .record({
      properties: fc
        .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), property), {
          selector: ([name]) => name,
          maxLength: 4,
        })
        .map((entries) => new Map(entries)),
      additional: fc.oneof(anyOf, anyOf, fc.constant(NEVER), shape),
    })
    .map(objectFacet);
}

/** Declared shapes: several facets, open and closed objects, constraints of values; three levels deep, no cycles. */
export const shape: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc
      .record({ null: fc.boolean(), boolean, numbers: some(numbers, 1), strings: some(strings, 2) })
      .map(shapeOf),
    { arbitrary: anyOf, weight: 1 },
    {
      arbitrary: fc
        .record({
          null: fc.boolean(),
          arrays: some(
            fc
              .record({ items: tie("shape"), minItems: fc.nat(1), unique: fc.constant(false) })
              .map(arrayFacet),
            1,
          ),
          strings: some(strings, 1),
          objects: some(objects(tie("shape")), 2),
        })
        .map(shapeOf),
      weight: 4,
    },
  ),
})).shape;

function some<T>(one: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> {
  return fc.array(one, { maxLength: most });
}

/** Values that shapes of this file tell apart. */
export const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.constantFrom<Json>(null, true, false, "ab", "xb", 0.5),
    fc.constantFrom<Json>(...WORDS),
    fc.integer({ min: -4, max: 8 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...NAMES, "zz"), tie("value")), {
        selector: ([name]) => name,
        maxLength: 4,
      })
      .map((entries): Json => Object.fromEntries(entries)),
  ),
})).value;

/** A value of a shape, as far as one can be made; undefined where none is found. `pick` chooses among what is possible. */
export function valueOfShape(of: Shape, pick: (n: number) => number, depth = 0): Json | undefined {
  if (of === ANY) return [null, true, 1.5, "any", [], {}, { zz: 1 }][pick(7)];
  const makers: (() => Json | undefined)[] = [];
  if (of.null) makers.push(() => null);
  if ((of.boolean & 1) !== 0) makers.push(() => true);
  if ((of.boolean & 2) !== 0) makers.push(() => false);
  for (const facet of of.numbers) {
    const options = facet.enum ? [...facet.enum] : [0, 1, 2, 3, -1, -2, -3, 6, -6, 100, 0.5, -2.5];
    makers.push(() => options[pick(options.length)]);
  }
  for (const facet of of.strings) {
    const options = facet.enum ? [...facet.enum] : ["", "a", "b", "ab", "abcdef", "B1", "card"];
    makers.push(() => options[pick(options.length)]);
  }
  for (const facet of of.arrays) makers.push(() => arrayOf(facet, pick, depth));
  for (const facet of of.objects) makers.push(() => objectOf(facet, pick, depth));
  return makers.length === 0 ? undefined : makers[pick(makers.length)]?.();
}

function arrayOf(
  facet: { items: Shape; minItems: number },
  pick: (n: number) => number,
  depth: number,
): Json | undefined {
  const items: Json[] = [];
  const length = facet.minItems + (depth < 3 ? pick(3) : 0);
  for (let index = 0; index < length; index++) {
    const item = valueOfShape(facet.items, pick, depth + 1);
    if (item === undefined) return index < facet.minItems ? undefined : items;
    items.push(item);
  }
  return items;
}

function objectOf(facet: ObjectFacet, pick: (n: number) => number, depth: number): Json | undefined {
  const entries: [string, Json][] = [];
  for (const [name, { shape: inner, required }] of facet.properties) {
    if (!required && (depth > 3 || pick(2) === 0)) continue;
    const made = valueOfShape(inner, pick, depth + 1);
    if (made !== undefined) entries.push([name, made]);
    else if (required) return undefined;
  }
  for (const name of ["zz", "id", "name"]) {
    if (facet.properties.has(name) || pick(4) > 0) continue;
    const made = valueOfShape(facet.additional, pick, depth + 1);
    if (made !== undefined) entries.push([name, made]);
  }
  return Object.fromEntries(entries);
}
