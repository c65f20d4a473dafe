/**
 * The one internal form of every schema: declared ones (JSON Schema of any draft, OpenAPI) and inferred ones.
 *
 * A **Shape** is a node of a graph and stands for a set of JSON values. It is a union of facets, grouped by kind:
 * `null` · `boolean` · `numbers[]` · `strings[]` · `arrays[]` · `objects[]`. A value belongs to the shape when *one*
 * facet of its kind accepts it and all `constraints` hold. A kind without facets is not allowed, so a shape without any
 * facet is `NEVER`; `ANY` has one unconstrained facet of each kind. There is no node for "union" or "reference":
 *
 * - `oneOf`/`anyOf`/`type: [..]`/`nullable` become facets of one shape (`unite`), objects stay apart as alternatives,
 *   which `tag` tells apart where a property does so;
 * - `$ref` is an edge to the very same node, so cycles are cycles of the graph. Nothing is ever expanded; whoever walks
 *   keeps a memo on ids (one shape) or pairs of ids (two).
 *
 * Writing a reader: `createShape()` first, remember it under the schema's location, then fill its facets (nodes are
 * mutable until they are handed out). Fill by a work list, not by recursion: property and item schemas only need the
 * *node*; only `allOf`/`oneOf`/`anyOf` members need a *filled* node. What cannot be expressed goes to `constraints`
 * (compared by meaning where both sides have it, by text otherwise) or, where not even its text can be compared, to
 * `opaque`: comparison then says `inconclusive` instead of guessing.
 *
 * **Evidence** (`seen`, `ObjectFacet.count`) is optional and says how often things were observed. A shape without it is an
 * ordinary declared schema. Comparison of shapes ignores it; judging live traffic stands on it.
 *
 * This module and `compare` import nothing from outside `contract/shape*` and `contract/compare*`: the runtime uses them.
 */

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type Kind = "null" | "boolean" | "number" | "string" | "array" | "object";

export interface Shape {
  /** Unique in this process: the key of memos. */
  readonly id: number;
  null: boolean;
  /** Bit 1: `true` is allowed; bit 2: `false` is. */
  boolean: 0 | 1 | 2 | 3;
  numbers: readonly NumberFacet[];
  strings: readonly StringFacet[];
  arrays: readonly ArrayFacet[];
  objects: readonly ObjectFacet[];
  /** The property that tells `objects` apart; each then has its `variant`. */
  tag: string | undefined;
  /** What must hold besides the facets: `not`, `if`, `dependentSchemas` … */
  constraints: readonly Constraint[];
  /** What could not be read: comparison is inconclusive where the two sides differ in it. */
  opaque: readonly Opaque[];
  note: Note | undefined;
  /** How a person calls it: `#/components/schemas/Customer`. Helps to pair alternatives; never decides equality. */
  name: string | undefined;
  source: Source | undefined;
  seen: Seen | undefined;
}

/** One bound of a range. */
export interface Bound {
  value: number;
  exclusive: boolean;
}

export interface NumberFacet {
  integer: boolean;
  /** The only values allowed; the other fields then only annotate. */
  enum: ReadonlySet<number> | undefined;
  min: Bound | undefined;
  max: Bound | undefined;
  multipleOf: number | undefined;
  /** `int32`, `int64`, `float`, `double`, `epoch-seconds`, `epoch-milliseconds` … */
  format: string | undefined;
}

export interface StringFacet {
  /** The only values allowed; the other fields then only annotate. */
  enum: ReadonlySet<string> | undefined;
  /** The provider says that values will be added (`x-extensible-enum`). */
  extensible: boolean;
  format: string | undefined;
  /** ECMAScript regular expressions that all must match (unanchored), sorted. */
  patterns: readonly string[];
  /** Code points. */
  minLength: number;
  maxLength: number | undefined;
  /** `contentMediaType` and `contentEncoding`. */
  mediaType: string | undefined;
  encoding: string | undefined;
}

export interface ArrayFacet {
  /** Every item after `prefix`; `NEVER` where none may follow. */
  items: Shape;
  /** Items by position (tuples). */
  prefix: readonly Shape[];
  minItems: number;
  maxItems: number | undefined;
  unique: boolean;
  contains: readonly Contains[];
}

export interface Contains {
  shape: Shape;
  min: number;
  max: number | undefined;
}

export interface Property {
  shape: Shape;
  required: boolean;
  /** What the place of use says; where absent, `shape.note` holds. */
  note: Note | undefined;
}

