import { ANY, isAny, isMap, isNever, type ObjectFacet, type Shape, type StringFacet } from "../shape.ts";

const MAX_NAMES = 5;
const MAX_DEPTH = 3;

/** A shape in a few words for people: `string (uuid) or null`, `array of object {id, name}`, `"a" or "b"`. */
export function describeShape(shape: Shape, depth = 0): string {
  if (isAny(shape)) return "anything";
  if (isNever(shape)) return "nothing";
  const parts: string[] = [];
  for (const facet of shape.objects) parts.push(describeObject(facet, depth));
  for (const facet of shape.arrays) {
    const deep = depth >= MAX_DEPTH || facet.items === ANY;
    parts.push(deep ? "array" : `array of ${describeShape(facet.items, depth + 1)}`);
  }
  for (const facet of shape.strings) parts.push(describeString(facet));
  for (const facet of shape.numbers) {
    if (facet.enum) parts.push(listed([...facet.enum].map(String)));
    else parts.push(facet.integer ? "integer" : "number");
  }
  if (shape.boolean === 3) parts.push("boolean");
  else if (shape.boolean !== 0) parts.push(shape.boolean === 1 ? "true" : "false");
  if (shape.null) parts.push("null");
  return [...new Set(parts)].join(" or ");
}

function listed(members: readonly string[]): string {
  const shown = members.slice(0, MAX_NAMES).join(" or ");
  return members.length > MAX_NAMES ? `${shown} or ${members.length - MAX_NAMES} more` : shown;
}

function describeString(facet: StringFacet): string {
  if (facet.enum) return listed([...facet.enum].map((member) => JSON.stringify(member)));
  const prefix = /^\^([a-z_]+_)$/.exec(facet.patterns[0] ?? "")?.[1];
  if (prefix !== undefined) return `string starting with ${prefix}`;
  const known = facet.format ?? FORMAT_WORDS.get(facet.patterns[0] ?? "");
  if (known !== undefined) return `string (${known})`;
  return facet.patterns.length > 0 ? `string matching ${facet.patterns.join(" and ")}` : "string";
}

const FORMAT_WORDS: ReadonlyMap<string, string> = new Map([
  ["^-?[0-9]+$", "integer"],
  ["^-?[0-9]+\\.[0-9]+$", "decimal"],
  ["^-?[0-9]+(?:\\.[0-9]+)?$", "number"],
  ["^[A-Z]{3}$", "currency code"],
  ["^[a-z]{3}$", "currency code"],
  ["^[A-Z]{2}$", "country code"],
  ["^https?://", "URL"],
]);

function describeObject(facet: ObjectFacet, depth: number): string {
  if (isMap(facet))
    return depth >= MAX_DEPTH ? "map" : `map of ${describeShape(facet.additional, depth + 1)}`;
  const names = [...facet.properties.keys()].sort();
  if (names.length === 0) return "object";
  const shown = names.slice(0, MAX_NAMES).join(", ");
  return `object {${shown}${names.length > MAX_NAMES ? ", …" : ""}}`;
}
