import type { Query, QueryValue } from "../exchange/request.ts";
import type { Place } from "./strategy.ts";

/** A place as text that can be stored and sent around. */
export function encodeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place), "utf8").toString("base64url");
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

const isValue = (value: unknown): value is QueryValue =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function isQuery(value: unknown): value is Query {
  return typeof value === "object" && value !== null && Object.values(value).every(isValue);
}

/**
 * The place that a cursor stands for.
 * @throws TypeError where it is no cursor of ours
 */
export function decodeCursor(cursor: string): Place {
  const place = parse(cursor);
  if (typeof place === "object" && place !== null) {
    if ("query" in place && isQuery(place.query)) return { query: place.query };
    if ("path" in place && typeof place.path === "string") return { path: place.path };
  }
  throw new TypeError("`from` is not the cursor of a page: give back what a page's `cursor` said");
}
