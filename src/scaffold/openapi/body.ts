import type { Found } from "../../contract/document/library.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";
import type { BodySpec } from "../spec.ts";
import { child, isSwagger, objectOf } from "./walk.ts";

/** A body that is JSON, or may be anything. */
export const JSON_TYPE = /^application\/(.+\+)?json\b|^\*\/\*/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

/** JSON where the API takes it, else a form, else whatever the caller makes. */
function kindOf(types: readonly string[]): BodySpec["kind"] {
  if (types.length === 0 || types.some((type) => JSON_TYPE.test(type))) return "json";
  return types.some((type) => FORM_TYPE.test(type)) ? "form" : "raw";
}

function swaggerBody(document: LoadedDocument, operation: Found, parameters: readonly Found[]): BodySpec {
  const of = (place: string) => parameters.map(objectOf).filter((parameter) => parameter.in === place);
  const [body] = of("body");
  const consumes =
    child(document, operation, "consumes") ?? child(document, document.library.entry, "consumes");
  const types = Array.isArray(consumes?.value) ? consumes.value.map(String) : [];
  if (body) return { kind: kindOf(types), required: body.required === true };
  const fields = of("formData");
  if (fields.length === 0) return { kind: "none", required: false };
  const asForm = types.length === 0 || types.some((type) => FORM_TYPE.test(type));
  const required = fields.some((field) => field.required === true);
  return { kind: asForm ? "form" : "raw", required };
}

/**
 * What an operation's request carries. A GET or DELETE that may have a body and need not is asked without one.
 * @param parameters of the operation: Swagger 2.0 has bodies among them
 */
export function bodyOf(
  document: LoadedDocument,
  { method, operation, parameters }: { method: string; operation: Found; parameters: readonly Found[] },
): BodySpec {
  const written = child(document, operation, "requestBody");
  const body: BodySpec = isSwagger(document)
    ? swaggerBody(document, operation, parameters)
    : written
      ? {
          kind: kindOf(Object.keys(objectOf(child(document, written, "content")))),
          required: objectOf(written).required === true,
        }
      : { kind: "none", required: false };
  const usual = ["POST", "PUT", "PATCH"].includes(method);
  return usual || body.required ? body : { kind: "none", required: false };
}
