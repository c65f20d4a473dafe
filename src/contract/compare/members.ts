import type { Report } from "./bounds.ts";

/** The values that are all there are; `extensible` where more were announced. */
export interface Members {
  values: ReadonlySet<string>;
  extensible: boolean;
}

/** Whether a side that is no closed set takes all values of one that is. */
export type TakesAll = (members: Members) => boolean;

/**
 * Compares closed sets of values. One change for each value; one for a set that was opened or closed.
 * @returns whether at least one side is a closed set, so that nothing else is left to compare
 */
export function compareMembers(
  a: Members | undefined,
  b: Members | undefined,
  report: Report,
  takesAll: TakesAll,
): boolean {
  const closed = a ?? b;
  if (closed === undefined) return false;
  if (a === undefined || b === undefined) {
    const effect = a ? "widened" : "narrowed";
    report({
      rule: a ? "contract/enum-opened" : "contract/enum-closed",
      effect: takesAll(closed) ? effect : "changed",
      before: a ? listed(a.values) : "any",
      after: b ? listed(b.values) : "any",
    });
    return true;
  }
  for (const value of b.values) {
    if (a.values.has(value)) continue;
    report({ rule: "contract/enum-value-added", effect: a.extensible ? "note" : "widened", after: value });
  }
  for (const value of a.values) {
    if (!b.values.has(value)) {
      report({
        rule: "contract/enum-value-removed",
        effect: b.extensible ? "note" : "narrowed",
        before: value,
      });
    }
  }
  if (a.extensible !== b.extensible) {
    report({
      rule: b.extensible ? "contract/enum-opened" : "contract/enum-closed",
      effect: b.extensible ? "widened" : "narrowed",
      before: listed(a.values),
      after: listed(b.values),
    });
  }
  return true;
}

function listed(values: ReadonlySet<string>): string {
  const all = [...values];
  return all.length > 5 ? `${all.slice(0, 5).join(" or ")} or ${all.length - 5} more` : all.join(" or ");
}
