import type { Direction } from "../compare/change.ts";
import { insideOf, keywordOf, pairsWithChanges, stepPath, toChange, within } from "../compare/list.ts";
import { compareNotes } from "../compare/notes.ts";
import type { Comparer, Pair } from "../compare.ts";
import { ANY, type Property } from "../shape.ts";
import { type Changes, type Said, said } from "./changes.ts";
import { numbersIn, touchedBy } from "./reach.ts";

/** A schema of an operation, compared: where it stands, and the graph of pairs below it. */
interface Root {
  subject: string;
  where: string;
  pair: Pair;
}

const NO_PARAMETER = /^(?:$|request body|payload|response|answer)/;

/** A pair with changes, where it was first met. */
interface Met {
  root: Root;
  path: string;
  /** What the path leads through and does not show: `propertyNames`, `then` … */
  keyword: string | undefined;
}

/**
 * The schemas of all operations of two documents, one side of them. A difference in a shared schema is one difference: it is
 * told at the first place that reaches it, with the operations that it touches.
 */
export class SchemaRoots {
  readonly #comparer: Comparer;
  readonly #roots: Root[] = [];
  readonly #identity = new PropertyIdentity();

  constructor(comparer: Comparer) {
    this.#comparer = comparer;
  }

  get direction(): Direction {
    return this.#comparer.direction;
  }

  /** Pairs of nodes that were compared. */
  get pairs(): number {
    return this.#comparer.pairs;
  }

  add(subject: string, where: string, before: Pair["before"], after: Pair["after"]): void {
    this.#roots.push({ subject, where, pair: this.#comparer.compare(before, after) });
  }

  /** Tells everything that differs. */
  report(changes: Changes): void {
    const below = this.#roots.map(({ pair }) => ({
      step: { kind: "self" as const },
      pair,
      variant: undefined,
    }));
    const dirty = pairsWithChanges({ before: ANY, after: ANY, local: [], below });
    const subjects = [...new Set(this.#roots.map(({ subject }) => subject))];
    const numbers = new Map(subjects.map((subject, index) => [subject, index]));
    const touched = touchedBy(
      this.#roots.map(({ pair }) => pair),
      this.#roots.map(({ subject }) => numbers.get(subject) ?? 0),
      dirty,
    );
    for (const root of this.#roots) this.#noteOfRoot(root, changes);
    for (const [pair, met] of this.#meet(dirty)) {
      const bits = touched.get(pair);
      // The operation where it was met comes first.
      const all = bits ? numbersIn(bits).map((number) => subjects[number] ?? "") : [];
      this.#tell(pair, met, { subjects: [met.root.subject, ...all], dirty, changes });
    }
  }

  /** The pairs with changes, each by the shortest path that leads there from any operation: that is where people look for it. */
  #meet(dirty: ReadonlySet<Pair>): Map<Pair, Met> {
    const met = new Map<Pair, Met>();
    for (const root of this.#roots)
      if (dirty.has(root.pair) && !met.has(root.pair))
        met.set(root.pair, { root, path: "$", keyword: undefined });
    // A map gives what is added while it is walked: level by level.
    for (const [pair, { root, path, keyword }] of met) {
      for (const { step, pair: next } of pair.below) {
        if (step.kind === "opposite" || met.has(next) || !dirty.has(next)) continue;
        met.set(next, { root, path: stepPath(path, step), keyword: keywordOf(step) ?? keyword });
      }
    }
    return met;
  }

  #tell(
    pair: Pair,
    { root, path: at, keyword }: Met,
    to: { subjects: readonly string[]; dirty: ReadonlySet<Pair>; changes: Changes },
  ): void {
    const { direction } = this;
    for (const local of localChanges(pair, to.dirty)) {
      const { rule, path, effect, breaks, before, after, variant, source } = toChange(
        within(keyword, local),
        pair,
        at,
        direction,
      );
      const places = source ?? { before: undefined, after: undefined };
      const given: Said = said({ rule, direction, where: root.where, path, effect, breaks, source: places });
      if (before !== undefined) given.before = before;
      if (after !== undefined) given.after = after;
      if (variant !== undefined) given.variant = variant;
      const same = this.#identity.of(pair, local);
      if (same === undefined) to.changes.add(to.subjects, given);
      else to.changes.add(to.subjects, given, `${direction} ${rule} ${before ?? ""} ${after ?? ""} ${same}`);
    }
  }

  /** What is said about a whole body stands at no edge. */
  #noteOfRoot({ subject, where, pair }: Root, changes: Changes): void {
    const { direction } = this;
    const source = { before: pair.before.source, after: pair.after.source };
    compareNotes(pair.before.note, pair.after.note, { property: false, direction }, (change) => {
      // The default of a parameter is told as one of its own.
      if (change.rule === "contract/default-changed" && !NO_PARAMETER.test(where)) return;
      const { step: _, ...rest } = change;
      changes.add([subject], said({ direction, where, path: "$", source, ...rest }));
    });
  }
}

/**
 * Tells whether two changes are about the very same property: an object that is an alternative in one place and alone in
 * another is two nodes, and its properties are the same.
 */
class PropertyIdentity {
  readonly #numbers = new WeakMap<Property, number>();
  #last = 0;

  /** `undefined` where it is not about a property, or about one of several alternatives that have it. */
  of({ before, after }: Pair, { step, variant }: Pair["local"][number]): string | undefined {
    if (step?.kind !== "property") return undefined;
    const [a, b] = [before, after].map(({ objects }) => {
      const having = objects.filter((facet) => facet.properties.has(step.name));
      return having.length > 1 && variant !== undefined
        ? having.filter((facet) => facet.variant === variant)
        : having;
    });
    if (!a || !b || a.length > 1 || b.length > 1) return undefined;
    return [a[0], b[0]].map((facet) => this.#number(facet?.properties.get(step.name))).join(" ");
  }

  #number(property: Property | undefined): number {
    if (!property) return 0;
    const known = this.#numbers.get(property) ?? ++this.#last;
    this.#numbers.set(property, known);
    return known;
  }
}

function localChanges(pair: Pair, dirty: ReadonlySet<Pair>): Pair["local"] {
  const inside = pair.below.flatMap(({ step, pair: next }) =>
    step.kind === "opposite" && dirty.has(next) ? [insideOf(step.keyword)] : [],
  );
  return inside.length === 0 ? pair.local : [...pair.local, ...inside];
}
