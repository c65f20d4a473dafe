import type { Shape } from "../shape.ts";
import type { Walk } from "./pair.ts";

/** Keywords below which more values on the inside are more on the outside too. */
const UPRIGHT = new Set([
  "then",
  "else",
  "dependentSchemas",
  "unevaluatedProperties",
  "unevaluatedItems",
  "contentSchema",
]);

/** Compares what holds besides the facets, and says where nothing can be said. */
export function compareConstraints(a: Shape, b: Shape, walk: Walk): void {
  for (const before of a.constraints) {
    const after = b.constraints.find(({ keyword, key }) => keyword === before.keyword && key === before.key);
    if (after === undefined) {
      walk.report({ rule: "contract/constraint-removed", effect: "widened", before: before.keyword });
    } else if (before.shape && after.shape && UPRIGHT.has(before.keyword)) {
      walk.descend({ kind: "self", keyword: before.keyword }, before.shape, after.shape);
    } else if (before.shape && after.shape) {
      walk.descend({ kind: "opposite", keyword: before.keyword }, before.shape, after.shape);
    } else if (before.text !== after.text) {
      walk.report({
        rule: "contract/constraint-changed",
        effect: "changed",
        before: before.keyword,
        after: after.keyword,
      });
    }
  }
  for (const { keyword, key } of b.constraints) {
    if (a.constraints.some((one) => one.keyword === keyword && one.key === key)) continue;
    walk.report({ rule: "contract/constraint-added", effect: "narrowed", after: keyword });
  }
  compareOpaque(a, b, walk);
}

/** Where what was not understood differs, nothing can be said. */
function compareOpaque(a: Shape, b: Shape, { report }: Walk): void {
  const texts = (shape: Shape) => shape.opaque.map(({ text }) => text).sort();
  if (texts(a).join("\n") === texts(b).join("\n")) return;
  const [first] = [...b.opaque, ...a.opaque];
  report({
    rule: "contract/not-judged",
    effect: "unknown",
    ...(first ? { after: `${first.keyword}: ${first.reason}` } : {}),
  });
}
