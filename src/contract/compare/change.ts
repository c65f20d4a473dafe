import type { Source } from "../shape.ts";

/** Which way values flow: `response` is what we read, `request` what we send. */
export type Direction = "response" | "request";

/**
 * What a change does to the set of values. `widened`: there are new ones; `narrowed`: some are gone; `changed`: both, or it
 * cannot be told; `note`: the set is the same, what is said about it is not; `unknown`: it could not be judged.
 */
export type Effect = "widened" | "narrowed" | "changed" | "note" | "unknown";

/** One difference between two shapes. */
export interface Change {
  /** `contract/property-removed`: an id of the table of rules. */
  rule: string;
  /** JSONPath of the place: `$.data[*].email`. */
  path: string;
  effect: Effect;
  /** Whether it can break the other side: a reader by what is new, a sender by what is refused. */
  breaks: boolean;
  before?: string;
  after?: string;
  /** The alternative that it is about, where several stand at the path. */
  variant?: string;
  /** Where the two schemas stand, when they were read from documents. */
  source?: { before: Source | undefined; after: Source | undefined };
}

/** A change relative to the pair of nodes it was found at. */
export interface LocalChange {
  rule: string;
  effect: Effect;
  before?: string;
  after?: string;
  variant?: string;
  /** Where it is about something right below the node. */
  step?: Step;
}

/** From a node to one right below it. */
export type Step =
  | { kind: "property"; name: string }
  /** With a keyword: those items that it is about, `contains`. */
  | { kind: "item"; keyword?: string }
  | { kind: "position"; index: number }
  | { kind: "member" }
  | { kind: "key" }
  /** With a keyword: the same value, as far as it says: `then`, `dependentSchemas` … */
  | { kind: "self"; keyword?: string }
  /** Into `not` or `if`: any change inside is a change of its own kind outside. */
  | { kind: "opposite"; keyword: string };

/** Readers break on new values, senders on refused ones. */
export function breaksIn(effect: Effect, direction: Direction): boolean {
  if (effect === "changed") return true;
  return effect === (direction === "response" ? "widened" : "narrowed");
}
