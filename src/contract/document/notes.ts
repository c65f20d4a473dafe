import type { Json, Note } from "../shape.ts";
import { boundedJson, type JsonObject, own, stringOf } from "./json.ts";

const SAYS_SOMETHING = [
  "deprecated",
  "x-deprecated",
  "x-sunset",
  "readOnly",
  "writeOnly",
  "default",
  "title",
  "x-stability-level",
];

/** A default as JSON; `undefined` stays away. */
function isJson(value: unknown): value is Json {
  return (
    value !== undefined &&
    typeof value !== "function" &&
    typeof value !== "symbol" &&
    typeof value !== "bigint"
  );
}

/** What a schema says about values without restricting them; `undefined` where it says nothing. */
export function noteOfSchema(schema: JsonObject): Note | undefined {
  if (!SAYS_SOMETHING.some((word) => schema[word] !== undefined)) return undefined;
  const note: Note = {};
  if (schema["deprecated"] === true || schema["x-deprecated"] === true) note.deprecated = true;
  const sunset = sunsetOf(schema);
  if (sunset !== undefined) note.sunset = sunset;
  if (schema["readOnly"] === true) note.readOnly = true;
  if (schema["writeOnly"] === true) note.writeOnly = true;
  const preset = boundedJson(own(schema, "default"));
  if (isJson(preset)) note.default = preset;
  const title = stringOf(schema["title"]);
  if (title !== undefined) note.title = title;
  const stability = stringOf(schema["x-stability-level"]);
  if (stability !== undefined) note.stability = stability;
  return Object.keys(note).length === 0 ? undefined : note;
}

/** `x-sunset` as it was written; a date that YAML made of it as ISO text. */
export function sunsetOf(object: JsonObject): string | undefined {
  const written = object["x-sunset"];
  if (written === undefined || written === null) return undefined;
  return written instanceof Date ? written.toISOString().slice(0, 10) : String(written);
}
