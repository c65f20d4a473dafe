import { ANY, type ArrayFacet, arrayFacet, type Contains, NEVER, type Shape } from "../shape.ts";
import type { Checked } from "./checked.ts";
import type { Place } from "./place.ts";

/** Gives the node of a schema, filled later. */
export type ReadNode = (schema: unknown, place: Place) => Shape;

function tuple(checked: Checked, keyword: string, node: ReadNode): Shape[] {
  const place = checked.place.at(keyword);
  return (checked.list(keyword) ?? []).map((item, index) => node(item, place.at(index)));
}

function containsOf(checked: Checked, draft: number, node: ReadNode): Contains[] {
  const written = checked.schema["contains"];
  if (written === undefined || draft < 6) return [];
  const shape = node(written, checked.place.at("contains"));
  const min = draft >= 2019 ? (checked.size("minContains") ?? 1) : 1;
  const max = draft >= 2019 ? checked.size("maxContains") : undefined;
  return min === 0 && max === undefined ? [] : [{ shape, min, max }];
}

/** The items and the tuple before them, in the words of the draft. */
function itemsOf(checked: Checked, draft: number, node: ReadNode): { prefix: Shape[]; items: Shape } {
  const { schema, place } = checked;
  if (Array.isArray(schema["items"])) {
    if (draft === 2020)
      checked.problem("document/items-list", "`items` is a list: read as `prefixItems`", "items");
    const rest = schema["additionalItems"];
    return {
      prefix: tuple(checked, "items", node),
      items: rest === undefined ? ANY : node(rest, place.at("additionalItems")),
    };
  }
  const prefix = draft === 2020 ? tuple(checked, "prefixItems", node) : [];
  return { prefix, items: schema["items"] === undefined ? ANY : node(schema["items"], place.at("items")) };
}

/** The arrays that a schema's own keywords allow. */
export function ownArrays(checked: Checked, node: ReadNode): ArrayFacet {
  const { draft } = checked.place.scope.dialect;
  const { prefix, items } = itemsOf(checked, draft, node);
  const maxItems = checked.size("maxItems");
  return arrayFacet({
    items: maxItems !== undefined && maxItems <= prefix.length ? NEVER : items,
    prefix,
    minItems: checked.size("minItems") ?? 0,
    maxItems,
    unique: checked.flag("uniqueItems"),
    contains: containsOf(checked, draft, node),
  });
}
