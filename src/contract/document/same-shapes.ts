import type { Shape } from "../shape.ts";
import { LazyShape } from "./lazy-shape.ts";
import type { SchemaReader } from "./read-schema.ts";
import type { Sameness } from "./sameness.ts";

/**
 * Tells which nodes of two documents come from schemas that are written the same. Nothing is read for that, so that what is
 * the same never is.
 */
export class SameShapes {
  readonly #before: SchemaReader;
  readonly #after: SchemaReader;
  readonly #sameness: Sameness;
  readonly #known = new Map<Shape, Map<Shape, boolean>>();

  constructor(before: SchemaReader, after: SchemaReader, sameness: Sameness) {
    this.#before = before;
    this.#after = after;
    this.#sameness = sameness;
  }

  /** Whether two nodes say the same. False where that is not known. */
  same(before: Shape, after: Shape): boolean {
    let ofBefore = this.#known.get(before);
    if (!ofBefore) {
      ofBefore = new Map();
      this.#known.set(before, ofBefore);
    }
    const known = ofBefore.get(after);
    if (known !== undefined) return known;
    const found = this.#find(before, after);
    ofBefore.set(after, found);
    return found;
  }

  #find(before: Shape, after: Shape): boolean {
    if (!(before instanceof LazyShape) || !(after instanceof LazyShape)) return false;
    const { origin: a } = before;
    const { origin: b } = after;
    if (a && b) return this.#sameness.same(a, b);
    // The intersection of two properties of one name stands nowhere as a schema; its parts do.
    const [parts, others] = [this.#before.partsOf(before), this.#after.partsOf(after)];
    return (
      parts.length > 0 &&
      parts.length === others.length &&
      parts.every((part, index) => {
        const other = others[index];
        return other !== undefined && this.same(part, other);
      })
    );
  }
}
