import type { Media, Parameter, RequestBody } from "./api.ts";
import { follow } from "./follow.ts";
import { isObject, type JsonObject, own } from "./json.ts";
import type { Found, Library } from "./library.ts";
import type { Place } from "./place.ts";

/** A media type as it is compared: lower case, parameters such as `charset` aside. */
export function mediaKey(name: string): string {
  return (name.split(";")[0] ?? "").trim().toLowerCase();
}

/** `content` of OpenAPI 3: by media type. */
export function mediaOf(library: Library, content: unknown, place: Place): Map<string, Media> {
  const media = new Map<string, Media>();
  for (const [name, written] of Object.entries(isObject(content) ? content : {})) {
    const { value: followed, place: at } = follow(library, written, place.at(name));
    const value = isObject(followed) ? followed : {};
    const [whole, items] = ["schema", "itemSchema"].map((word): Found | undefined =>
      own(value, word) === undefined ? undefined : { value: own(value, word), place: at.at(word) },
    );
    const key = mediaKey(name);
    // `application/json; version=2` beside `application/json` are two.
    media.set(media.has(key) ? name.toLowerCase() : key, {
      name,
      schema: whole ?? items,
      ...(whole && items ? { items } : {}),
      place: at,
    });
  }
  return media;
}

const SCHEMA_WORDS = new Set([
  "type",
  "format",
  "items",
  "default",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "enum",
  "multipleOf",
  "x-nullable",
  "x-extensible-enum",
]);

/** A schema where OpenAPI 3 has one; what Swagger 2 writes into the parameter itself. */
export function schemaOfParameter(parameter: JsonObject, place: Place, swagger: boolean): Found | undefined {
  const schema = own(parameter, "schema");
  if (schema !== undefined) return { value: schema, place: place.at("schema") };
  if (swagger) return { value: schemaPart(parameter), place };
  const content = own(parameter, "content");
  const [name, media] = Object.entries(isObject(content) ? content : {})[0] ?? [];
  const inner = isObject(media) ? own(media, "schema") : undefined;
  return name === undefined || inner === undefined
    ? undefined
    : { value: inner, place: place.under("content", name).at("schema") };
}

/** The members of a Swagger 2 parameter or header that make its schema. One object for each, so that it is read once. */
export function schemaPart(written: JsonObject): JsonObject {
  const known = parts.get(written);
  if (known) return known;
  const part = Object.fromEntries(Object.entries(written).filter(([word]) => SCHEMA_WORDS.has(word)));
  parts.set(written, part);
  return part;
}

const parts = new WeakMap<JsonObject, JsonObject>();

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";

/** The request body of Swagger 2: a body parameter, or form parameters as one object. */
export function readBody(
  parameters: readonly Parameter[],
  consumes: readonly string[],
  place: Place,
): RequestBody | undefined {
  const body = parameters.find(({ in: where }) => where === "body");
  if (body) {
    const names = consumes.length > 0 ? consumes : ["application/json"];
    const media = names.map((name): [string, Media] => [
      mediaKey(name),
      { name, schema: body.schema, place: body.place },
    ]);
    return { required: body.required, content: new Map(media), place: body.place };
  }
  const fields = parameters.filter(({ in: where }) => where === "formData");
  if (fields.length === 0) return undefined;
  const schema = {
    type: "object",
    properties: Object.fromEntries(fields.map(({ name, schema: field }) => [name, field?.value ?? {}])),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  };
  const files = fields.some(({ schema: field }) => isObject(field?.value) && field.value["type"] === "file");
  const usual = files ? MULTIPART : FORM;
  const name = consumes.find((one) => mediaKey(one).startsWith("multipart/")) ?? usual;
  const at = place.at("parameters");
  const media: Media = { name, schema: { value: schema, place: at }, place: at };
  return { required: schema.required.length > 0, content: new Map([[mediaKey(name), media]]), place: at };
}
