import { isObject, type JsonObject } from "./json.ts";
import type { Found, Library } from "./library.ts";

/** What says nothing about values, where it is a keyword. */
const SILENT = new Set([
  "description",
  "title",
  "example",
  "examples",
  "$comment",
  "externalDocs",
  "xml",
  "summary",
]);

/** Their members are named by the author, or data: a property may be called `description`. */
const NAMED = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "definitions",
  "$defs",
  "default",
  "const",
]);

/** Where references mean something else than their text: such schemas are read and compared. */
const SCOPED = ["$id", "id", "$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor", "$schema"];

/** Two values that must be equal, and whether their keys are names. */
interface Task {
  a: unknown;
  b: unknown;
  named: boolean;
}

/**
 * Tells which schemas of two documents are written the same, with everything that they refer to: most are, and need be
 * neither read nor compared. Each referenced schema is looked at once; "not the same" is handed on to what refers to it.
 */
export class Sameness {
  readonly #before: Library;
  readonly #after: Library;
  readonly #differs = new Set<string>();
  readonly #known = new Set<string>();
  /** Reference → the references whose schemas contain it. */
  readonly #usedBy = new Map<string, string[]>();

  constructor(before: Library, after: Library) {
    this.#before = before;
    this.#after = after;
  }

  /** Whether both schemas say the same. False where that is not known. */
  same(before: Found, after: Found): boolean {
    if (before.place.scope.dialect !== after.place.scope.dialect) return false;
    if (!this.#isEntry(before, this.#before) || !this.#isEntry(after, this.#after)) return false;
    const references = equalBut(before.value, after.value);
    if (!references) return false;
    this.#explore(references);
    return ![...references].some((reference) => this.#differs.has(reference));
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
      ? equalBut(a.value, b.value)
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
}

/** The references in two values that are equal otherwise; `undefined` where they are not. With a stack of its own. */
function equalBut(before: unknown, after: unknown): ReadonlySet<string> | undefined {
  const references = new Set<string>();
  const work: Task[] = [{ a: before, b: after, named: false }];
  const seen = new Set<unknown>();
  for (let task = work.pop(); task; task = work.pop()) {
    const { a, b, named } = task;
    // Even the very same object refers to something else in another document.
    if (a === b && !(typeof a === "object" && a !== null)) continue;
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) return undefined;
      for (let index = 0; index < a.length; index++) work.push({ a: a[index], b: b[index], named: false });
    } else if (isObject(a) && isObject(b)) {
      // A ring of aliases: what is met again is being compared already.
      if (seen.has(a)) continue;
      seen.add(a);
      if (!equalMembers(a, b, { named, work, references })) return undefined;
    } else return undefined;
  }
  return references;
}

function equalMembers(
  a: JsonObject,
  b: JsonObject,
  { named, work, references }: { named: boolean; work: Task[]; references: Set<string> },
): boolean {
  if (!named && SCOPED.some((word) => typeof a[word] === "string" || typeof b[word] === "string"))
    return false;
  let counted = 0;
  for (const key of Object.keys(a)) {
    if (!named && SILENT.has(key)) continue;
    counted++;
    if (!Object.hasOwn(b, key)) return false;
    const value = a[key];
    if (!named && key === "$ref" && typeof value === "string") {
      if (b[key] !== value) return false;
      references.add(value);
    } else work.push({ a: value, b: b[key], named: !named && NAMED.has(key) });
  }
  for (const key of Object.keys(b)) if (named || !SILENT.has(key)) counted--;
  return counted === 0;
}
