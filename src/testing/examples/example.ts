import { accepts } from "../../contract/accepts.ts";
import {
  type ArrayFacet,
  isAny,
  type Json,
  kindsOf,
  type ObjectFacet,
  type Shape,
} from "../../contract/shape.ts";
import { between, oneOf, randomFrom } from "./random.ts";
import { exampleNumber, exampleString } from "./scalars.ts";

/** Below this only what is required is made, so that schemas that contain themselves end. */
const FULL_DEPTH = 5;
const MAX_DEPTH = 30;
const TRIES = 50;

/**
 * A value that the shape accepts, the same for the same seed.
 * @throws RangeError where none is found: a pattern that is more than prefixes, classes and counts, or a contradiction
 */
export function exampleOf(shape: Shape, seed = 1): Json {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const value = make(shape, randomFrom(seed * 7919 + attempt), 0);
    if (accepts(shape, value)) return value;
  }
  throw new RangeError("no example found that the contract accepts: give one by `examples`");
}

function make(shape: Shape, random: () => number, depth: number): Json {
  if (depth > MAX_DEPTH) return null;
  if (isAny(shape)) return "anything";
  const kinds = kindsOf(shape);
  // What may be null as well is shown with its value most of the time; deep down null ends a cycle.
  const rare = kinds.length > 1 && depth <= FULL_DEPTH && random() < 0.9;
  switch (
    depth > FULL_DEPTH && kinds[0] === "null"
      ? "null"
      : oneOf(rare ? kinds.filter((kind) => kind !== "null") : kinds, random)
  ) {
    case "boolean":
      return shape.boolean === 3 ? random() < 0.5 : shape.boolean === 1;
    case "number": {
      const facet = oneOf(shape.numbers, random);
      return facet ? exampleNumber(facet, random) : null;
    }
    case "string": {
      const facet = oneOf(shape.strings, random);
      return facet ? exampleString(facet, random) : null;
    }
    case "array": {
      const facet = oneOf(shape.arrays, random);
      return facet ? makeArray(facet, random, depth) : null;
    }
    case "object": {
      const facet = oneOf(shape.objects, random);
      return facet ? makeObject(facet, random, depth) : null;
    }
    default:
      return null;
  }
}

function makeArray(facet: ArrayFacet, random: () => number, depth: number): Json[] {
  const least = Math.max(facet.minItems, facet.prefix.length);
  const wanted = depth > FULL_DEPTH ? facet.minItems : Math.max(least, between(1, 2, random));
  const contained = facet.contains.flatMap(({ shape, min }) => Array.from({ length: min }, () => shape));
  const length = Math.min(Math.max(wanted, contained.length), facet.maxItems ?? Number.MAX_SAFE_INTEGER);
  return Array.from({ length }, (_, index) =>
    make(contained[index - facet.prefix.length] ?? facet.prefix[index] ?? facet.items, random, depth + 1),
  );
}

function makeObject(facet: ObjectFacet, random: () => number, depth: number): Json {
  const entries: [string, Json][] = [];
  for (const [name, { shape, required }] of facet.properties) {
    const wanted = required || (depth <= FULL_DEPTH && random() < 0.7);
    if (wanted) entries.push([name, make(shape, random, depth + 1)]);
  }
  while (entries.length < facet.minProperties && entries.length < 100) {
    entries.push([`key_${entries.length}`, make(facet.additional, random, depth + 1)]);
  }
  return Object.fromEntries(entries);
}
