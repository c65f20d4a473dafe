import type { Direction, Effect } from "../compare/change.ts";
import type { Source } from "../shape.ts";

/** One difference between two documents. */
export interface DocumentChange {
  /** `contract/endpoint-removed`: an id of the table of rules. */
  rule: string;
  /** Whose side it is: what we read, or what we send. Both for operations themselves. */
  direction: Direction | "both";
  /** `GET /users/{}`, in the words of the new document where it is there; empty for the document as a whole. */
  subject: string;
  /** Where in the operation: `response 200 application/json`, `query limit`, `request body`; empty for the operation itself. */
  where: string;
  /** JSONPath in the body, the parameter's or the header's value; empty for what has none. */
  path: string;
  effect: Effect;
  /** Whether it can break whoever uses the API as documented. */
  breaks: boolean;
  before?: string;
  after?: string;
  /** The alternative that it is about, where several stand at the path. */
  variant?: string;
  source: { before: Source | undefined; after: Source | undefined };
  /** All operations that it touches, sorted: a schema, parameter or scheme that is shared changes once. */
  operations: string[];
}

/** What a comparison of one part of an operation says. The subject is added by whoever knows it. */
export type Said = Omit<DocumentChange, "subject" | "operations">;

type Given = Pick<Said, "rule" | "direction"> & Partial<Said>;

/** A change with everything that is not given left empty. */
export function said(given: Given): Said {
  return {
    where: "",
    path: "",
    effect: "note",
    breaks: false,
    source: { before: undefined, after: undefined },
    ...given,
  };
}

/** Collects changes; what is the same at the same two places of the documents is one change of several operations. */
export class Changes {
  readonly #byKey = new Map<string, { change: Said; subject: string; operations: Set<string> }>();

  /**
   * @param subjects the operations that it touches; none for the document as a whole
   * @param key what makes two changes the same; default: all that is said and the places of both documents
   */
  add(subjects: readonly string[], change: Said, key = keyOf(change)): void {
    const known = this.#byKey.get(key);
    if (known) for (const subject of subjects) known.operations.add(subject);
    else this.#byKey.set(key, { change, subject: subjects[0] ?? "", operations: new Set(subjects) });
  }

  get all(): DocumentChange[] {
    return [...this.#byKey.values()].map(({ change, subject, operations }) => ({
      ...change,
      subject,
      operations: [...operations],
    }));
  }
}

function keyOf({ rule, direction, where, path, before, after, variant, source }: Said): string {
  const places = [source.before, source.after].map((place) => `${place?.file}#${place?.pointer}`);
  return [rule, direction, where, path, before ?? "", after ?? "", variant ?? "", ...places].join("\u0000");
}