export interface ObjectFacet {
  properties: ReadonlyMap<string, Property>;
  /** `patternProperties`: a key may match several. */
  patterns: readonly PatternProperty[];
  /** Values of keys not named above: `ANY` is an open object, `NEVER` a closed one, anything else a map or a typed rest. */
  additional: Shape;
  /** What keys must look like (`propertyNames`). */
  keys: Shape | undefined;
  minProperties: number;
  maxProperties: number | undefined;
  /** `dependentRequired`: with this key, those must be there too. */
  dependentRequired: ReadonlyMap<string, readonly string[]>;
  /** The tag's value, or several joined by `|`, where `Shape.tag` is set; else undefined. */
  variant: string | undefined;
  /** As `Shape.name`, of the alternative. */
  name: string | undefined;
  /** Evidence: how many objects of this alternative were seen. */
  count: number | undefined;
}

export interface PatternProperty {
  pattern: string;
  shape: Shape;
}

/** What a facet cannot say. Two constraints correspond when `keyword` and `key` are equal; equal `text` means unchanged. */
export interface Constraint {
  keyword:
    | "not"
    | "if"
    | "then"
    | "else"
    | "dependentSchemas"
    | "unevaluatedProperties"
    | "unevaluatedItems"
    | "contentSchema"
    | "oneOf";
  /** Tells constraints of one keyword apart (`dependentSchemas`: the property; else a counter). */
  key: string;
  /** The schema as canonical JSON text: sorted keys, references as written. */
  text: string;
  /** The same as a shape, where it can be one; then the two sides are compared by meaning. */
  shape: Shape | undefined;
}

/** Something that could not be understood, and why, in the reader's words. */
export interface Opaque {
  keyword: string;
  reason: string;
  /** Canonical JSON text of what was not understood. Equal on both sides: nothing changed as far as anyone can tell. */
  text: string;
}

/** What is said about values without restricting them. Absent fields are not said. */
export interface Note {
  deprecated?: boolean;
  /** ISO date of the announced removal. */
  sunset?: string;
  /** In responses only. */
  readOnly?: boolean;
  /** In requests only. */
  writeOnly?: boolean;
  default?: Json;
  title?: string;
  /** `x-stability-level` and its like: draft, alpha, beta, stable. */
  stability?: string;
}

/** Where a schema stands. Line and column count from 1 where they are known. */
export interface Source {
  file: string;
  /** JSON pointer, `/components/schemas/Customer`. */
  pointer: string;
  line?: number;
  column?: number;
}

/** Counted observations of the values at one place. Sums under `merge`. */
export interface Seen {
  /** Values at this place, null included. */
  count: number;
  /** Distinct responses (samples) that had a value here: items of one page are not independent. */
  responses: number;
  null: number;
  boolean: number;
  integer: number;
  /** Numbers with a fraction or an exponent that makes one. */
  float: number;
  string: number;
  array: number;
  object: number;
  /** Arrays without an item: nothing is known of their items. */
  emptyArrays: number;
  /** Powers of ten around the numbers other than zero, by magnitude: `10 ** low <= |x| <= 10 ** high`; 0 and -1 without any. */
  low: number;
  high: number;
  /** Sum of log10 of the magnitudes, over `logs` numbers other than zero. */
  logSum: number;
  logs: number;
}

let lastId = 0;

/** A number that no other node of this process has. */
export function newId(): number {
  return ++lastId;
}

const NONE: readonly never[] = [];

/** A new node that allows nothing yet. */
export function createShape(): Shape {
  return {
    id: newId(),
    null: false,
    boolean: 0,
    numbers: NONE,
    strings: NONE,
    arrays: NONE,
    objects: NONE,
    tag: undefined,
    constraints: NONE,
    opaque: NONE,
    note: undefined,
    name: undefined,
    source: undefined,
    seen: undefined,
  };
}

/** A facet of numbers: every one where nothing is given. */
export function numberFacet(given: Partial<NumberFacet> = {}): NumberFacet {
  const { integer = false, min, max, multipleOf, format } = given;
  return { integer, enum: given.enum, min, max, multipleOf, format };
}

/** A facet of strings: every one where nothing is given. */
export function stringFacet(given: Partial<StringFacet> = {}): StringFacet {
  const { extensible = false, format, patterns = [], minLength = 0, maxLength, mediaType, encoding } = given;
  return { enum: given.enum, extensible, format, patterns, minLength, maxLength, mediaType, encoding };
}

/** A facet of arrays: every one where nothing is given. */
export function arrayFacet(given: Partial<ArrayFacet> = {}): ArrayFacet {
  const { items = ANY, prefix = [], minItems = 0, maxItems, unique = false, contains = [] } = given;
  return { items, prefix, minItems, maxItems, unique, contains };
}

