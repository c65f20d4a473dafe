import {
  isAny,
  isMap,
  isNever,
  noteOf,
  type ObjectFacet,
  type Property,
  type Shape,
} from "../../contract/shape.ts";
import { propertyKey, quote } from "../emit/literal.ts";
import { declaration, TypeText } from "../emit/type-text.ts";
import { componentName, isInherited, Names, singular, typeName } from "./names.ts";
import { nearObjects } from "./near.ts";

/** A body to be exported as a type. */
export interface BodyRoot {
  name: string;
  shape: Shape;
}

/** What an object is called where its document does not say: by its property, and after where that stands. */
interface Hint {
  name: string;
  within: string;
}

/** How many objects deep a body is spelled out: an address in a shipment in an order. What lies deeper is any object. */
const DEPTH = 3;
/** More members than anybody reads (currencies, locales) are a text. */
const MOST_MEMBERS = 40;
const ANY_OBJECT = "Record<string, unknown>";

/** Whether a property is part of a request: what only the API sets is not. */
const isSent = ([key, property]: [string, Property]) =>
  noteOf(property)?.readOnly !== true && !isInherited(key) && !isNever(property.shape);

/** The properties that a body may have. */
export const sentProperties = ({ properties }: ObjectFacet) => [...properties].filter(isSent);

/** Whether a body has a form that a type can tell: an object or a list. */
export function isTypable(shape: Shape): boolean {
  const described = shape.objects.some((object) => isMap(object) || sentProperties(object).length > 0);
  return !isAny(shape) && (described || shape.arrays.length > 0);
}

/**
 * Writes shapes of request bodies as plain types: nothing checks at run time what we send. Every object is an interface of
 * its own, so rings are names that refer to each other; enums are closed, since the API refuses what it does not know.
 */
class Writer {
  // An interface of this name would hide what the others are made of.
  readonly #names = new Names(["Record"]);
  readonly #near: ReadonlySet<ObjectFacet>;
  readonly #defined = new Map<ObjectFacet, string>();
  /** Name and body → interface: the same object under another node is the same interface. */
  readonly #bodies = new Map<string, string>();
  readonly #out: string[] = [];
  /** What is being written, besides objects: a list that holds itself has no other name. */
  #open = new Set<Shape>();

  constructor(roots: readonly BodyRoot[]) {
    this.#near = nearObjects(
      roots.map(({ shape }) => shape),
      DEPTH,
    );
  }

  write(roots: readonly BodyRoot[]): string {
    for (const { name } of roots) this.#names.claim(name);
    const exported = new Map<ObjectFacet, string>();
    for (const { name, shape } of roots) {
      const [object, ...others] = shape.objects;
      const alone = object && others.length === 0 && shape.arrays.length === 0 && !shape.null;
      if (!alone || isMap(object) || exported.has(object)) continue;
      exported.set(object, name);
      this.#defined.set(object, name);
    }
    for (const { name, shape } of roots) {
      const [object] = shape.objects;
      if (object && exported.get(object) === name) this.#interface(object, name);
      else
        this.#out.push(declaration("", `export type ${name} =`, this.#ofBody(shape, { name, within: "" })));
    }
    return this.#out.join("\n\n");
  }

  /** A body is an object or a list, whatever else its schema allows. */
  #ofBody({ arrays, objects, null: isNull, name }: Shape, hint: Hint): TypeText {
    return new TypeText([
      ...objects.map((object) => this.#object(object, componentName(object.name ?? name), hint)),
      ...arrays.map(({ items, prefix }) => this.#list(items, prefix.length > 0, hint)),
      ...(isNull ? ["null"] : []),
    ]);
  }

  #type(shape: Shape, hint: Hint): TypeText {
    if (isAny(shape) || this.#open.has(shape)) return new TypeText(["unknown"]);
    this.#open.add(shape);
    const own = componentName(shape.name);
    const union = new TypeText([
      ...this.#strings(shape),
      ...shape.numbers.flatMap(({ enum: values }) =>
        values && values.size <= MOST_MEMBERS ? [...values].map(String) : ["number"],
      ),
      ...(shape.boolean === 0 ? [] : [shape.boolean === 3 ? "boolean" : String(shape.boolean === 1)]),
      ...shape.arrays.map(({ items, prefix }) => this.#list(items, prefix.length > 0, hint)),
      ...shape.objects.map((object) => this.#object(object, componentName(object.name) ?? own, hint)),
      ...(shape.null ? ["null"] : []),
    ]);
    this.#open.delete(shape);
    return union.members.length === 0 ? new TypeText(["never"]) : union;
  }

  #strings({ strings }: Shape): string[] {
    return strings.flatMap(({ enum: values, extensible }) =>
      values && !extensible && values.size <= MOST_MEMBERS ? [...values].map(quote) : ["string"],
    );
  }

  #list(items: Shape, isTuple: boolean, { name, within }: Hint) {
    const hint = { name: singular(name), within };
    return { items: isTuple ? new TypeText(["unknown"]) : this.#type(items, hint) };
  }

  #object(object: ObjectFacet, written: string | undefined, { name: key, within }: Hint): string {
    if (isMap(object)) {
      const { text } = this.#type(object.additional, { name: singular(key), within });
      return `Record<string, ${text}>`;
    }
    if (sentProperties(object).length === 0 || !this.#near.has(object)) return ANY_OBJECT;
    const known = this.#defined.get(object);
    if (known !== undefined) return known;
    const wanted = written === undefined ? key : typeName(written);
    const name = this.#names.isFree(wanted) ? wanted : `${within}${wanted}`;
    return this.#interface(object, this.#names.claim(name), wanted);
  }

  /** @param wanted what it would be called if no other were; undefined: it is exported as it is called */
  #interface(object: ObjectFacet, name: string, wanted?: string): string {
    this.#defined.set(object, name);
    const around = this.#open;
    this.#open = new Set();
    const lines = sentProperties(object).map(([key, { shape, required }]) =>
      declaration(
        "  ",
        `${propertyKey(key)}${required ? "" : "?"}:`,
        this.#type(shape, { name: typeName(key), within: name }),
      ),
    );
    this.#open = around;
    const body = `{\n${lines.join("\n")}\n}`;
    // What is alike and called alike is one.
    const likeness = wanted && `${wanted} ${body}`;
    const twin = likeness && this.#bodies.get(likeness);
    if (twin) {
      this.#defined.set(object, twin);
      return twin;
    }
    if (likeness) this.#bodies.set(likeness, name);
    this.#out.push(`${wanted === undefined ? "export " : ""}interface ${name} ${body}`);
    return name;
  }
}

/** TypeScript source of the types of request bodies, and of everything that they reach. */
export function emitBodyTypes(roots: readonly BodyRoot[]): string {
  return new Writer(roots).write(roots);
}
