import { describeShape } from "../shape/describe.ts";
import { type ArrayFacet, type Contains, isNever } from "../shape.ts";
import { compareLower, compareUpper } from "./bounds.ts";
import type { Walk } from "./pair.ts";

/** Compares the arrays that two nodes allow; of several facets on a side, those at the same place. */
export function compareArrays(before: readonly ArrayFacet[], after: readonly ArrayFacet[], walk: Walk): void {
  for (const [index, a] of before.entries()) {
    const b = after[index];
    if (b) compareOne(a, b, walk);
    else if (after.length > 0) {
      walk.report({ rule: "contract/variant-removed", effect: "narrowed", before: describeFacet(a) });
    }
  }
  for (const b of after.slice(before.length)) {
    if (before.length > 0)
      walk.report({ rule: "contract/variant-added", effect: "widened", after: describeFacet(b) });
  }
}

const describeFacet = ({ items }: ArrayFacet): string => `array of ${describeShape(items)}`;

function compareOne(a: ArrayFacet, b: ArrayFacet, walk: Walk): void {
  compareTuples(a, b, walk);
  if (!isNever(a.items) && !isNever(b.items)) walk.descend({ kind: "item" }, a.items, b.items);
  compareLower("min-items", a.minItems, b.minItems, walk.report);
  compareUpper("max-items", longest(a), longest(b), walk.report);
  if (a.unique !== b.unique) {
    walk.report({
      rule: b.unique ? "contract/unique-items-added" : "contract/unique-items-removed",
      effect: b.unique ? "narrowed" : "widened",
      before: a.unique ? "unique" : "any",
      after: b.unique ? "unique" : "any",
    });
  }
  compareContains(a.contains, b.contains, walk);
}

/** Where nothing may follow a tuple, it says how long an array may be, as `maxItems` does. */
function longest({ items, prefix, maxItems }: ArrayFacet): number | undefined {
  return isNever(items) ? Math.min(prefix.length, maxItems ?? prefix.length) : maxItems;
}

/** A position that only one side speaks of is compared with what the other allows there. */
function compareTuples(a: ArrayFacet, b: ArrayFacet, walk: Walk): void {
  for (let index = 0; index < Math.max(a.prefix.length, b.prefix.length); index++) {
    const before = a.prefix[index];
    const after = b.prefix[index];
    if (before && !after) report("removed", index);
    else if (after && !before) report("added", index);
    // Where one side allows no further item, that is told of the length.
    const told = (!before && isNever(a.items)) || (!after && isNever(b.items));
    if (!told) walk.descend({ kind: "position", index }, before ?? a.items, after ?? b.items);
  }

  function report(what: "added" | "removed", index: number): void {
    walk.report({
      rule: `contract/tuple-item-${what}`,
      effect: "note",
      ...(what === "added" ? { after: `position ${index}` } : { before: `position ${index}` }),
    });
  }
}

function compareContains(a: readonly Contains[], b: readonly Contains[], walk: Walk): void {
  for (const [index, before] of a.entries()) {
    const after = b[index];
    if (after === undefined) {
      walk.report({
        rule: "contract/contains-removed",
        effect: "widened",
        before: describeShape(before.shape),
      });
      continue;
    }
    walk.descend({ kind: "item", keyword: "contains" }, before.shape, after.shape);
    compareLower("min-contains", before.min, after.min, walk.report);
    compareUpper("max-contains", before.max, after.max, walk.report);
  }
  for (const after of b.slice(a.length)) {
    walk.report({ rule: "contract/contains-added", effect: "narrowed", after: describeShape(after.shape) });
  }
}
