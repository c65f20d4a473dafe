import { compare } from "../../contract/compare.ts";
import type { ShadowDifference } from "./shadow.ts";
import { shapesOf } from "./value-shape.ts";

/** What the other answer does to code that reads the first. */
export function differencesOf(active: unknown, shadow: unknown): ShadowDifference[] {
  return compare(...shapesOf(active, shadow), "response").map(({ rule, path, breaks }) => ({
    rule,
    path,
    breaks,
  }));
}
