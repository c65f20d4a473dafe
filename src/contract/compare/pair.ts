import type { Shape } from "../shape.ts";
import type { Direction, LocalChange, Step } from "./change.ts";

/** Two nodes that correspond, what differs at them, and the pairs right below. Pairs form a graph as the shapes do. */
export interface Pair {
  readonly before: Shape;
  readonly after: Shape;
  readonly local: LocalChange[];
  readonly below: Edge[];
}

export interface Edge {
  step: Step;
  pair: Pair;
  /** The alternative that it leads through. */
  variant: string | undefined;
}

/** What comparing one pair needs of the whole. */
export interface Walk {
  readonly direction: Direction;
  /** Reports a difference at the pair in hand. */
  report(change: LocalChange): void;
  /** Has two nodes right below compared. */
  descend(step: Step, before: Shape, after: Shape): void;
}
