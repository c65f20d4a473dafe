import { type Json, type Kind, kindsOf, type Seen, type Shape } from "../shape.ts";
import type { Expected } from "./write-schema.ts";

const NOTHING: { [key: string]: Json } = {};

const num = (value: Json | undefined): number | undefined => (typeof value === "number" ? value : undefined);

/**
 * Restores a node's counts from what is written and what follows from the node around it. Called before its facets are read
 * (they need the totals) and after (the counts by kind need the facets).
 */
export function readEvidence(shape: Shape, written: Json | undefined, expected: Expected): void {
  const evidence =
    typeof written === "object" && written !== null && !Array.isArray(written) ? written : NOTHING;
  const count = num(evidence.seen) ?? expected.count;
  if (count < 0) return;
  const seen = emptySeen(count, num(evidence.responses) ?? Math.min(count, expected.responses));
  shape.seen = seen;
  // Most nodes have values of one kind, and nothing is written of them.
  if (evidence === NOTHING) addKind(seen, shape, mainKind(shape), count);
  else readCounts(shape, seen, evidence);
}

/** The kind of whose values no count is written; of a node without facets that of objects. */
function mainKind(shape: Shape): Kind {
  if (shape.null) return "null";
  if (shape.boolean !== 0) return "boolean";
  if (shape.numbers.length > 0) return "number";
  if (shape.strings.length > 0) return "string";
  return shape.arrays.length > 0 ? "array" : "object";
}

function readCounts(shape: Shape, seen: Seen, evidence: { [key: string]: Json }): void {
  const kinds = kindsOf(shape);
  let rest = seen.count;
  let main: Kind | undefined;
  for (const kind of kinds) {
    const n = num(evidence[kind]);
    if (n === undefined) main ??= kind;
    else {
      rest -= n;
      addKind(seen, shape, kind, n);
    }
  }
  if (main !== undefined) addKind(seen, shape, main, Math.max(0, rest));
  else if (kinds.length === 0)
    seen.object = num(evidence.object) ?? Math.max(0, seen.count - minorCounts(evidence));
  seen.emptyArrays = num(evidence.empty) ?? 0;
  readMagnitude(seen, evidence.log10);
}

function minorCounts(evidence: { [key: string]: Json }): number {
  const kinds = ["null", "boolean", "number", "string", "array"];
  return kinds.reduce((sum, kind) => sum + (num(evidence[kind]) ?? 0), 0);
}

function addKind(seen: Seen, shape: Shape, kind: Kind, n: number): void {
  if (kind === "number") {
    if (shape.numbers.every(({ integer }) => integer)) seen.integer = n;
    else seen.float = n;
  } else if (kind === "null") seen.null = n;
  else if (kind === "boolean") seen.boolean = n;
  else if (kind === "string") seen.string = n;
  else if (kind === "array") seen.array = n;
  else seen.object = n;
}

function readMagnitude(seen: Seen, log10: Json | undefined): void {
  if (!Array.isArray(log10)) return;
  const low = num(log10[0]);
  const mean = num(log10[1]);
  const high = num(log10[2]);
  if (low === undefined || mean === undefined || high === undefined) return;
  seen.low = low;
  seen.high = high;
  seen.logs = seen.integer + seen.float;
  seen.logSum = mean * seen.logs;
}

/** Nothing counted yet but the total. */
export function emptySeen(count: number, responses: number): Seen {
  return {
    count,
    responses,
    null: 0,
    boolean: 0,
    integer: 0,
    float: 0,
    string: 0,
    array: 0,
    object: 0,
    emptyArrays: 0,
    low: 0,
    high: -1,
    logSum: 0,
    logs: 0,
  };
}
