import {
  ANY,
  arrayFacet,
  createShape,
  isMap,
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
import { bestKeyKind, isPrivateName } from "./keys.ts";
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
    // Adding zero makes 0 of -0.
    low: has ? Math.floor(Math.log10(tally.low) + 1e-9) + 0 : 0,
    high: has ? Math.ceil(Math.log10(tally.high) - 1e-9) + 0 : -1,
    logSum: tally.logSum,
    logs: tally.logs,
  };
}

/** Where a tally stands. */
interface At {
  /** Name of the property, `""` at the root and in maps. */
  key: string;
  /** Responses that can have had a value here: sums over groups and map entries count some twice. */
  most: number;
  /** What a contract says of the same place: its tags and maps are kept, so that the two can be merged. */
  like: Shape | undefined;
}

/**
 * What a tally tells, as a shape with its evidence.
 * @param key name of the property it stands at, `""` at the root
 * @param like a contract of the same values: its tags and maps are kept
 */
export function finish(tally: Tally, key = "", like?: Shape): Shape {
  return finishAt(tally, { key, most: tally.responses, like });
}

function finishAt(tally: Tally, { key, most, like }: At): Shape {
  const responses = Math.min(tally.responses, most);
  const shape = createShape();
  shape.seen = seenOf(tally, responses);
  shape.null = tally.nulls > 0;
  if (tally.trues + tally.falses > 0) shape.boolean = 3;
  if (tally.integers + tally.floats > 0) shape.numbers = [numberFacet({ integer: tally.floats === 0 })];
  if (tally.strings) shape.strings = [finishStrings(tally.strings, key, responses)];
  if (tally.arrays > 0)
    shape.arrays = [arrayFacet({ items: finishItems(tally.items, { key, most: responses, like }) })];
  if (tally.objects > 0) finishObjects(shape, tally, { key, most: responses, like });
  return shape;
}

function finishItems(items: Tally | undefined, { key, most, like }: At): Shape {
  return items ? finishAt(items, { key, most, like: like?.arrays[0]?.items }) : ANY;
}

function finishObjects(shape: Shape, tally: Tally, at: At): void {
  if (tally.groups === undefined) {
    shape.objects = [objectFacet()];
    return;
  }
  const { tag, variants } = groupObjects(tally, at.like?.tag);
  shape.tag = tag;
  shape.objects = variants.map(({ value, object }) => finishObject(object, { ...at, tag, value }));
}

interface ObjectAt extends At {
  tag: string | undefined;
  value: string | undefined;
}

/** The alternative of the contract that objects of this tag value belong to. */
function alternativeOf({ like, value }: ObjectAt): ObjectFacet | undefined {
  return like?.objects.length === 1
    ? like.objects[0]
    : like?.objects.find(({ variant }) => variant === value);
}

function finishObject(object: ObjectTally, at: ObjectAt): ObjectFacet {
  const known = alternativeOf(at);
  if (known ? isMap(known) : isMapLike(object, at.key)) return finishMap(object, at, known?.additional);
  const properties = new Map<string, Property>();
  for (const [name, tally] of object.properties ?? []) {
    // Beside ordinary names: an open object takes it, and nobody reads it in a contract.
    if (isPrivateName(name)) continue;
    const like = known?.properties.get(name)?.shape;
    const shape = finishAt(tally, { key: name, most: at.most, like });
    if (name === at.tag) shape.strings = [stringFacet({ enum: new Set([at.value ?? ""]) })];
    properties.set(name, { shape, required: tally.count === object.count, note: undefined });
  }
  return objectFacet({ properties, variant: at.value, count: object.count });
}

function finishMap(object: ObjectTally, at: ObjectAt, like: Shape | undefined): ObjectFacet {
  // Values of a map are its users' own: without a name, no value of theirs is remembered.
  const values = object.properties ? becomeMap({ ...object }, object.properties) : object.rest;
  const pattern = bestKeyKind(object.keys)?.pattern;
  const keys = createShape();
  keys.strings = [stringFacet({ patterns: pattern === undefined ? [] : [pattern] })];
  return objectFacet({
    additional: values ? finishAt(values, { key: "", most: at.most, like }) : ANY,
    keys: pattern === undefined ? undefined : keys,
    variant: at.value,
    count: object.count,
  });
}
