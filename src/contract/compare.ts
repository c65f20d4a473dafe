import { compareAlternatives } from "./compare/alternatives.ts";
import { compareArrays } from "./compare/arrays.ts";
import type { Change, Direction } from "./compare/change.ts";
import { compareConstraints } from "./compare/constraints.ts";
import { compareBooleans, compareKinds } from "./compare/kinds.ts";
import { listChanges } from "./compare/list.ts";
import { compareNotes } from "./compare/notes.ts";
import { compareNumbers } from "./compare/numbers.ts";
import type { Edge, Pair, Walk } from "./compare/pair.ts";
import { compareStrings } from "./compare/strings.ts";
import { isUnknown, type Shape } from "./shape.ts";

/** So many pairs are compared between two pauses. */
const PAUSE = 4096;

export type { Change, Direction, Effect } from "./compare/change.ts";
export type { Edge, Pair } from "./compare/pair.ts";

/**
 * What changed from one shape to another. On the response side `next` must be within `contract`: whoever reads must be able
 * to read everything that may come now. On the request side it is the other way round. Nothing is reported for the same
 * shape; where no reported change `breaks`, no value that the one side may produce is refused by the other.
 */
export function compare(contract: Shape, next: Shape, direction: Direction): Change[] {
  return new Comparer(direction).changes(contract, next);
}

/**
 * Compares many pairs of shapes that share nodes, such as all operations of two documents: each pair of nodes is looked at
 * once, however many paths lead to it. Works by a list, not by recursion: depth costs no stack.
 */
export class Comparer {
  readonly direction: Direction;
  readonly #pairs = new Map<number, Map<number, Pair>>();
  readonly #open: Pair[] = [];
  readonly #same: (before: Shape, after: Shape) => boolean;
  readonly #pause: () => void;
  #count = 0;
  #filled = 0;

  /**
   * @param same tells two nodes of which it is known beforehand that nothing differs below: they are not looked into
   * @param pause called now and then in a long comparison; may throw to end it
   */
  constructor(
    direction: Direction,
    same: (before: Shape, after: Shape) => boolean = () => false,
    pause: () => void = () => {},
  ) {
    this.direction = direction;
    this.#same = same;
    this.#pause = pause;
  }

  /** Pairs of nodes looked at so far. */
  get pairs(): number {
    return this.#count;
  }

  /** The changes between two shapes, in the order in which they are met; a pair at many places is listed at the first 20. */
  changes(before: Shape, after: Shape, path = "$"): Change[] {
    const changes = listChanges(this.compare(before, after), path, this.direction);
    compareNotes(before.note, after.note, { property: false, direction: this.direction }, (change) =>
      changes.push({ ...change, path, breaks: false }),
    );
    return changes;
  }

  /** The graph of pairs below two shapes, everything compared. */
  compare(before: Shape, after: Shape): Pair {
    const root = this.#pair(before, after);
    for (let pair = this.#open.pop(); pair !== undefined; pair = this.#open.pop()) {
      this.#fill(pair);
      if (++this.#filled % PAUSE === 0) this.#pause();
    }
    return root;
  }

  #pair(before: Shape, after: Shape): Pair {
    let ofBefore = this.#pairs.get(before.id);
    if (ofBefore === undefined) {
      ofBefore = new Map();
      this.#pairs.set(before.id, ofBefore);
    }
    const known = ofBefore.get(after.id);
    if (known !== undefined) return known;
    const pair: Pair = { before, after, local: [], below: [] };
    ofBefore.set(after.id, pair);
    this.#count++;
    if (before !== after) this.#open.push(pair);
    return pair;
  }

  #fill({ before, after, local, below }: Pair): void {
    const walk: Walk = {
      direction: this.direction,
      report: (change) => local.push(change),
      descend: (step, a, b) => {
        if (a === b || this.#same(a, b)) return;
        if (step.kind !== "property") {
          const where = { property: false, direction: this.direction };
          compareNotes(a.note, b.note, where, (change) => local.push({ ...change, step }));
        }
        const edge: Edge = { step, pair: this.#pair(a, b), variant: undefined };
        below.push(edge);
      },
    };
    compareNode(before, after, walk);
  }
}

function compareNode(a: Shape, b: Shape, walk: Walk): void {
  // That what cannot be read allows everything is our ignorance, not a change.
  if (isUnknown(a) || isUnknown(b) || !compareKinds(a, b, walk)) {
    compareConstraints(a, b, walk);
    return;
  }
  compareBooleans(a, b, walk);
  compareNumbers(a.numbers, b.numbers, walk.report);
  compareStrings(a.strings, b.strings, walk.report);
  compareArrays(a.arrays, b.arrays, walk);
  compareAlternatives(a, b, walk);
  compareConstraints(a, b, walk);
}
