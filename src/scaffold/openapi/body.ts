import type { JsonObject } from "../../contract/document/json.ts";
import type { Found } from "../../contract/document/library.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";
import { schemaPart } from "../../contract/document/media.ts";
import type { BodySpec } from "../spec.ts";
import { child, isSwagger, objectOf } from "./walk.ts";

/** A body that is JSON, or may be anything. */
export const JSON_TYPE = /^application\/(.+\+)?json\b|^\*\/\*/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

/** What an operation's request carries, and the schema of that where it is JSON or a form. */
export interface WrittenBody extends Pick<BodySpec, "kind" | "required"> {
  schema?: Found | undefined;
}

/** JSON where the API takes it, else a form, else whatever the caller makes. */
function kindOf(types: readonly string[]): BodySpec["kind"] {
  if (types.length === 0 || types.some((type) => JSON_TYPE.test(type))) return "json";
  return types.some((type) => FORM_TYPE.test(type)) ? "form" : "raw";
}

/** The fields of a form, which Swagger 2.0 has among the parameters, as the object that they are. */
function formSchema(operation: Found, fields: readonly JsonObject[]): Found {
  const properties = fields.map((field) => [String(field.name), schemaPart(field)]);
  const required = fields.filter((field) => field.required === true).map(({ name }) => String(name));
  const value = { type: "object", properties: Object.fromEntries(properties), required };
  return { value, place: operation.place.at("parameters") };
}

function swaggerBody(document: LoadedDocument, operation: Found, parameters: readonly Found[]): WrittenBody {
  const of = (place: string) => parameters.filter((parameter) => objectOf(parameter).in === place);
  const [body] = of("body");
  const consumes =
    child(document, operation, "consumes") ?? child(document, document.library.entry, "consumes");
  const types = Array.isArray(consumes?.value) ? consumes.value.map(String) : [];
  if (body) {
    const required = objectOf(body).required === true;
    return { kind: kindOf(types), required, schema: child(document, body, "schema") };
  }
  const fields = of("formData").map(objectOf);
  if (fields.length === 0) return { kind: "none", required: false };
  const asForm = types.length === 0 || types.some((type) => FORM_TYPE.test(type));
  const required = fields.some((field) => field.required === true);
  return asForm
    ? { kind: "form", required, schema: formSchema(operation, fields) }
    : { kind: "raw", required };
}

function openApiBody(document: LoadedDocument, written: Found): WrittenBody {
  const content = child(document, written, "content");
  const types = Object.keys(objectOf(content));
  const kind = kindOf(types);
  const form = kind === "form" ? FORM_TYPE : JSON_TYPE;
  const type = types.find((one) => form.test(one));
  const media = type === undefined ? undefined : child(document, content, type);
  return { kind, required: objectOf(written).required === true, schema: child(document, media, "schema") };
}

/**
 * What an operation's request carries. A GET or DELETE that may have a body and need not is asked without one.
 * @param parameters of the operation: Swagger 2.0 has bodies among them
 */
export function bodyOf(
  document: LoadedDocument,
  { method, operation, parameters }: { method: string; operation: Found; parameters: readonly Found[] },
): WrittenBody {
  const none: WrittenBody = { kind: "none", required: false };
  const written = child(document, operation, "requestBody");
  const body = isSwagger(document)
    ? swaggerBody(document, operation, parameters)
    : written
      ? openApiBody(document, written)
      : none;
  const usual = ["POST", "PUT", "PATCH"].includes(method);
  return usual || body.required ? body : none;
}
