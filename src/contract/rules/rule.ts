import type { Severity } from "../../base/finding.ts";

/** Which way values flow: `response` is what we read, `request` what we send. */
export type Direction = "response" | "request";

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
