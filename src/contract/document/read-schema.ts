import { ANY, isNever, NEVER, type Note, type Shape, type Source, shapeOf } from "../shape.ts";
import { Checked } from "./checked.ts";
import { type Discriminator, discriminatorOf, tagByMapping } from "./discriminator.ts";
import { intersectInto } from "./intersect.ts";
import { brief, canonicalText, isObject, type JsonObject, stringOf } from "./json.ts";
import { LazyShape } from "./lazy-shape.ts";
import { absolute, type Library } from "./library.ts";
import { noteOfSchema } from "./notes.ts";
import { fillOwn, isNullable, isPlain, restrictsItself } from "./own-shape.ts";
import type { Place } from "./place.ts";
import type { Problems } from "./problems.ts";
import { closeOver } from "./unevaluated.ts";
import { retag, uniteInto } from "./unite.ts";

/** Composition that is nested deeper than this is not followed: nobody writes it, and the stack is finite. */
const MAX_COMPOSITION = 400;

/** The members of a union, found when they are needed. */
interface Union {
  members: () => readonly Shape[];
  written: readonly unknown[];
  place: Place;
  discriminator: Discriminator | undefined;
}

/**
 * Reads schemas into shapes: each schema object becomes one node, however often it is referred to. A node is made at once,
 * what it allows is worked out when somebody asks; only then are members of `allOf`, `oneOf` and `anyOf` needed.
 *
 * Composition is normalised to sets of parts: `allOf: [A, allOf: [B, A]]` is {A, B}, and equal sets are one node. That is
 * what makes the intersection of recursive schemas end.
 */
export class SchemaReader {
  readonly #library: Library;
  readonly #problems: Problems;
  readonly #nodes = new Map<object, Shape>();
  /** Nodes that are an intersection, with its parts. */
  readonly #parts = new Map<Shape, readonly Shape[]>();
  readonly #intersections = new Map<string, Shape>();
  readonly #unions = new Map<Shape, Union>();
  /** All nodes in the order in which they were met, those that were read whole first. */
  readonly #made: LazyShape[] = [];
  #done = 0;
  readonly #expanding = new Set<object>();
  readonly #filling = new Set<Shape>();
  /** Intersections with a note of a place of use. */
  readonly #labelled = new Set<Shape>();
  #untagged: LazyShape[] = [];
  #tagging = false;
  #depth = 0;

  constructor(library: Library, problems: Problems) {
    this.#library = library;
    this.#problems = problems;
  }

  /** The shape of a schema, with everything that it reaches: whatever is wrong there is among the problems afterwards. */
  read(schema: unknown, place: Place): Shape {
    const shape = this.node(schema, place);
    for (let made = this.#made[this.#done]; made; made = this.#made[++this.#done]) this.#ensure(made);
    this.#tagAll();
    return shape;
  }

  /** Nodes that are the same when these are, in this order; none where a node is no intersection. */
  partsOf(shape: Shape): readonly Shape[] {
    return this.#parts.get(shape) ?? [];
  }

  /** The shape of a schema, of which only that is read that somebody asks for. */
  readonly node = (schema: unknown, place: Place): Shape => {
    if (schema === true || schema === undefined) return ANY;
    if (schema === false) return NEVER;
    if (!isObject(schema)) {
      const message = `A schema is expected, not ${brief(schema)}: read as anything`;
      this.#problems.add("document/no-schema", message, place);
      return ANY;
    }
    const known = this.#nodes.get(schema);
    if (known) return known;
    if (isPlain(schema)) return this.#plain(schema, place);
    if (this.#expanding.has(schema))
      return this.#giveUp("$ref", "it refers to itself without saying anything", place);
    if (this.#depth >= MAX_COMPOSITION) {
      // Named with its file: what stands there in two documents may differ, and nobody here has seen it.
      const text = `${place.file}#${place.pointer}`;
      return this.#giveUp("allOf", "it is nested too deeply", place, text);
    }
    this.#expanding.add(schema);
    this.#depth++;
    try {
      const shape = this.#expand(schema, place);
      this.#nodes.set(schema, shape);
      if (shape instanceof LazyShape) shape.origin ??= { value: schema, place };
      return shape;
    } finally {
      this.#depth--;
      this.#expanding.delete(schema);
    }
  };

  /** Most schemas: nothing but keywords of their own. */
  #plain(schema: JsonObject, place: Place): Shape {
    const shape = this.#own(schema, place);
    if (isNamed(place)) shape.name = `#${place.pointer}`;
    shape.origin = { value: schema, place };
    this.#nodes.set(schema, shape);
    return shape;
  }

  #giveUp(keyword: string, reason: string, place: Place, text?: string): Shape {
    return shapeOf(this.#unreadable(keyword, reason, place, text));
  }

  /** The fields of something that cannot be read: it allows everything, and comparison says that it does not know. */
  #unreadable(keyword: string, reason: string, source: Source | undefined, text = source?.pointer ?? "") {
    if (source)
      this.#problems.add("document/unreadable-schema", `This schema cannot be read: ${reason}`, source);
    const { id: _, ...facets } = ANY;
    return { ...facets, opaque: [{ keyword, reason, text }], source };
  }

