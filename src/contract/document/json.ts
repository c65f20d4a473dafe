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

/** A value in a message: scalars as they are, cut; never a whole document. */
export function brief(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  return (JSON.stringify(value) ?? "nothing").slice(0, 60);
}

/** Texts beyond these bounds are taken for equal: aliases of YAML can make a document endless, and the stack is finite. */
const MAX_TEXT_DEPTH = 64;
const MAX_TEXT_NODES = 20_000;

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

function canonicalize(value: unknown, depth: number, budget: { nodes: number; all?: boolean }): unknown {
  if (depth > MAX_TEXT_DEPTH || budget.nodes-- < 0) return "…";
  if (Array.isArray(value)) return value.map((item) => canonicalize(item, depth + 1, budget));
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([key]) => budget.all || !ANNOTATIONS.has(key))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, item]): [string, unknown] => [key, canonicalize(item, depth + 1, budget)]);
  return Object.fromEntries(entries);
}

/** A schema as text that is equal for equal schemas: keys sorted, annotations left out, references as written. */
export function canonicalText(schema: unknown): string {
  return JSON.stringify(canonicalize(schema, 0, { nodes: MAX_TEXT_NODES })) ?? "null";
}

/** A value as plain JSON, keys sorted; `undefined` where it is larger than anybody writes. */
export function boundedJson(value: unknown): unknown {
  const budget = { nodes: MAX_TEXT_NODES, all: true };
  const copy = canonicalize(value, 0, budget);
  return budget.nodes < 0 ? undefined : copy;
}
