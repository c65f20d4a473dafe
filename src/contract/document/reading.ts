import type { Direction } from "../compare/change.ts";
import type { Found } from "./library.ts";
import type { Calendar } from "./lifecycle.ts";

/** What the comparison of an operation's parts needs of the whole: reads schemas of both sides and has them compared. */
export interface Both {
  readonly calendar: Calendar;
  wants(direction: Direction): boolean;
  /** Has two schemas compared; nothing happens where one of them is missing. */
  schemas(direction: Direction, where: string, before: Found | undefined, after: Found | undefined): void;
}
