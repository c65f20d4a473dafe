import {
  ANY,
  arrayFacet,
  createShape,
  numberFacet,
  type ObjectFacet,
  objectFacet,
  type Property,
  type Seen,
  type Shape,
  stringFacet,
} from "../shape.ts";
import { becomeMap } from "./combine.ts";
import { groupObjects, isMapLike } from "./finish-objects.ts";
import { finishStrings } from "./finish-strings.ts";
import { bestKeyKind } from "./keys.ts";
import type { ObjectTally, Tally } from "./tally.ts";

function seenOf(tally: Tally, responses: number): Seen {
  const has = tally.logs > 0;
  return {
    count: tally.count,
    responses,
    null: tally.nulls,
    boolean: tally.trues + tally.falses,
    integer: tally.integers,
    float: tally.floats,
    string: tally.strings?.count ?? 0,
    array: tally.arrays,
    object: tally.objects,
    emptyArrays: tally.emptyArrays,
    low: has ? Math.floor(Math.log10(tally.low) + 1e-9) : 0,
    high: has ? Math.ceil(Math.log10(tally.high) - 1e-9) : -1,
    logSum: tally.logSum,
    logs: tally.logs,
  };
}

/**
 * What a tally tells, as a shape with its evidence.
 * @param key name of the property it stands at, `""` at the root
 * @param most responses that can have had a value here: sums over groups and map entries count some twice
 */
export function finish(tally: Tally, key = "", most = tally.responses): Shape {
  const responses = Math.min(tally.responses, most);
  const shape = createShape();
  shape.seen = seenOf(tally, responses);
  shape.null = tally.nulls > 0;
  if (tally.trues + tally.falses > 0) shape.boolean = 3;
  if (tally.integers + tally.floats > 0) shape.numbers = [numberFacet({ integer: tally.floats === 0 })];
  if (tally.strings) shape.strings = [finishStrings(tally.strings, key, responses)];
  if (tally.arrays > 0)
    shape.arrays = [arrayFacet({ items: tally.items ? finish(tally.items, key, responses) : ANY })];
  if (tally.objects > 0) finishObjects(shape, tally, key, responses);
  return shape;
}

function finishObjects(shape: Shape, tally: Tally, key: string, responses: number): void {
  if (tally.groups === undefined) {
    shape.objects = [objectFacet()];
    return;
  }
  const { tag, variants } = groupObjects(tally.groups);
  shape.tag = tag;
  shape.objects = variants.map(({ value, object }) => finishObject(object, { key, tag, value, responses }));
}

interface Place {
  key: string;
  tag: string | undefined;
  value: string | undefined;
  responses: number;
}

function finishObject(object: ObjectTally, place: Place): ObjectFacet {
  if (isMapLike(object, place.key)) return finishMap(object, place);
  const properties = new Map<string, Property>();
  for (const [name, tally] of object.properties ?? []) {
    const shape = finish(tally, name, place.responses);
    if (name === place.tag) shape.strings = [stringFacet({ enum: new Set([place.value ?? ""]) })];
    properties.set(name, { shape, required: tally.count === object.count, note: undefined });
  }
  return objectFacet({ properties, variant: place.value, count: object.count });
}

function finishMap(object: ObjectTally, { responses, value }: Place): ObjectFacet {
  // Values of a map are its users' own: without a name, no value of theirs is remembered.
  const values = object.properties ? becomeMap({ ...object }, object.properties) : object.rest;
  const pattern = bestKeyKind(object.keys)?.pattern;
  const keys = createShape();
  keys.strings = [stringFacet({ patterns: pattern === undefined ? [] : [pattern] })];
  return objectFacet({
    additional: values ? finish(values, "", responses) : ANY,
    keys: pattern === undefined ? undefined : keys,
    variant: value,
    count: object.count,
  });
}
