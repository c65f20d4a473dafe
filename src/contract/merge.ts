import { mergeArrays } from "./merge/arrays.ts";
import { mergeObjects } from "./merge/objects.ts";
import { mergeNumbers, mergeStrings } from "./merge/scalars.ts";
import { ANY, createShape, type Seen, type Shape } from "./shape.ts";
import { emptySeen } from "./store/read-evidence.ts";

/** Merges two nodes that lie below the ones being merged. */
export type Merge = (a: Shape, b: Shape) => Shape;

/**
 * The least shape of ours that takes every value of `a` and of `b`, with the evidence of both: associative and commutative, and
 * idempotent but for the counts, which add up. Cycles are kept: a pair of nodes is merged once.
 */
export function merge(a: Shape, b: Shape): Shape {
  const memo = new Map<string, Shape>();
  const both: Merge = (x, y) => {
    if (x === ANY || y === ANY) return ANY;
    const key = `${x.id}+${y.id}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const merged = createShape();
    memo.set(key, merged);
    fill(merged, x, y, both);
    return merged;
  };
  return both(a, b);
}

function fill(into: Shape, a: Shape, b: Shape, both: Merge): void {
  into.null = a.null || b.null;
  into.boolean = union(a.boolean, b.boolean);
  into.numbers = mergeNumbers([...a.numbers, ...b.numbers]);
  into.strings = mergeStrings([...a.strings, ...b.strings]);
  into.arrays = mergeArrays(a, b, both);
  const { tag, objects } = mergeObjects(a, b, both);
  into.tag = tag;
  into.objects = objects;
  into.constraints = a.constraints.filter((one) => b.constraints.some((other) => same(one, other)));
  into.opaque = [...a.opaque, ...b.opaque.filter(({ text }) => a.opaque.every((one) => one.text !== text))];
  into.name = a.name === b.name ? a.name : undefined;
  into.note = JSON.stringify(a.note) === JSON.stringify(b.note) ? a.note : undefined;
  into.seen = mergeSeen(a.seen, b.seen);
}

const union = (a: Shape["boolean"], b: Shape["boolean"]): Shape["boolean"] =>
  a === b || b === 0 ? a : a === 0 ? b : 3;

function same(one: Shape["constraints"][number], other: Shape["constraints"][number]): boolean {
  return one.keyword === other.keyword && one.text === other.text;
}

/** The sum of two counts; what was declared and not observed adds nothing. */
export function mergeSeen(a: Seen | undefined, b: Seen | undefined): Seen | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sum = emptySeen(a.count + b.count, a.responses + b.responses);
  for (const kind of [
    "null",
    "boolean",
    "integer",
    "float",
    "string",
    "array",
    "object",
    "emptyArrays",
  ] as const) {
    sum[kind] = a[kind] + b[kind];
  }
  sum.logs = a.logs + b.logs;
  sum.logSum = a.logSum + b.logSum;
  if (sum.logs > 0) {
    sum.low = Math.min(a.logs > 0 ? a.low : b.low, b.logs > 0 ? b.low : a.low);
    sum.high = Math.max(a.logs > 0 ? a.high : b.high, b.logs > 0 ? b.high : a.high);
  }
  return sum;
}
