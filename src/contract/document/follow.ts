import { isObject, own, stringOf } from "./json.ts";
import type { Found, Library } from "./library.ts";
import type { Place } from "./place.ts";

/** Follows references of anything but schemas: parameters, responses, path items. A ring ends. */
export function follow(library: Library, value: unknown, place: Place): Found {
  let found: Found = { value, place };
  for (let hops = 0; hops < 32; hops++) {
    const reference = isObject(found.value) ? stringOf(own(found.value, "$ref")) : undefined;
    const next = reference === undefined ? undefined : library.resolve(reference, found.place);
    if (!next) return found;
    found = next;
  }
  return found;
}
