import type { Kind } from "../shape.ts";
import type { Dialect } from "./dialect.ts";
import { brief, isObject, type JsonObject } from "./json.ts";

/** A kind of JSON value, integers apart. */
export type TypeName = Kind | "integer";

const TYPES: ReadonlySet<string> = new Set<TypeName>([
  "null",
  "boolean",
  "number",
  "integer",
  "string",
  "array",
  "object",
]);

const isType = (name: string): name is TypeName => TYPES.has(name);

/** What authors write when they mean a type; found in real documents. */
const MEANT: Readonly<Record<string, TypeName>> = {
  bool: "boolean",
  int: "integer",
  int32: "integer",
  int64: "integer",
  long: "integer",
  float: "number",
  double: "number",
  decimal: "number",
  numeric: "number",
  str: "string",
  text: "string",
  date: "string",
  datetime: "string",
  "date-time": "string",
  uuid: "string",
  file: "string",
  binary: "string",
  list: "array",
  dict: "object",
  map: "object",
  hash: "object",
  none: "null",
  nil: "null",
};

export interface Types {
  /** `undefined`: every type. */
  names: ReadonlySet<TypeName> | undefined;
  /** Names that are no types, with what they were taken for. */
  mistaken: { name: string; meant: TypeName | undefined }[];
  /** Types that follow from other keywords, not from `type`. */
  implied: boolean;
}

function nameOf(written: unknown, mistaken: Types["mistaken"]): TypeName | undefined {
  if (typeof written !== "string") {
    // Without quotes, YAML makes a null of the word.
    if (written === null) return "null";
    mistaken.push({ name: brief(written), meant: undefined });
    return undefined;
  }
  if (isType(written)) return written;
  const lower = written.toLowerCase().trim();
  const meant = isType(lower) ? lower : Object.hasOwn(MEANT, lower) ? MEANT[lower] : undefined;
  if (written !== "file" && written !== "any") mistaken.push({ name: written, meant });
  return meant;
}

const OBJECT_WORDS = [
  "properties",
  "required",
  "additionalProperties",
  "patternProperties",
  "minProperties",
  "maxProperties",
];
const ARRAY_WORDS = ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"];

/** In OpenAPI documents `properties` without a type means objects: nobody there means "or any number". */
function impliedBy(schema: JsonObject): TypeName | undefined {
  const has = (word: string) => schema[word] !== undefined;
  if (OBJECT_WORDS.some(has)) return "object";
  return ARRAY_WORDS.some(has) && (isObject(schema["items"]) || schema["prefixItems"] !== undefined)
    ? "array"
    : undefined;
}

/** The types that a schema's own keywords allow. */
export function typesOf(schema: JsonObject, dialect: Dialect): Types {
  const written = schema["type"];
  const mistaken: Types["mistaken"] = [];
  if (written === undefined) {
    const implied = dialect.openapi ? impliedBy(schema) : undefined;
    return { names: implied ? new Set([implied]) : undefined, mistaken, implied: implied !== undefined };
  }
  const list = Array.isArray(written) ? written : [written];
  const names = list.map((item: unknown) => nameOf(item, mistaken));
  const known = names.filter((name) => name !== undefined);
  // A name that nobody knows allows anything: better than to call everything a change.
  if (known.length < names.length) return { names: undefined, mistaken, implied: false };
  return { names: new Set(known), mistaken, implied: false };
}
