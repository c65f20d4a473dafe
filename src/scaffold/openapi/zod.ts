import { isAny, isMap, isNever, type ObjectFacet, type Shape } from "../../contract/shape.ts";
import { WIDTH } from "../emit/layout.ts";
import { propertyKey, quote } from "../emit/literal.ts";
import { componentName, isInherited, Names, singular, typeName } from "./names.ts";
import { nearObjects } from "./near.ts";

/** A schema to be exported under a name. */
export interface Root {
  name: string;
  shape: Shape;
}

interface Definition {
  name: string;
  /** Undefined while it is being written: whoever refers to it then stands in a ring. */
  text: string | undefined;
}

/**
 * Writes shapes as zod source. Every object is a constant of its own, in the order of use; one that refers back to itself
 * does so through `z.lazy`, where its type is `unknown`: the value is still checked. Objects are loose and enums open, so
 * that what a provider adds does no harm; what lies deep is any object; numbers of 64 bits are numbers; formats and ranges are not asserted.
 */
class Writer {
  readonly #names = new Names();
  readonly #onlyNull: string;
  /** Objects near enough to a root to be spelled out. */
  readonly #near: ReadonlySet<ObjectFacet>;
  /** Objects that are a root, by the root's name. */
  readonly #roots = new Map<ObjectFacet, string>();
  /** Body → constant: the same object under another node is the same constant. */
  readonly #bodies = new Map<string, string>();
  readonly #definitions = new Map<ObjectFacet, Definition>();
  readonly #out: string[] = [];
  /** Objects stand where they are used, instead of in constants of their own. */
  readonly #inline: boolean;

  constructor(roots: readonly Pick<Root, "shape">[], onlyNull: string, { inline = false } = {}) {
    this.#onlyNull = onlyNull;
    this.#inline = inline;
    this.#near = nearObjects(roots.map(({ shape }) => shape));
  }

