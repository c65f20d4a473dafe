import type { Direction } from "../compare/change.ts";
import type { Found } from "./library.ts";
import type { Calendar } from "./lifecycle.ts";

/** What the comparison of an operation's parts needs of the whole: reads schemas of both sides and has them compared. */
export interface Both {
  readonly calendar: Calendar;
  wants(direction: Direction): boolean;
  /** Whether a schema of the new document allows lists or objects, and is about them: `{}` says nothing. */
  holdsSeveral(schema: Found | undefined): boolean;
  /** Has two schemas compared; nothing happens where one of them is missing. */
  schemas(direction: Direction, where: string, before: Found | undefined, after: Found | undefined): void;
}
