import type { Severity } from "../../base/finding.ts";
import type { Direction } from "../compare/change.ts";

export type { Direction } from "../compare/change.ts";

/** One kind of thing that can be said about a contract. Its id is stable: users waive and configure by it. */
export interface Rule {
  /** `contract/property-removed`. */
  id: string;
  /** Default severity by direction; `off`: not a change for that side. */
  severity: Readonly<Record<Direction, Severity | "off">>;
  /** One line for tables. */
  summary: string;
  /** What it does. */
  what: string;
  /** Why it matters to whoever reads the response, or sends the request. */
  why: string;
  /** Before and after, in a line or two. */
  example: string;
  /** What to do when it comes up. */
  todo: string;
}

/** What to do about drift that is there to stay. */
export const ACCEPT =
  "Adapt what depends on it, then take the new state into the contract with `integ accept`.";

/** A rule of the contract room. */
export function rule(
  name: string,
  severity: Rule["severity"],
  docs: Pick<Rule, "summary" | "what" | "why" | "example" | "todo">,
): Rule {
  return { id: `contract/${name}`, severity, ...docs };
}
