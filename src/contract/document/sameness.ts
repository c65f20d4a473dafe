import { isObject, type JsonObject } from "./json.ts";
import type { Found, Library } from "./library.ts";

/** What says nothing about values, where it is a keyword. */
const SILENT = ["description", "title", "example", "examples", "$comment", "externalDocs", "xml", "summary"];

/** Their members are named by the author, or data: a property may be called `description`. */
const NAMED = [
  "properties",
  "patternProperties",
  "dependentSchemas",
  "definitions",
  "$defs",
  "default",
  "const",
];

/** Where references mean something else than their text: such schemas are read and compared. */
const SCOPED = ["$id", "id", "$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "$schema"];

type Meaning = "silent" | "named" | "scoped" | "reference";

/** What keywords are here; most are none of these. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...SILENT.map((word): [string, Meaning] => [word, "silent"]),
  ...NAMED.map((word): [string, Meaning] => [word, "named"]),
  ...SCOPED.map((word): [string, Meaning] => [word, "scoped"]),
  ["$ref", "reference"],
]);

/** Two values that must be equal. */
interface Task {
  a: unknown;
  b: unknown;
  /** Whether their keys are names. */
  named: boolean;
  /** What they stand in. */
  outer: Task | undefined;
}

/**
 * Tells which schemas of two documents are written the same, with everything that they refer to: most are, and need be
 * neither read nor compared. Each referenced schema is looked at once; "not the same" is handed on to what refers to it, and
 * to what it stands in, so that asking for one part after the other costs no more than asking for the whole.
 */
export class Sameness {
  readonly #before: Library;
  readonly #after: Library;
  readonly #differs = new Set<string>();
  readonly #known = new Set<string>();
  /** Reference → the references whose schemas contain it. */
  readonly #usedBy = new Map<string, string[]>();
  /** What is known not to be the same as its counterpart. */
  readonly #different = new Map<unknown, unknown>();

  constructor(before: Library, after: Library) {
    this.#before = before;
    this.#after = after;
  }

  /** Whether both schemas say the same. False where that is not known. */
  same(before: Found, after: Found): boolean {
    if (before.place.scope.dialect !== after.place.scope.dialect) return false;
    if (!this.#isEntry(before, this.#before) || !this.#isEntry(after, this.#after)) return false;
    const references = this.#equalBut(before.value, after.value);
    if (!references) return false;
    this.#explore(references);
    if (![...references].some((reference) => this.#differs.has(reference))) return true;
    // Once more, now that it is known which reference differs: everything on the way there is remembered.
    return this.#equalBut(before.value, after.value) !== undefined;
  }

  #isEntry({ place }: Found, { entry }: Library): boolean {
    return place.scope === entry.place.scope;
  }

  #explore(references: ReadonlySet<string>): void {
    const work = [...references].filter((reference) => !this.#known.has(reference));
    const different: string[] = [];
    for (let reference = work.pop(); reference !== undefined; reference = work.pop()) {
      if (this.#known.has(reference)) continue;
      this.#known.add(reference);
      const below = this.#below(reference);
      if (!below) different.push(reference);
      for (const next of below ?? []) {
        const users = this.#usedBy.get(next);
        if (users) users.push(reference);
        else this.#usedBy.set(next, [reference]);
        if (this.#differs.has(next)) different.push(reference);
        else if (!this.#known.has(next)) work.push(next);
      }
    }
    this.#spread(different);
  }

  /** References within what a reference leads to; `undefined` where the two documents differ there. */
  #below(reference: string): ReadonlySet<string> | undefined {
    const a = reference.startsWith("#/")
      ? this.#before.resolve(reference, this.#before.entry.place)
      : undefined;
    const b = a ? this.#after.resolve(reference, this.#after.entry.place) : undefined;
    return a && b && this.#isEntry(a, this.#before) && this.#isEntry(b, this.#after)
      ? this.#equalBut(a.value, b.value)
      : undefined;
  }

  #spread(different: readonly string[]): void {
    const work = [...different];
    for (let reference = work.pop(); reference !== undefined; reference = work.pop()) {
      if (this.#differs.has(reference)) continue;
      this.#differs.add(reference);
      work.push(...(this.#usedBy.get(reference) ?? []));
    }
  }

  /**
   * The references in two values that are equal otherwise; `undefined` where they are not, or refer to what is known to differ.
   * With a stack of its own.
   */
  #equalBut(before: unknown, after: unknown): ReadonlySet<string> | undefined {
    const references = new Set<string>();
    const work: Task[] = [{ a: before, b: after, named: false, outer: undefined }];
    const seen = new Map<unknown, unknown>();
    for (let task = work.pop(); task; task = work.pop()) {
      if (!this.#isEqual(task, { work, seen, references })) {
        for (let at: Task | undefined = task; at; at = at.outer) this.#different.set(at.a, at.b);
        return undefined;
      }
    }
    return references;
  }

  #isEqual(task: Task, to: Walk): boolean {
    const { a, b } = task;
    if (typeof a !== "object" || a === null) return a === b;
    // Even the very same object refers to something else in another document.
    if (typeof b !== "object" || b === null || this.#different.get(a) === b) return false;
    // A ring of aliases: what is met again is being compared already.
    if (to.seen.has(a)) return to.seen.get(a) === b;
    to.seen.set(a, b);
    if (Array.isArray(a) && Array.isArray(b)) return hasEqualItems(a, b, task, to);
    return isObject(a) && isObject(b) && this.#hasEqualMembers(a, b, task, to);
  }

  #hasEqualMembers(a: JsonObject, b: JsonObject, task: Task, { work, references }: Walk): boolean {
    const { named } = task;
    let counted = 0;
    for (const key of Object.keys(a)) {
      const meaning = named ? undefined : MEANINGS.get(key);
      if (meaning === "silent") continue;
      counted++;
      const value = a[key];
      const other = Object.hasOwn(b, key) ? b[key] : undefined;
      if (meaning === "scoped" && typeof value === "string") return false;
      if (meaning === "reference" && typeof value === "string") {
        if (other !== value || this.#differs.has(value)) return false;
        references.add(value);
      } else if (typeof value === "object" && value !== null)
        work.push({ a: value, b: other, named: meaning === "named", outer: task });
      else if (value !== other) return false;
    }
    for (const key of Object.keys(b)) if (named || MEANINGS.get(key) !== "silent") counted--;
    return counted === 0;
  }
}

function hasEqualItems(a: readonly unknown[], b: readonly unknown[], outer: Task, { work }: Walk): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (typeof a[index] === "object") work.push({ a: a[index], b: b[index], named: false, outer });
    else if (a[index] !== b[index]) return false;
  }
  return true;
}

/** What one walk through two values has met. */
interface Walk {
  work: Task[];
  seen: Map<unknown, unknown>;
  references: Set<string>;
}
