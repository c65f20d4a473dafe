import { ANY, type Shape } from "../shape.ts";
import type { Meet } from "./intersect.ts";
import { canonicalText, isObject, type JsonObject } from "./json.ts";
import type { ReadNode } from "./own-arrays.ts";
import type { Place } from "./place.ts";

interface Tools {
  place: Place;
  node: ReadNode;
  meet: Meet;
}

/** Keywords whose outcome decides what counts as evaluated. */
const CONDITIONAL = new Set(["if", "then", "else", "dependentSchemas", "not", "oneOf"]);

/** Whether a member itself says what the rest may be; then nothing is left unevaluated. */
function saysRest(schema: unknown, word: "additionalProperties" | "items", depth = 0): boolean {
  if (!isObject(schema) || depth > 8) return false;
  if (schema[word] !== undefined && !Array.isArray(schema[word])) return true;
  return ["allOf", "anyOf", "oneOf"].some((keyword) => {
    const members = schema[keyword];
    return Array.isArray(members) && members.some((member) => saysRest(member, word, depth + 1));
  });
}

function constrain(
  shape: Shape,
  keyword: "unevaluatedProperties" | "unevaluatedItems",
  schema: unknown,
): void {
  const text = canonicalText(schema);
  shape.constraints = [...shape.constraints, { keyword, key: "0", text, shape: undefined }];
}

/**
 * Applies `unevaluatedProperties` and `unevaluatedItems` to a shape that holds everything beside them. Where nothing beside
 * them is conditional, what is not named is what is not evaluated; elsewhere they become constraints.
 */
export function closeOver(shape: Shape, schema: JsonObject, { place, node, meet }: Tools): void {
  const conditional = shape.constraints.some(({ keyword }) => CONDITIONAL.has(keyword));
  const properties = schema["unevaluatedProperties"];
  if (properties !== undefined && !saysRest(schema, "additionalProperties")) {
    const rest = node(properties, place.at("unevaluatedProperties"));
    if (conditional) constrain(shape, "unevaluatedProperties", properties);
    else {
      shape.objects = shape.objects.map((facet) =>
        facet.additional === ANY ? { ...facet, additional: meet(facet.additional, rest) } : facet,
      );
    }
  }
  const items = schema["unevaluatedItems"];
  if (items === undefined || saysRest(schema, "items")) return;
  const rest = node(items, place.at("unevaluatedItems"));
  if (conditional || shape.arrays.some(({ contains }) => contains.length > 0))
    constrain(shape, "unevaluatedItems", items);
  else {
    shape.arrays = shape.arrays.map((facet) =>
      facet.items === ANY ? { ...facet, items: meet(facet.items, rest) } : facet,
    );
  }
}