const NO_PROPERTIES: ReadonlyMap<string, Property> = new Map();
const NO_DEPENDENCIES: ReadonlyMap<string, readonly string[]> = new Map();

/** A facet of objects: every one where nothing is given. */
export function objectFacet(given: Partial<ObjectFacet> = {}): ObjectFacet {
  const { properties = NO_PROPERTIES, patterns = [], additional = ANY, keys } = given;
  const {
    minProperties = 0,
    maxProperties,
    dependentRequired = NO_DEPENDENCIES,
    variant,
    name,
    count,
  } = given;
  return {
    properties,
    patterns,
    additional,
    keys,
    minProperties,
    maxProperties,
    dependentRequired,
    variant,
    name,
    count,
  };
}

/** The shape of no value: `false`. */
export const NEVER: Shape = createShape();

/** The shape of every value: `true`, `{}`. Refers to itself for items and properties. */
export const ANY: Shape = createShape();
ANY.null = true;
ANY.boolean = 3;
ANY.numbers = [numberFacet()];
ANY.strings = [stringFacet()];
ANY.arrays = [arrayFacet()];
ANY.objects = [objectFacet()];

/** A new node with the given fields, everything else not allowed. */
export function shapeOf(given: Partial<Omit<Shape, "id">>): Shape {
  return Object.assign(createShape(), given);
}

export function isNever(shape: Shape): boolean {
  return (
    !shape.null &&
    shape.boolean === 0 &&
    shape.numbers.length === 0 &&
    shape.strings.length === 0 &&
    shape.arrays.length === 0 &&
    shape.objects.length === 0
  );
}

/** Whether nothing is said: the node itself, or one that reads the same (`{}` with a title). Cheap, not recursive. */
export function isAny(shape: Shape): boolean {
  return shape === ANY || (shape.opaque.length === 0 && isOpen(shape));
}

/** Nothing is known of it: it could not be read, and says nothing besides. */
export const isUnknown = (shape: Shape): boolean => shape.opaque.length > 0 && isOpen(shape);

function isOpen(shape: Shape): boolean {
  const [array] = shape.arrays;
  const [object] = shape.objects;
  return (
    shape.null &&
    shape.boolean === 3 &&
    shape.numbers.some(isPlainNumber) &&
    shape.strings.some(isPlainString) &&
    array !== undefined &&
    isPlainArray(array) &&
    object !== undefined &&
    isPlainObject(object) &&
    shape.constraints.length === 0
  );
}

/** Every number, integers and fractions. A format only annotates. */
export function isPlainNumber(facet: NumberFacet): boolean {
  return !facet.integer && !facet.enum && !facet.min && !facet.max && facet.multipleOf === undefined;
}

/** Every string, without a format that tells more. */
export function isPlainString(facet: StringFacet): boolean {
  return (
    facet.enum === undefined &&
    facet.format === undefined &&
    facet.patterns.length === 0 &&
    facet.minLength === 0 &&
    facet.maxLength === undefined &&
    facet.mediaType === undefined &&
    facet.encoding === undefined
  );
}

function isPlainArray(facet: ArrayFacet): boolean {
  return (
    facet.items === ANY &&
    facet.prefix.length === 0 &&
    facet.minItems === 0 &&
    facet.maxItems === undefined &&
    !facet.unique &&
    facet.contains.length === 0
  );
}

function isPlainObject(facet: ObjectFacet): boolean {
  return (
    facet.properties.size === 0 &&
    facet.patterns.length === 0 &&
    facet.additional === ANY &&
    facet.keys === undefined &&
    facet.minProperties === 0 &&
    facet.maxProperties === undefined &&
    facet.dependentRequired.size === 0
  );
}

/** The kinds of values allowed, in a fixed order. */
export function kindsOf(shape: Shape): Kind[] {
  const kinds: Kind[] = [];
  if (shape.null) kinds.push("null");
  if (shape.boolean !== 0) kinds.push("boolean");
  if (shape.numbers.length > 0) kinds.push("number");
  if (shape.strings.length > 0) kinds.push("string");
  if (shape.arrays.length > 0) kinds.push("array");
  if (shape.objects.length > 0) kinds.push("object");
  return kinds;
}

/** Whether values are a map rather than a record: no named property, and a typed rest. */
export function isMap(facet: ObjectFacet): boolean {
  return facet.properties.size === 0 && facet.additional !== ANY && facet.additional !== NEVER;
}

/** What is said of a property: at its place of use before at its schema. */
export function noteOf(property: Property): Note | undefined {
  if (!property.note) return property.shape.note;
  return property.shape.note ? { ...property.shape.note, ...property.note } : property.note;
}
