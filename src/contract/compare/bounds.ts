import type { Bound } from "../shape.ts";
import type { LocalChange } from "./change.ts";

/** Reports what was found at the pair of nodes in hand. */
export type Report = (change: LocalChange) => void;

/** Names of the rules for one kind of bound: `min-length` gives `contract/min-length-increased` and `-decreased`. */
export type BoundName = "minimum" | "min-length" | "min-items" | "min-properties" | "min-contains";
export type UpperName = "maximum" | "max-length" | "max-items" | "max-properties" | "max-contains";

const text = (value: number | undefined): { before?: string; after?: string }["before"] =>
  value === undefined ? undefined : String(value);

function values(
  before: string | undefined,
  after: string | undefined,
): Pick<LocalChange, "before" | "after"> {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** Compares two lower bounds; no bound is the same as zero for counts. */
export function compareLower(name: BoundName, a: number, b: number, report: Report): void {
  if (a === b) return;
  const lower = b < a;
  report({
    rule: `contract/${name}-${lower ? "decreased" : "increased"}`,
    effect: lower ? "widened" : "narrowed",
    ...values(text(a), text(b)),
  });
}

/** Compares two upper bounds; undefined means none. */
export function compareUpper(
  name: UpperName,
  a: number | undefined,
  b: number | undefined,
  report: Report,
): void {
  if (a === b) return;
  const higher = b === undefined || (a !== undefined && b > a);
  report({
    rule: `contract/${name}-${higher ? "increased" : "decreased"}`,
    effect: higher ? "widened" : "narrowed",
    ...values(text(a) ?? "none", text(b) ?? "none"),
  });
}

function boundText(bound: Bound | undefined): string {
  return bound === undefined ? "none" : `${bound.value}${bound.exclusive ? " (exclusive)" : ""}`;
}

/** Negative when `a` is the lower bound that lets more through. */
function looserBy(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (a.value !== b.value) return (a.value - b.value) * sign;
  return Number(a.exclusive) - Number(b.exclusive);
}

/** Compares the bounds of a range of numbers. */
export function compareRange(
  a: { min: Bound | undefined; max: Bound | undefined },
  b: { min: Bound | undefined; max: Bound | undefined },
  report: Report,
): void {
  const lower = looserBy(b.min, a.min, 1);
  if (lower !== 0) {
    report({
      rule: `contract/minimum-${lower < 0 ? "decreased" : "increased"}`,
      effect: lower < 0 ? "widened" : "narrowed",
      ...values(boundText(a.min), boundText(b.min)),
    });
  }
  const upper = looserBy(b.max, a.max, -1);
  if (upper !== 0) {
    report({
      rule: `contract/maximum-${upper < 0 ? "increased" : "decreased"}`,
      effect: upper < 0 ? "widened" : "narrowed",
      ...values(boundText(a.max), boundText(b.max)),
    });
  }
}
