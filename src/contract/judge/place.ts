import type { Suspicion } from "./suspicion.ts";

/** Where a value stands. */
export interface Place {
  path: string;
  /** Name of the property, also for the items of its array; `""` at the root and in maps. */
  name: string;
  /** Name of the property that holds the object around it; `""` at the root and in maps. */
  around: string;
  depth: number;
  /** It is where a list endpoint puts its page. */
  page: boolean;
}

/** The body of a response. */
export const ROOT: Place = { path: "$", name: "", around: "", depth: 0, page: true };

/** What assessing gathers: suspicions, and how many questions were asked of the evidence. */
export interface Book {
  suspicions: Suspicion[];
  tests: number;
}

/** How a message calls a place. */
export function label({ path }: Place): string {
  return path === "$" ? "The body" : path;
}
