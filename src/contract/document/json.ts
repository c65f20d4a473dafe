/** A parsed JSON object. Read members with `own` where the name comes from a document: `__proto__` is a name like any other. */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member itself, never one that every object inherits (`constructor`). */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Below this depth two texts are taken for equal: nobody writes it, and the stack is finite. */
const MAX_TEXT_DEPTH = 200;

/** What says nothing about values. */
const ANNOTATIONS = new Set([
  "description",
  "title",
  "example",
  "examples",
  "$comment",
  "externalDocs",
  "xml",
]);

function canonicalize(value: unknown, depth: number): unknown {
  if (depth > MAX_TEXT_DEPTH) return "…";
  if (Array.isArray(value)) return value.map((item) => canonicalize(item, depth + 1));
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !ANNOTATIONS.has(key))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, item]): [string, unknown] => [key, canonicalize(item, depth + 1)]);
  return Object.fromEntries(entries);
}

/** A schema as text that is equal for equal schemas: keys sorted, annotations left out, references as written. */
export function canonicalText(schema: unknown): string {
  return JSON.stringify(canonicalize(schema, 0)) ?? "null";
}
