import type { Shape } from "../shape.ts";
import type { Checked } from "./checked.ts";
import { constraintsOf } from "./constraints.ts";
import { isObject, type JsonObject, stringOf } from "./json.ts";
import { ownArrays, type ReadNode } from "./own-arrays.ts";
import { restrictTo, valuesOf } from "./own-enum.ts";
import { ownObjects } from "./own-objects.ts";
import { ownNumbers, ownStrings } from "./own-scalars.ts";
import { type TypeName, type Types, typesOf } from "./types.ts";

/** Keywords that restrict values by themselves; composition and references are not among them. */
const RESTRICTING = new Set([
  "type",
  "enum",
  "const",
  "multipleOf",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "format",
  "maxItems",
  "minItems",
  "uniqueItems",
  "contains",
  "items",
  "prefixItems",
  "maxProperties",
  "minProperties",
  "required",
  "properties",
  "patternProperties",
  "additionalProperties",
  "propertyNames",
  "dependencies",
  "dependentRequired",
  "dependentSchemas",
  "not",
  "if",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
  "x-extensible-enum",
]);

export function restrictsItself(schema: JsonObject): boolean {
  for (const key of Object.keys(schema)) if (RESTRICTING.has(key)) return true;
  return false;
}

/** Keywords with which a schema is put together from others, or sets the rules by which it is read. */
const COMPOSING = new Set([
  "$ref",
  "$dynamicRef",
  "$recursiveRef",
  "allOf",
  "anyOf",
  "oneOf",
  "unevaluatedProperties",
  "unevaluatedItems",
  "$schema",
  "$id",
  "id",
]);

/** Whether a schema restricts values by keywords of its own and by nothing else. One look at its keys. */
export function isPlain(schema: JsonObject): boolean {
  let restricts = false;
  for (const key of Object.keys(schema)) {
    if (COMPOSING.has(key)) return false;
    restricts ||= RESTRICTING.has(key);
  }
  return restricts;
}

/** OpenAPI's ways to say "or null". */
export function isNullable(schema: JsonObject, openapi: boolean): boolean {
  if (!openapi) return false;
  const says = (word: string) => schema[word] === true || schema[word] === "true";
  return says("nullable") || says("x-nullable") || says("x-isnullable");
}

function reportTypes({ mistaken }: Types, checked: Checked): void {
  for (const { name, meant } of mistaken) {
    const taken = meant === undefined ? "read as any type" : `read as \`${meant}\``;
    checked.problem("document/unknown-type", `\`${name}\` is no type: ${taken}`, "type");
  }
}

/** Fills a node with what a schema's own keywords allow; references and composition aside. */
export function fillOwn(shape: Shape, checked: Checked, node: ReadNode): void {
  const { schema, place } = checked;
  const { draft, openapi } = place.scope.dialect;
  const types = typesOf(schema, place.scope.dialect);
  reportTypes(types, checked);
  const has = (name: TypeName) => types.names === undefined || types.names.has(name);
  const only = types.names !== undefined;
  const nullable = isNullable(schema, openapi);
  shape.null = has("null") || nullable;
  shape.boolean = has("boolean") ? 3 : 0;
  if (has("number") || has("integer")) shape.numbers = [ownNumbers(checked, !has("number"), only)];
  if (has("string")) shape.strings = [ownStrings(checked, only)];
  if (has("array")) shape.arrays = [ownArrays(checked, node)];
  if (has("object")) shape.objects = [ownObjects(checked, node)];
  shape.constraints = constraintsOf(checked, node);
  const values = valuesOf(checked, draft);
  if (values) restrictTo(shape, values, types, checked);
  shape.null ||= nullable;
  noteMapping(shape, schema);
}

/** A base with a discriminator and no list of alternatives: what it can become is in the mapping only. */
function noteMapping(shape: Shape, schema: JsonObject): void {
  const discriminator = schema["discriminator"];
  const name = isObject(discriminator) ? stringOf(discriminator["propertyName"]) : stringOf(discriminator);
  if (name === undefined || schema["oneOf"] !== undefined || schema["anyOf"] !== undefined) return;
  const mapping =
    isObject(discriminator) && isObject(discriminator["mapping"]) ? discriminator["mapping"] : {};
  const variant = Object.keys(mapping).sort().join("|");
  shape.tag = name;
  shape.objects = shape.objects.map((facet) => ({ ...facet, variant: variant === "" ? undefined : variant }));
}
