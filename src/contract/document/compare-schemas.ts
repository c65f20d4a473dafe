import type { Direction } from "../compare/change.ts";
import { Comparer } from "../compare.ts";
import type { Shape } from "../shape.ts";
import { Changes, type DocumentChange } from "./changes.ts";
import type { LoadedDocument } from "./load.ts";
import { missingInBoth } from "./missing.ts";
import { SchemaReader } from "./read-schema.ts";
import { SameShapes } from "./same-shapes.ts";
import { Sameness } from "./sameness.ts";
import { SchemaRoots } from "./schema-roots.ts";

/** The shape of a loaded JSON Schema; what is wrong with it goes to the document's problems. */
export function shapeOfDocument({ library, problems }: LoadedDocument): Shape {
  const { value, place } = library.entry;
  return new SchemaReader(library, problems).read(value, place);
}

/**
 * Everything that differs between two JSON Schemas. What is written the same in both is neither read nor compared.
 * @param pause called now and then in a long comparison; may throw to end it
 */
export function compareSchemaDocuments(
  before: LoadedDocument,
  after: LoadedDocument,
  direction: Direction | "both" = "response",
  pause?: () => void,
): { changes: DocumentChange[]; pairs: number } {
  const sameness = new Sameness(before.library, after.library);
  if (sameness.same(before.library.entry, after.library.entry)) return { changes: [], pairs: 0 };
  const a = new SchemaReader(before.library, before.problems);
  const b = new SchemaReader(after.library, after.problems);
  const shapes = new SameShapes(a, b, sameness);
  const { changes, pairs } = compareShapes(
    a.node(before.library.entry.value, before.library.entry.place),
    b.node(after.library.entry.value, after.library.entry.place),
    direction,
    (side) => new Comparer(side, (old, fresh) => shapes.same(old, fresh), pause),
  );
  const missing = missingInBoth(before, after);
  return { changes: [...changes, ...missing.map((one) => ({ ...one, subject: "", operations: [] }))], pairs };
}

/** Everything that differs between two shapes. */
export function compareShapes(
  a: Shape,
  b: Shape,
  direction: Direction | "both" = "response",
  comparer = (side: Direction) => new Comparer(side),
): { changes: DocumentChange[]; pairs: number } {
  const changes = new Changes();
  let pairs = 0;
  for (const side of direction === "both" ? (["response", "request"] as const) : [direction]) {
    const roots = new SchemaRoots(comparer(side));
    roots.add("", "", a, b);
    roots.report(changes);
    pairs += roots.pairs;
  }
  return { changes: changes.all.map((change) => ({ ...change, operations: [] })), pairs };
}