  #expand(schema: JsonObject, outer: Place): Shape {
    const place = this.#library.placeOf(schema, outer);
    const { openapi, refSiblings, draft } = place.scope.dialect;
    const target = this.#target(schema, place);
    if (target && !refSiblings) {
      return isNullable(schema, openapi) ? this.#orNull(target, place) : target;
    }
    const composed = [...(target ? [target] : []), ...this.#composition(schema, place)];
    const onlyNull = openapi && schema["type"] === "null" && composed.length > 0;
    const nullable = onlyNull || (composed.length > 0 && isNullable(schema, openapi));
    const parts = restrictsItself(schema) && !onlyNull ? [this.#own(schema, place), ...composed] : composed;
    let node = this.#meet(...parts);
    if (nullable) node = this.#orNull(node, place);
    if (draft >= 2019 && (schema["unevaluatedProperties"] ?? schema["unevaluatedItems"]) !== undefined) {
      node = this.#closed(node, schema, place);
    }
    this.#label(node, schema, place);
    return node;
  }

  /** Names a node after the place where it was first read. */
  #label(node: Shape, schema: JsonObject, place: Place): void {
    if (node === ANY || node === NEVER) return;
    node.source ??= place;
    if (node.name === undefined && isNamed(place)) node.name = `#${place.pointer}`;
    // Without keywords of its own, a schema shares its node with others that are put together alike: what is said about values
    // there is said at the place of use.
    if (!this.#parts.has(node) || this.#labelled.has(node) || !restrictsItself(schema)) return;
    const note = noteOfSchema(schema);
    if (!note) return;
    node.note = { ...note, ...node.note };
    this.#labelled.add(node);
  }

  /** A node that is filled when it is needed. */
  #later(fill: (shape: LazyShape) => void): LazyShape {
    const shape = new LazyShape(this.#open, fill);
    this.#made.push(shape);
    return shape;
  }

  /** What is asked from outside is answered with tags. */
  readonly #open = (shape: Shape): void => {
    this.#ensure(shape);
    if (this.#depth === 0) this.#tagAll();
  };

  #own(schema: JsonObject, place: Place): LazyShape {
    const shape = this.#later((own) => fillOwn(own, new Checked(schema, place, this.#problems), this.node));
    shape.source = place;
    shape.note = noteOfSchema(schema);
    return shape;
  }

