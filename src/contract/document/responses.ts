import type { HeaderModel, Media, ResponseModel } from "./api.ts";
import { follow } from "./follow.ts";
import { isObject, type JsonObject, own } from "./json.ts";
import type { Library } from "./library.ts";
import { mediaKey, mediaOf, schemaOfParameter } from "./media.ts";
import type { Place } from "./place.ts";

/**
 * The responses of an operation, by status.
 * @param produces media types of Swagger 2, which writes one schema for all of them; `undefined` in OpenAPI 3
 */
export function readResponses(
  library: Library,
  operation: JsonObject,
  place: Place,
  produces: readonly string[] | undefined,
): Map<string, ResponseModel> {
  const responses = new Map<string, ResponseModel>();
  const written = own(operation, "responses");
  for (const [status, response] of Object.entries(isObject(written) ? written : {})) {
    if (status.startsWith("x-")) continue;
    const { value, place: at } = follow(library, response, place.under("responses", status));
    if (!isObject(value)) continue;
    const content = produces
      ? swaggerContent(value, at, produces)
      : mediaOf(library, own(value, "content"), at.at("content"));
    const headers = readHeaders(library, own(value, "headers"), at.at("headers"), produces !== undefined);
    responses.set(status.toUpperCase().replace("DEFAULT", "default"), {
      status,
      content,
      headers,
      place: at,
    });
  }
  return responses;
}

function swaggerContent(response: JsonObject, place: Place, produces: readonly string[]): Map<string, Media> {
  const schema = own(response, "schema");
  if (schema === undefined) return new Map();
  const names = produces.length > 0 ? produces : ["application/json"];
  const found = { value: schema, place: place.at("schema") };
  return new Map(names.map((name) => [mediaKey(name), { name, schema: found, place }]));
}

function readHeaders(
  library: Library,
  written: unknown,
  place: Place,
  swagger: boolean,
): Map<string, HeaderModel> {
  const headers = new Map<string, HeaderModel>();
  for (const [name, header] of Object.entries(isObject(written) ? written : {})) {
    const { value, place: at } = follow(library, header, place.at(name));
    if (!isObject(value)) continue;
    headers.set(name.toLowerCase(), {
      name,
      required: own(value, "required") === true,
      schema: schemaOfParameter(value, at, swagger) ?? { value: {}, place: at },
      place: at,
    });
  }
  return headers;
}
