import {
  ANY,
  type ArrayFacet,
  type Constraint,
  type Note,
  type NumberFacet,
  newId,
  type ObjectFacet,
  type Opaque,
  type Seen,
  type Shape,
  type Source,
  type StringFacet,
} from "../shape.ts";
import type { Found } from "./library.ts";

/** What a node allows, and what else is only known once its schema has been read. */
type Facets = Omit<Shape, "id" | "note" | "name" | "source" | "seen">;

const NOTHING: readonly never[] = [];

const none = (): Facets => ({
  null: false,
  boolean: 0,
  numbers: NOTHING,
  strings: NOTHING,
  arrays: NOTHING,
  objects: NOTHING,
  tag: undefined,
  constraints: NOTHING,
  opaque: NOTHING,
});

/** As long as nobody asked: most nodes stay like this, and share it. */
const UNREAD: Facets = Object.freeze(none());

/**
 * A node whose schema is read when somebody asks what it allows: of a large document most is never asked for. From outside it
 * is a shape like any other; nobody ever sees it half read.
 */
export class LazyShape implements Shape {
  readonly id = newId();
  note: Note | undefined = undefined;
  name: string | undefined = undefined;
  source: Source | undefined = undefined;
  seen: Seen | undefined = undefined;
  /** A schema that says just this, where one does. */
  origin: Found | undefined = undefined;
  #facets: Facets = UNREAD;
  #alternatives: readonly ObjectFacet[] | undefined;
  readonly #open: (shape: LazyShape) => void;
  #fill: ((shape: LazyShape) => void) | undefined;

  /**
   * @param open called when somebody asks for the first time what it allows; has to fill it
   * @param fill reads its schema, by assigning what it allows
   */
  constructor(open: (shape: LazyShape) => void, fill: (shape: LazyShape) => void) {
    this.#open = open;
    this.#fill = fill;
  }

  /** What is to be done to fill it, handed out once; `undefined` where that was done, or is being done. */
  begin(): ((shape: LazyShape) => void) | undefined {
    const fill = this.#fill;
    if (fill) this.#facets = none();
    this.#fill = undefined;
    return fill;
  }

  /** Makes it allow every value. */
  allowAll(): void {
    const { id: _, note: __, name: ___, source: ____, seen: _____, ...facets } = ANY;
    this.#facets = facets;
  }

  /** Makes it allow what another node allows. */
  allowAs(other: Shape): void {
    const { null: orNull, boolean, numbers, strings, arrays, tag, constraints, opaque } = other;
    const objects = alternativesOf(other);
    this.#facets = { null: orNull, boolean, numbers, strings, arrays, objects, tag, constraints, opaque };
  }

  /** Remembers its objects as they are before they are told apart: other nodes are put together from those. */
  keepAlternatives(): void {
    this.#alternatives ??= this.#facets.objects;
  }

  /** Its objects, not told apart. */
  get alternatives(): readonly ObjectFacet[] {
    return this.#alternatives ?? this.objects;
  }

  #ready(): Facets {
    if (this.#fill) this.#open(this);
    return this.#facets;
  }

  get null(): boolean {
    return this.#ready().null;
  }
  set null(value: boolean) {
    this.#facets.null = value;
  }

  get boolean(): Shape["boolean"] {
    return this.#ready().boolean;
  }
  set boolean(value: Shape["boolean"]) {
    this.#facets.boolean = value;
  }

  get numbers(): readonly NumberFacet[] {
    return this.#ready().numbers;
  }
  set numbers(value: readonly NumberFacet[]) {
    this.#facets.numbers = value;
  }

  get strings(): readonly StringFacet[] {
    return this.#ready().strings;
  }
  set strings(value: readonly StringFacet[]) {
    this.#facets.strings = value;
  }

  get arrays(): readonly ArrayFacet[] {
    return this.#ready().arrays;
  }
  set arrays(value: readonly ArrayFacet[]) {
    this.#facets.arrays = value;
  }

  get objects(): readonly ObjectFacet[] {
    return this.#ready().objects;
  }
  set objects(value: readonly ObjectFacet[]) {
    this.#facets.objects = value;
  }

  get tag(): string | undefined {
    return this.#ready().tag;
  }
  set tag(value: string | undefined) {
    this.#facets.tag = value;
  }

  get constraints(): readonly Constraint[] {
    return this.#ready().constraints;
  }
  set constraints(value: readonly Constraint[]) {
    this.#facets.constraints = value;
  }

  get opaque(): readonly Opaque[] {
    return this.#ready().opaque;
  }
  set opaque(value: readonly Opaque[]) {
    this.#facets.opaque = value;
  }
}

/** The objects that a node allows, for putting other nodes together: whether they have been told apart by then is chance. */
export function alternativesOf(shape: Shape): readonly ObjectFacet[] {
  return shape instanceof LazyShape ? shape.alternatives : shape.objects;
}
