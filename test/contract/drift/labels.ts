import type { Finding } from "../../../src/base/finding.ts";
import type { Json } from "../../../src/contract/shape.ts";
import type { Redone } from "../corpus.ts";
import { isObject, kindOf } from "./survey.ts";

/** What the two answers say themselves of a labelled place, whoever labelled it. */
export type Claim =
  /** Every old object had it; there are such objects now, and none has it. */
  | "gone"
  /** It was never null, and is. */
  | "null"
  /** It is of a kind that it never was. */
  | "retyped"
  /** The first value where there was only null. */
  | "learned"
  /** No old object had it, of which there were some. */
  | "new"
  /** Other data: an optional property, items of a list that is empty on one side, a narrower type, an object around it that is gone. */
  | "other data";

export interface Labelled {
  path: string;
  claim: Claim;
}

/** Every labelled difference of a pair, with what it amounts to. */
export function labelsOf(pair: Redone): Labelled[] {
  const retyped = pair.type_changed.map(([path]) => path);
  return [...pair.removed, ...pair.added, ...retyped].map((path) => ({ path, claim: claimOf(pair, path) }));
}

function claimOf({ old: before, new: after }: Redone, path: string): Claim {
  const was = valuesAt(before.body, path);
  const is = valuesAt(after.body, path);
  if (was.parents === 0 || is.parents === 0) return "other data";
  if (was.values.length === 0) return is.values.length > 0 ? "new" : "other data";
  if (is.values.length === 0) return was.values.length === was.parents ? "gone" : "other data";
  const known = kinds(was.values);
  const now = kinds(is.values);
  if ([...known].every((kind) => kind === "null"))
    return now.size > 1 || !now.has("null") ? "learned" : "other data";
  if ([...now].some((kind) => kind !== "null" && !known.has(kind))) return "retyped";
  return now.has("null") && !known.has("null") ? "null" : "other data";
}

const kinds = (values: readonly Json[]): Set<string> => new Set(values.map(kindOf));

/** The values at a labelled path, and how many objects (or arrays with items) could have had one. */
function valuesAt(body: Json, path: string): { values: Json[]; parents: number } {
  let parents: Json[] = [body];
  let values: Json[] = [body];
  for (const step of stepsOf(path)) {
    parents = values.filter((value) =>
      step === "[]" ? Array.isArray(value) && value.length > 0 : isObject(value),
    );
    values = parents.flatMap((value) => {
      if (Array.isArray(value)) return value;
      const inner = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
      return inner === undefined ? [] : [inner];
    });
  }
  return { values, parents: parents.length };
}

const stepsOf = (path: string): string[] => path.slice(1).match(/\[\]|[^.[\]]+/g) ?? [];

/** Paths of findings as the labels write them. */
const plain = (path: string): string => path.replaceAll("[*]", "[]").replace(/\['([^']*)'\]/g, ".$1");

/** Whether findings speak of a labelled place: at it, above it, or as the new name of another. */
export function isFound(findings: readonly Finding[], path: string): boolean {
  return findings.some((one) => {
    const own = plain(one.path ?? "$");
    if (own === "$") return one.rule !== "contract/header-removed";
    if (own === path || path.startsWith(`${own}.`) || path.startsWith(`${own}[`)) return true;
    return (
      one.rule === "contract/property-renamed" &&
      path === `${own.slice(0, own.lastIndexOf("."))}.${String(one.after)}`
    );
  });
}
