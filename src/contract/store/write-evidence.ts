import { type Json, kindsOf, type Seen, type Shape } from "../shape.ts";
import type { Expected } from "./write-schema.ts";

/** How often each kind was seen, in the order in which they are written. */
export function kindCounts(
  seen: Seen,
): [kind: "null" | "boolean" | "number" | "string" | "array" | "object", n: number][] {
  return [
    ["null", seen.null],
    ["boolean", seen.boolean],
    ["number", seen.integer + seen.float],
    ["string", seen.string],
    ["array", seen.array],
    ["object", seen.object],
  ];
}

/** The kind whose count is left out, since it is what the others leave: the most frequent one, the last of equals. */
export function mainKind(seen: Seen): string {
  let main = "null";
  let most = -1;
  for (const [kind, n] of kindCounts(seen)) {
    if (n >= most) {
      main = kind;
      most = n;
    }
  }
  return main;
}

/** The evidence of a node that does not follow from the node around it; undefined when all does. */
export function evidenceOf(shape: Shape, expected: Expected): { [key: string]: Json } | undefined {
  const { seen } = shape;
  if (seen === undefined) return undefined;
  const evidence: { [key: string]: Json } = {};
  if (seen.count !== expected.count) evidence.seen = seen.count;
  if (seen.responses !== Math.min(seen.count, expected.responses)) evidence.responses = seen.responses;
  if (kindsOf(shape).length > 1) {
    const main = mainKind(seen);
    for (const [kind, n] of kindCounts(seen)) if (n > 0 && kind !== main) evidence[kind] = n;
  }
  if (seen.emptyArrays > 0) evidence.empty = seen.emptyArrays;
  if (seen.logs > 0) evidence.log10 = [seen.low, Math.round((seen.logSum / seen.logs) * 10) / 10, seen.high];
  return Object.keys(evidence).length === 0 ? undefined : evidence;
}