  /** What a reference leads to; `undefined` where the schema has none. */
  #target(schema: JsonObject, place: Place): Shape | undefined {
    for (const keyword of ["$ref", "$dynamicRef", "$recursiveRef"] as const) {
      const written = schema[keyword];
      if (written === undefined || (keyword !== "$ref" && place.scope.dialect.draft < 2019)) continue;
      const reference = stringOf(written);
      if (reference === undefined) {
        return this.#giveUp(keyword, `\`${keyword}\` must be text`, place, canonicalText(written));
      }
      const found = this.#resolve(keyword, reference, place);
      if (!found) return this.#unresolved(keyword, reference, place);
      return this.node(found.value, found.place);
    }
    return undefined;
  }

  #resolve(keyword: "$ref" | "$dynamicRef" | "$recursiveRef", reference: string, place: Place) {
    if (keyword === "$ref") return this.#library.resolve(reference, place);
    if (keyword === "$dynamicRef") return this.#library.resolveDynamic(reference, place);
    return this.#library.resolveRecursive(place);
  }

  #unresolved(keyword: string, reference: string, place: Place): Shape {
    this.#problems.addUnresolved(reference, place.at(keyword));
    const { id: _, ...facets } = ANY;
    const reason = `the reference ${reference} leads nowhere`;
    // Two documents may call two files by one name; a fragment means its own document in each.
    const text = reference.startsWith("#") ? reference : (absolute(reference, place.scope.base) ?? reference);
    return shapeOf({ ...facets, opaque: [{ keyword, reason, text }], source: place });
  }

  #composition(schema: JsonObject, place: Place): Shape[] {
    const parts: Shape[] = [];
    for (const keyword of ["allOf", "anyOf", "oneOf"] as const) {
      const written = schema[keyword];
      if (written === undefined || written === null) continue;
      if (!Array.isArray(written) || written.length === 0) {
        new Checked(schema, place, this.#problems).wrong(keyword, "a list of schemas");
        continue;
      }
      const at = place.at(keyword);
      if (keyword === "allOf") parts.push(...written.map((member, index) => this.node(member, at.at(index))));
      else parts.push(this.#union(written, at, discriminatorOf(schema)));
    }
    return parts;
  }

  #union(written: readonly unknown[], place: Place, discriminator: Discriminator | undefined): Shape {
    if (written.length === 1) return this.node(written[0], place.at(0));
    const known = this.#nodes.get(written);
    if (known) return known;
    let members: readonly Shape[] | undefined;
    const find = () => (members ??= written.map((member, index) => this.node(member, place.at(index))));
    const shape = this.#later((union) => this.#fillUnion(union, find()));
    shape.source = place;
    this.#nodes.set(written, shape);
    this.#unions.set(shape, { members: find, written, place, discriminator });
    return shape;
  }

  /** A member that is just being filled refers back to this union: it adds nothing that the others do not. */
  #fillUnion(shape: LazyShape, members: readonly Shape[]): void {
    const distinct = [...new Set(members)];
    uniteInto(
      shape,
      distinct.filter((member) => this.#ensure(member)),
    );
    if (shape.objects.length > 1) this.#untagged.push(shape);
  }

  #orNull(node: Shape, place: Place): Shape {
    if (node === ANY) return ANY;
    const orNull = [node, shapeOf({ null: true })];
    const shape = this.#later((union) => {
      this.#ensure(node);
      uniteInto(union, orNull);
      // Null is no alternative: what holds for the rest holds for it as well, or does not touch it.
      union.constraints = node.constraints;
      if (union.objects.length > 1) this.#untagged.push(union);
    });
    shape.source = place;
    shape.name = node.name;
    shape.note = node.note;
    this.#unions.set(shape, { members: () => orNull, written: [], place, discriminator: undefined });
    return shape;
  }

  #closed(node: Shape, schema: JsonObject, place: Place): Shape {
    const shape = this.#later((closed) => {
      this.#ensure(node);
      closed.allowAs(node);
      closeOver(closed, schema, { place, node: this.node, meet: this.#meet });
      if (closed.objects.length > 1) this.#untagged.push(closed);
    });
    shape.source = place;
    shape.name = node.name;
    shape.note = noteOfSchema(schema) ?? node.note;
    return shape;
  }

  /** The node of the intersection of nodes: equal sets of parts give the same node. */
  readonly #meet = (...shapes: readonly Shape[]): Shape => {
    const parts = [...new Set(shapes.flatMap((shape) => this.#parts.get(shape) ?? [shape]))].filter(
      (shape) => shape !== ANY,
    );
    const [first] = parts;
    if (!first) return ANY;
    if (parts.length === 1) return first;
    if (parts.includes(NEVER)) return NEVER;
    const sorted = parts.sort((a, b) => a.id - b.id);
    const key = sorted.map(({ id }) => id).join(",");
    const known = this.#intersections.get(key);
    if (known) return known;
    const shape = this.#later((intersection) => this.#fillIntersection(intersection, sorted));
    shape.note = restrictionsOf(sorted);
    this.#intersections.set(key, shape);
    this.#parts.set(shape, sorted);
    return shape;
  };

  #fillIntersection(shape: LazyShape, parts: readonly Shape[]): void {
    shape.allowAll();
    const tools = { meet: this.#meet, lenient: this.#library.entry.place.scope.dialect.openapi };
    for (const part of parts) {
      // Dog = Pet + …, Pet = Dog | Cat: that a dog is a pet says nothing new about dogs.
      if (this.#isMember(shape, part, new Set())) continue;
      if (this.#ensure(part)) intersectInto(shape, part, tools);
      else shape.opaque = [...shape.opaque, endless(part)];
    }
    if (isNever(shape)) this.#reportImpossible(shape, parts);
    if (shape.objects.length > 1) this.#untagged.push(shape);
  }

  #reportImpossible(shape: Shape, parts: readonly Shape[]): void {
    const source = shape.source ?? parts[0]?.source;
    if (!source || parts.some(isNever)) return;
    this.#problems.add(
      "document/impossible-schema",
      "No value can satisfy all members of this composition",
      source,
    );
  }

  #isMember(shape: Shape, union: Shape, seen: Set<Shape>): boolean {
    if (seen.has(union)) return false;
    seen.add(union);
    const members = this.#unions.get(union)?.members() ?? [];
    return members.some((member) => member === shape || this.#isMember(shape, member, seen));
  }

  /** Fills a node if it is not yet; false where it is just being filled further up, or lies too deep. */
  #ensure(shape: Shape): boolean {
    if (this.#filling.has(shape)) return false;
    if (!(shape instanceof LazyShape)) return true;
    const fill = shape.begin();
    if (!fill) return true;
    if (this.#depth >= MAX_COMPOSITION) {
      Object.assign(shape, this.#unreadable("allOf", "it is nested too deeply", shape.source));
      return true;
    }
    this.#filling.add(shape);
    this.#depth++;
    try {
      fill(shape);
    } finally {
      this.#depth--;
      this.#filling.delete(shape);
    }
    return true;
  }

  /** Tells apart the alternatives of everything filled; what has to be filled for that is in turn. */
  #tagAll(): void {
    if (this.#tagging) return;
    this.#tagging = true;
    while (this.#untagged.length > 0) {
      const batch = this.#untagged;
      this.#untagged = [];
      // Intersections take the tags of their parts.
      for (const shape of batch) if (!this.#parts.has(shape)) this.#tag(shape);
      for (const shape of batch) if (this.#parts.has(shape)) this.#tag(shape);
    }
    this.#tagging = false;
  }

  #tag(shape: LazyShape): void {
    shape.keepAlternatives();
    const union = this.#unions.get(shape);
    if (union?.discriminator && tagByMapping(shape, union.discriminator, this.#variants(union))) return;
    retag(shape);
    if (shape.tag !== undefined) return;
    const tagged = this.#parts
      .get(shape)
      ?.find(({ tag, objects }) => tag !== undefined && objects.length === shape.objects.length);
    if (!tagged) return;
    shape.tag = tagged.tag;
    shape.objects = shape.objects.map((facet, index) => ({
      ...facet,
      variant: tagged.objects[index]?.variant,
    }));
  }

  #variants({ members, written, place, discriminator }: Union) {
    const targets = new Map<Shape, string[]>();
    for (const [value, reference] of discriminator?.mapping ?? []) {
      const found = this.#library.resolve(reference, place) ?? this.#byName(reference, place);
      const node = found && isObject(found.value) ? this.#nodes.get(found.value) : undefined;
      if (node) targets.set(node, [...(targets.get(node) ?? []), value]);
    }
    return members().map((member, index) => {
      const raw = written[index];
      const reference = isObject(raw) ? stringOf(raw["$ref"]) : undefined;
      return { member, values: targets.get(member) ?? [], reference };
    });
  }

  /** A mapping may name a component instead of referring to it. */
  #byName(name: string, place: Place) {
    return (
      this.#library.resolve(`#/components/schemas/${name}`, place) ??
      this.#library.resolve(`#/definitions/${name}`, place)
    );
  }
}

const endless = (part: Shape) => ({
  keyword: "allOf",
  reason: "it contains itself, or is nested too deeply",
  text: part.source?.pointer ?? "",
});

/** Restrictions to one direction hold for the whole; what a member says of its own life does not. */
function restrictionsOf(parts: readonly Shape[]): Note | undefined {
  const readOnly = parts.some(({ note }) => note?.readOnly);
  const writeOnly = parts.some(({ note }) => note?.writeOnly);
  if (!readOnly && !writeOnly) return undefined;
  return { ...(readOnly ? { readOnly } : {}), ...(writeOnly ? { writeOnly } : {}) };
}

function isNamed(place: Place): boolean {
  const { parent } = place;
  return (
    parent !== undefined &&
    (parent.key === "schemas" || parent.key === "definitions" || parent.key === "$defs")
  );
}