  write(roots: readonly Root[]): string {
    const claimed = roots.map(({ name, shape }) => ({ name: this.#names.claim(name), shape }));
    for (const { name, shape } of claimed) {
      const object = onlyObject(shape);
      if (object && !this.#roots.has(object)) this.#roots.set(object, name);
    }
    for (const { name, shape } of claimed) this.#root(name, shape);
    return this.#out.join("\n\n");
  }

  /** The expression of one shape alone. */
  one(shape: Shape): string {
    return this.#expression(shape, "Value");
  }

  #root(name: string, shape: Shape): void {
    const object = onlyObject(shape);
    if (object && this.#roots.get(object) === name) {
      if (!this.#definitions.has(object)) this.#define(object, name, true);
    } else this.#export(name, this.#expression(shape, name));
  }

  #export(name: string, expression: string): void {
    this.#out.push(`${constant(`export const ${name} = `, expression)}\n${typeOf(name)}`);
  }

  #expression(shape: Shape, hint: string): string {
    if (isNever(shape)) return "z.never()";
    if (isAny(shape)) return "z.unknown()";
    const own = componentName(shape.name);
    const parts = [
      ...(shape.boolean === 0
        ? []
        : [shape.boolean === 3 ? "z.boolean()" : `z.literal(${shape.boolean === 1})`]),
      ...this.#numbers(shape),
      ...this.#strings(shape),
      ...shape.arrays.map(({ items, prefix }) =>
        prefix.length > 0 ? "z.array(z.unknown())" : `z.array(${this.#expression(items, singular(hint))})`,
      ),
      ...shape.objects.map((object) => this.#object(object, object.name ?? own, hint)),
    ];
    const unique = [...new Set(parts)];
    const [only = this.#onlyNull] = unique;
    const union = unique.length > 1 ? `z.union([${unique.join(", ")}])` : only;
    return shape.null && unique.length > 0 ? `z.nullable(${union})` : union;
  }

  #numbers({ numbers }: Shape): string[] {
    if (numbers.length === 0) return [];
    // An integer of 64 bits may be larger than what JavaScript counts exactly; `z.int()` would refuse it.
    return [numbers.every(({ integer, format }) => integer && format !== "int64") ? "z.int()" : "z.number()"];
  }

  #strings({ strings }: Shape): string[] {
    if (strings.length === 0) return [];
    if (strings.some((facet) => facet.enum === undefined)) return ["z.string()"];
    const values = [...new Set(strings.flatMap((facet) => [...(facet.enum ?? [])]))];
    const [only] = values;
    if (values.length === 1 && only !== undefined && strings.every(({ extensible }) => !extensible)) {
      return [`z.literal(${quote(only)})`];
    }
    return [`z.union([z.enum([${values.map(quote).join(", ")}]), z.string()])`];
  }

  #object(object: ObjectFacet, written: string | undefined, hint: string): string {
    if (isMap(object)) return `z.record(z.string(), ${this.#expression(object.additional, singular(hint))})`;
    if (object.properties.size === 0 || !this.#near.has(object)) return "z.looseObject({})";
    const known = this.#definitions.get(object);
    if (known && this.#inline) return known.text ?? "z.looseObject({})";
    if (known) return known.text === undefined ? `z.lazy((): z.ZodType => ${known.name})` : known.name;
    const root = this.#roots.get(object);
    if (root !== undefined) return this.#define(object, root, true);
    const last = componentName(written);
    return this.#define(object, last === undefined ? hint : typeName(last), false);
  }

  #define(object: ObjectFacet, wanted: string, exported: boolean): string {
    const name = exported || this.#inline ? wanted : this.#names.claim(wanted);
    const definition: Definition = { name, text: undefined };
    this.#definitions.set(object, definition);
    const described = [...object.properties].filter(([key]) => !isInherited(key));
    const properties = described.map(([key, { shape, required }]) => {
      const expression = this.#expression(shape, typeName(`${wanted} ${key}`));
      return entry(propertyKey(key), required ? expression : optional(expression));
    });
    const body = `z.looseObject({\n${properties.join("")}})`;
    definition.text = body;
    if (this.#inline) return body;
    // A ring names itself in its body, so two rings are never taken for one.
    const twin = exported ? undefined : this.#bodies.get(body);
    if (twin !== undefined) {
      definition.name = twin;
      return twin;
    }
    if (!exported) this.#bodies.set(body, name);
    this.#out.push(
      `${exported ? "export " : ""}const ${name} = ${body};${exported ? `\n${typeOf(name)}` : ""}`,
    );
    return name;
  }
}

const optional = (expression: string) =>
  expression.startsWith("z.nullable(")
    ? `z.nullish(${expression.slice("z.nullable(".length)}`
    : `z.optional(${expression})`;

function entry(key: string, expression: string): string {
  if (expression.includes("\n")) return `  ${key}: ${expression.replaceAll("\n", "\n  ")},\n`;
  const line = `  ${key}: ${expression},`;
  return line.length <= WIDTH ? `${line}\n` : `${opened(`  ${key}: `, expression, "  ")},\n`;
}

/** A call with its arguments on lines of their own, outermost first, as long as they are too wide. */
function opened(before: string, expression: string, indent: string): string {
  const line = before + expression;
  const [, head, inner, tail] = /^((?:z\.\w+\()\[?)(.*?)(\]?\))$/s.exec(expression) ?? [];
  if (line.length + 1 <= WIDTH || head === undefined || inner === undefined || inner === "") return line;
  const args = splitArguments(inner);
  const lines = args.map((arg) => `${opened(`${indent}  `, arg, `${indent}  `)},\n`);
  return `${before}${head}\n${lines.join("")}${indent}${tail}`;
}

/** Splits at the commas that stand in no bracket or text. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quoted = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (quoted !== "") {
      if (char === "\\") i++;
      else if (char === quoted) quoted = "";
    } else if (char === '"' || char === "'") quoted = char;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}

const constant = (before: string, expression: string) => `${opened(before, expression, "")};`;

function typeOf(name: string): string {
  const line = `export type ${name} = z.infer<typeof ${name}>;`;
  return line.length <= WIDTH ? line : `export type ${name} = z.infer<\n  typeof ${name}\n>;`;
}

/** The object that a shape is, where it can be nothing else. */
function onlyObject(shape: Shape): ObjectFacet | undefined {
  const [object, ...others] = shape.objects;
  const single = object && others.length === 0 && kinds(shape) === 1;
  return single && !isMap(object) && object.properties.size > 0 ? object : undefined;
}

/** How many kinds of values a shape allows. */
function kinds({ null: isNull, boolean, numbers, strings, arrays, objects }: Shape): number {
  return [
    isNull,
    boolean !== 0,
    numbers.length > 0,
    strings.length > 0,
    arrays.length > 0,
    objects.length > 0,
  ].filter(Boolean).length;
}

/**
 * Zod source for the given shapes and everything that they reach.
 * @param options.onlyNull what stands for a value that can be nothing but null; where shapes come from answers, null is all
 *   that was seen so far, and anything may come
 */
export function emitZod(roots: readonly Root[], { onlyNull = "z.null()" } = {}): string {
  return new Writer(roots, onlyNull).write(roots);
}

/** Zod source for one shape, as an expression; objects stand in it where they are used. */
export function zodExpression(shape: Shape): string {
  return new Writer([{ shape }], "z.null()", { inline: true }).one(shape);
}
