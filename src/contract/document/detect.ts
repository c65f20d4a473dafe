import { dialectOfApi, dialectOfSchema } from "./dialect.ts";
import { isObject, type JsonObject, own } from "./json.ts";
import { KEYWORDS } from "./keywords.ts";
import type { Format } from "./text/parse.ts";

export type DocumentKind = "openapi" | "json-schema" | "har" | "sample";

/** Names of kinds, as people say them. */
export const KIND_NAMES: Readonly<Record<DocumentKind, string>> = {
  openapi: "an OpenAPI document",
  "json-schema": "a JSON Schema",
  har: "a HAR recording",
  sample: "a sample",
};

const TYPES = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);

/** Words that only a schema has beside `type`. */
const BESIDE_TYPE = [
  "properties",
  "items",
  "enum",
  "required",
  "additionalProperties",
  "pattern",
  "minimum",
  "anyOf",
  "oneOf",
  "allOf",
];

/** What an answer may be called or described by as well. */
const COMMON = new Set(["type", "id"]);

const restricts = (word: string): boolean =>
  !COMMON.has(word) && (KEYWORDS.get(word)?.support ?? "annotation") !== "annotation";

/** Words without `type` that say enough where nothing but keywords stands beside them. */
const ALONE: Readonly<Record<string, (value: unknown) => boolean>> = {
  $ref: (value) => typeof value === "string",
  enum: Array.isArray,
  const: () => true,
  not: isObject,
  if: isObject,
};

/** `{ "type": "string", "maxLength": 5 }`: nothing but keywords, and one at least that an answer would not have. */
function hasOnlyKeywords(root: JsonObject, typed: boolean): boolean {
  const words = Object.keys(root);
  if (!words.every((word) => KEYWORDS.has(word) || word.startsWith("x-"))) return false;
  if (typed) return words.length === 1 || words.some(restricts);
  return words.some((word) => Object.hasOwn(ALONE, word) && ALONE[word]?.(root[word]));
}

function isSchema(root: JsonObject): boolean {
  const named = own(root, "$schema");
  if (typeof named === "string" && (dialectOfSchema(named) || named.includes("json-schema.org"))) return true;
  if (
    isObject(own(root, "$defs")) ||
    (isObject(own(root, "definitions")) && own(root, "swagger") === undefined)
  )
    return true;
  const type = own(root, "type");
  const typed =
    typeof type === "string"
      ? TYPES.has(type)
      : Array.isArray(type) && type.every((one) => TYPES.has(String(one)));
  if (typed && BESIDE_TYPE.some((word) => own(root, word) !== undefined)) return true;
  if (hasOnlyKeywords(root, typed)) return true;
  if (isObject(own(root, "properties")) && Object.keys(root).length < 12 && own(root, "type") === undefined) {
    return Object.values(own(root, "properties") ?? {}).every(isObject);
  }
  return ["oneOf", "anyOf", "allOf"].some((word) => {
    const members = own(root, word);
    return Array.isArray(members) && members.length > 0 && members.every(isObject);
  });
}

/** What a parsed document is, by its content. */
export function kindOf(root: unknown, format: Format): DocumentKind {
  if (format === "ndjson" || !isObject(root)) return typeof root === "boolean" ? "json-schema" : "sample";
  if (dialectOfApi(root) || own(root, "openapi") !== undefined || own(root, "swagger") !== undefined)
    return "openapi";
  const log = own(root, "log");
  if (isObject(log) && Array.isArray(own(log, "entries"))) return "har";
  return isSchema(root) ? "json-schema" : "sample";
}
