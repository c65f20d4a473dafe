import { isObject, type JsonObject, own, stringOf } from "../../contract/document/json.ts";
import type { Found } from "../../contract/document/library.ts";
import type { LoadedDocument } from "../../contract/document/load.ts";

/** What a value is, references followed; `undefined` where it is no object. */
function follow({ library }: LoadedDocument, found: Found | undefined): Found | undefined {
  let at = found;
  for (let step = 0; step < 20 && at && isObject(at.value); step++) {
    const reference = stringOf(own(at.value, "$ref"));
    if (reference === undefined) return at;
    at = library.resolve(reference, at.place);
  }
  return undefined;
}

/** What stands below a value by name or number, references followed. */
export function child(
  document: LoadedDocument,
  parent: Found | undefined,
  key: string | number,
): Found | undefined {
  if (!parent || typeof parent.value !== "object" || parent.value === null) return undefined;
  if (!Object.hasOwn(parent.value, key)) return undefined;
  const value: unknown = Reflect.get(parent.value, key);
  return follow(document, { value, place: parent.place.at(key) }) ?? { value, place: parent.place.at(key) };
}

/** The value as an object; an empty one where it is none. */
export function objectOf(found: Found | undefined): JsonObject {
  return found && isObject(found.value) ? found.value : {};
}

/** Whether a document is of version 2.0, where parameters are their own schemas and bodies are parameters. */
export const isSwagger = ({ root }: LoadedDocument): boolean =>
  isObject(root) && own(root, "swagger") !== undefined;
