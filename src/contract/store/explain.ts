import { pointerKeys } from "../document/place.ts";
import { placesInJson } from "../document/text/json-places.ts";
import { parseAsJson } from "../document/text/parse.ts";
import { type Position, positionAt } from "../document/text/text.ts";
import { SchemaError } from "./read-schema.ts";

const CONFLICT = /^[ \t]*<{7} /m;

/** What is wrong with the text of a contract, and where. */
export function explain(text: string, error: unknown): { reason: string; position?: Position } {
  const conflict = CONFLICT.exec(text);
  if (conflict) {
    return {
      reason: "it has the marks of a merge conflict, which is to be resolved first",
      position: positionAt(text, conflict.index),
    };
  }
  if (error instanceof SchemaError) {
    const { message, pointer } = error;
    const [position] = placesInJson(Buffer.from(text))([pointerKeys(pointer)]);
    const reason = pointer === "" ? message : `${message} at ${pointer}`;
    return { reason, ...(position ? { position } : {}) };
  }
  const parsed = parseAsJson(Buffer.from(text));
  if (parsed.ok) return { reason: error instanceof Error ? error.message : String(error) };
  const { line, column } = parsed.problem;
  return { reason: "it is no valid JSON", position: { line, column } };
}
