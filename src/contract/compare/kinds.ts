import { describeShape } from "../shape/describe.ts";
import { isAny, isNever, type Kind, kindsOf, type Shape } from "../shape.ts";
import type { Walk } from "./pair.ts";

/**
 * Compares which kinds of values two nodes allow.
 * @returns whether anything is left to compare below
 */
export function compareKinds(a: Shape, b: Shape, { report }: Walk): boolean {
  const [openBefore, openAfter] = [isAny(a), isAny(b)];
  if (openBefore !== openAfter) {
    report({
      rule: openBefore ? "contract/schema-added" : "contract/schema-removed",
      effect: openBefore ? "narrowed" : "widened",
      ...wordsOf(a, b),
    });
    return false;
  }
  if (isNever(a) || isNever(b)) {
    if (isNever(a) !== isNever(b)) {
      const rule = isNever(a) ? "contract/type-added" : "contract/type-removed";
      report({ rule, effect: isNever(a) ? "widened" : "narrowed", ...wordsOf(a, b) });
    }
    return false;
  }
  // Where the type is another one altogether, what it says includes null.
  if (!isAnother(others(a), others(b))) compareNull(a, b, report);
  return compareOthers(a, b, report);
}

/** Both in words: for a report only, since most pairs have nothing to say. */
const wordsOf = (a: Shape, b: Shape) => ({ before: describeShape(a), after: describeShape(b) });

function compareNull(a: Shape, b: Shape, report: Walk["report"]): void {
  if (a.null === b.null) return;
  report({
    rule: b.null ? "contract/became-nullable" : "contract/became-not-nullable",
    effect: b.null ? "widened" : "narrowed",
    before: b.null ? "not null" : "null allowed",
    after: b.null ? "null allowed" : "not null",
  });
}

const others = (shape: Shape): Kind[] => kindsOf(shape).filter((kind) => kind !== "null");

/** Whether nothing is left of what there was, and there is something else. */
const isAnother = (before: readonly Kind[], after: readonly Kind[]): boolean =>
  before.length > 0 && after.length > 0 && !after.some((kind) => before.includes(kind));

function compareOthers(a: Shape, b: Shape, report: Walk["report"]): boolean {
  const [kindsBefore, kindsAfter] = [others(a), others(b)];
  const added = kindsAfter.filter((kind) => !kindsBefore.includes(kind));
  const removed = kindsBefore.filter((kind) => !kindsAfter.includes(kind));
  if (added.length === 0 && removed.length === 0) return true;
  const said = wordsOf(a, b);
  if (added.length === kindsAfter.length && removed.length === kindsBefore.length) {
    if (added.length === 0) report({ rule: "contract/type-removed", effect: "narrowed", ...said });
    else if (removed.length === 0) report({ rule: "contract/type-added", effect: "widened", ...said });
    else report({ rule: changedRule(removed, added), effect: "changed", ...said });
    return false;
  }
  if (added.length > 0) report({ rule: "contract/type-added", effect: "widened", ...said });
  if (removed.length > 0) report({ rule: "contract/type-removed", effect: "narrowed", ...said });
  return true;
}

function changedRule(before: readonly Kind[], after: readonly Kind[]): string {
  const moved = (from: readonly Kind[], to: readonly Kind[]) =>
    from.includes("array") && to.includes("object");
  return moved(before, after) || moved(after, before) ? "contract/envelope-changed" : "contract/type-changed";
}

/** Compares which of true and false two nodes allow. */
export function compareBooleans(a: Shape, b: Shape, { report }: Walk): void {
  if (a.boolean === 0 || b.boolean === 0 || a.boolean === b.boolean) return;
  for (const [bit, value] of [
    [1, "true"],
    [2, "false"],
  ] as const) {
    const [before, after] = [a.boolean & bit, b.boolean & bit];
    if (before === after) continue;
    if (after) report({ rule: "contract/enum-value-added", effect: "widened", after: value });
    else report({ rule: "contract/enum-value-removed", effect: "narrowed", before: value });
  }
}
