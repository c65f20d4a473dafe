import { ANY, type ObjectFacet } from "../shape.ts";
import type { Place } from "./place.ts";
import type { Level } from "./suspicion.ts";

const CURSOR =
  /cursor|^(?:next|prev|previous|first|last|after|before|self|offset|page|pages|has_?(?:more|next|prev(?:ious)?)|(?:next|prev|previous)_?(?:page|url|uri|link|token|href|offset|marker|key|start|results?|records?|batch).*|continuation.*|starting_after|ending_before|@odata\.nextLink|nextPageToken|links?|paging)$/i;

/** What a page says of itself, whichever page it is: none of many pages without it is more than the nature of paging. */
const STEADY = /^(?:page|has_?(?:more|next|prev(?:ious)?)|links?|paging)$/i;

/** What leads to another page. Its properties come and go with it, and are ordinary as long as it is there. */
const STEP = /^(?:next|prev|previous)$/i;

/**
 * How much can be made of a property that is missing or null, when it may move through pages: there on one page and not on
 * another, which is never drift.
 * @param total it is so in all live objects
 */
export function cursorLimit({ name, around }: Pick<Place, "name" | "around">, total: boolean): Level {
  if (!CURSOR.test(name) || STEP.test(around)) return "certain";
  return total && STEADY.test(name) ? "likely" : "hint";
}

const LIST = /^(?:data|items|results|records|value|values|entries|list|objects|rows|content|hits)$/i;

/** Whether a property of the body is where list endpoints put their page: by its name, or as the only list of objects. */
export function isPage(name: string, body: ObjectFacet): boolean {
  if (LIST.test(name)) return true;
  const lists = [...body.properties].filter(([, { shape }]) =>
    shape.arrays.some(({ items }) => items !== ANY && items.objects.length > 0),
  );
  return lists.length === 1 && lists[0]?.[0] === name;
}
