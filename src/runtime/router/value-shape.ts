import {
  ANY,
  arrayFacet,
  numberFacet,
  objectFacet,
  type Property,
  type Shape,
  shapeOf,
  stringFacet,
} from "../../contract/shape.ts";

const MAX_DEPTH = 50;

/** Places of arrays, and whether an item was seen there. */
type Items = Map<string, boolean>;

function noteItems(value: unknown, place: string, items: Items, depth = 0): void {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    items.set(place, items.get(place) === true || value.length > 0);
    for (const item of value) noteItems(item, `${place}[]`, items, depth + 1);
    return;
  }
  for (const [name, below] of Object.entries(value)) noteItems(below, `${place}.${name}`, items, depth + 1);
}

/** The shape of exactly these values. Of lists that are empty on one side nothing is known, on either. */
function shapeOfValues(
  values: readonly unknown[],
  place: string,
  unknown: ReadonlySet<string>,
  depth = 0,
): Shape {
  if (depth > MAX_DEPTH) return ANY;
  const numbers = values.filter((value) => typeof value === "number");
  const lists = values.filter((value) => Array.isArray(value));
  const records = values.filter(isRecord);
  return shapeOf({
    null: values.includes(null),
    // Which of the two a flag has now is data, not shape.
    boolean: values.some((value) => typeof value === "boolean") ? 3 : 0,
    numbers: numbers.length > 0 ? [numberFacet({ integer: numbers.every(Number.isInteger) })] : [],
    strings: values.some((value) => typeof value === "string") ? [stringFacet()] : [],
    arrays: lists.length > 0 ? [arrayFacet({ items: itemsOf(lists, place, unknown, depth) })] : [],
    objects:
      records.length > 0 ? [objectFacet({ properties: propertiesOf(records, place, unknown, depth) })] : [],
  });
}

function itemsOf(
  lists: readonly unknown[][],
  place: string,
  unknown: ReadonlySet<string>,
  depth: number,
): Shape {
  if (unknown.has(place)) return ANY;
  return shapeOfValues(lists.flat(), `${place}[]`, unknown, depth + 1);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function propertiesOf(
  records: readonly Readonly<Record<string, unknown>>[],
  place: string,
  unknown: ReadonlySet<string>,
  depth: number,
): ReadonlyMap<string, Property> {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return new Map(
    [...names].map((name): [string, Property] => {
      const having = records.filter((record) => Object.hasOwn(record, name) && record[name] !== undefined);
      const shape = shapeOfValues(
        having.map((record) => record[name]),
        `${place}.${name}`,
        unknown,
        depth + 1,
      );
      return [name, { shape, required: having.length === records.length, note: undefined }];
    }),
  );
}

/** The shapes of two answers to the same question. */
export function shapesOf(one: unknown, other: unknown): [Shape, Shape] {
  const [ofOne, ofOther]: [Items, Items] = [new Map(), new Map()];
  noteItems(one, "$", ofOne);
  noteItems(other, "$", ofOther);
  const places = new Set([...ofOne.keys(), ...ofOther.keys()]);
  const unknown = new Set([...places].filter((place) => !ofOne.get(place) || !ofOther.get(place)));
  return [shapeOfValues([one], "$", unknown), shapeOfValues([other], "$", unknown)];
}
