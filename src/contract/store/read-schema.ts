import {
  ANY,
  arrayFacet,
  type Bound,
  createShape,
  type Json,
  NEVER,
  numberFacet,
  type ObjectFacet,
  objectFacet,
  type Property,
  type Shape,
  stringFacet,
} from "../shape.ts";
import { readEvidence } from "./read-evidence.ts";
import type { Expected } from "./write-schema.ts";

type Schema = { [key: string]: Json };

/** A contract that cannot be read; `pointer` says where. */
export class SchemaError extends Error {
  readonly pointer: string;

  constructor(message: string, pointer: string) {
    super(message);
    this.name = "SchemaError";
    this.pointer = pointer;
  }
}

const escapeToken = (name: string): string =>
  /[~/]/.test(name) ? name.replaceAll("~", "~0").replaceAll("/", "~1") : name;

/** Written out where one is made: a check reads a thousand contracts, and a copy by spreading costs many times as much. */
interface Place {
  pointer: string;
  expected: Expected;
  depth: number;
  definitions: Definitions;
}

/** What stands under `$defs`: nodes that references lead to, and which of them are still to be filled. */
interface Definitions {
  schemas: Schema;
  nodes: Map<string, Shape>;
  open: { shape: Shape; name: string }[];
}

const MAX_DEPTH = 1000;

/**
 * Reads what `toSchema` writes, and what a person may make of it by hand within the same keywords.
 * @throws SchemaError for keywords of the wrong type, or nesting beyond 1,000 levels
 */
export function fromSchema(schema: Json, expected: Expected): Shape {
  const schemas = isObject(schema) && isObject(schema.$defs) ? schema.$defs : {};
  const definitions: Definitions = { schemas, nodes: new Map(), open: [] };
  const root: Place = { pointer: "", expected, depth: 0, definitions };
  const shape = read(schema, root);
  for (let one = definitions.open.pop(); one !== undefined; one = definitions.open.pop()) {
    const pointer = `/$defs/${escapeToken(one.name)}`;
    const declared = { ...root, pointer, expected: { count: -1, responses: expected.responses } };
    const { id, name } = one.shape;
    Object.assign(one.shape, { ...read(schemas[one.name] ?? true, declared), id, name });
  }
  return shape;
}

/** The node that a reference leads to. It is filled when everything else is read, so that cycles end. */
function referred(reference: Json, { pointer, definitions }: Place): Shape {
  const name = definitionNamed(reference, definitions.schemas);
  if (name === undefined) {
    throw new SchemaError(`\`$ref\` leads nowhere: only \`#/$defs/…\` of this file is read`, pointer);
  }
  const known = definitions.nodes.get(name);
  if (known !== undefined) return known;
  const shape = createShape();
  shape.name = name;
  definitions.nodes.set(name, shape);
  definitions.open.push({ shape, name });
  return shape;
}

/** The definition that a reference means; one that is a reference itself is passed through. */
function definitionNamed(reference: Json, schemas: Schema, seen = new Set<Json>()): string | undefined {
  const [, token] = /^#\/\$defs\/([^/]+)$/.exec(String(reference)) ?? [];
  const name = token?.replaceAll("~1", "/").replaceAll("~0", "~");
  if (name === undefined || !Object.hasOwn(schemas, name) || seen.has(reference)) return undefined;
  const schema = schemas[name];
  const further = isObject(schema) ? schema.$ref : undefined;
  return further === undefined ? name : definitionNamed(further, schemas, seen.add(reference));
}

function read(schema: Json, place: Place): Shape {
  if (place.depth > MAX_DEPTH)
    throw new SchemaError(`nested more than ${MAX_DEPTH} levels deep`, place.pointer);
  if (schema === true) return ANY;
  if (schema === false) return NEVER;
  if (!isObject(schema)) throw new SchemaError("a schema must be an object or a boolean", place.pointer);
  if (schema.$ref !== undefined) return referred(schema.$ref, place);
  if (isObject(schema.not) && Object.keys(schema.not).length === 0) return NEVER;
  const evidence = schema["x-integ"];
  if (evidence === undefined && !saysSomething(schema)) return ANY;
  const shape = createShape();
  // What is below needs its totals.
  if (!isScalar(schema)) readEvidence(shape, evidence, place.expected);
  if (Array.isArray(schema.anyOf)) fillBranches(shape, schema.anyOf, place);
  else fill(shape, schema, within(shape, place, place.pointer));
  readEvidence(shape, evidence, place.expected);
  shape.tag = tagOf(shape.objects);
  return shape;
}

const isScalar = ({ type, anyOf }: Schema): boolean =>
  typeof type === "string" && type !== "array" && type !== "object" && anyOf === undefined;

const ANNOTATIONS = new Set(["$schema", "$id", "title", "description", "$comment", "$defs", "x-integ"]);

function saysSomething(schema: Schema): boolean {
  for (const key in schema) if (!ANNOTATIONS.has(key)) return true;
  return false;
}

function fillBranches(shape: Shape, branches: readonly Json[], place: Place): void {
  for (const [index, branch] of branches.entries()) {
    const pointer = `${place.pointer}/anyOf/${index}`;
    if (!isObject(branch)) throw new SchemaError("a schema must be an object", pointer);
    fill(shape, branch, within(shape, place, pointer));
  }
}

/** The place of what describes a node's values: as many of them as the node has. */
function within({ seen }: Shape, { expected, depth, definitions }: Place, pointer: string): Place {
  const own = seen === undefined ? expected : { count: seen.count, responses: seen.responses };
  return { pointer, expected: own, depth, definitions };
}

function fill(shape: Shape, schema: Schema, place: Place): void {
  const members = "const" in schema ? [schema.const ?? null] : schema.enum;
  if (Array.isArray(members)) {
    fillEnum(shape, members);
    return;
  }
  const { type } = schema;
  // Nearly every schema has one type.
  if (TYPES.has(type)) fillType(shape, type, schema, place);
  else for (const one of typesOf(schema, place)) fillType(shape, one, schema, place);
}

function fillType(shape: Shape, type: Json | undefined, schema: Schema, place: Place): void {
  if (type === "null") shape.null = true;
  else if (type === "boolean") shape.boolean = 3;
  else if (type === "integer" || type === "number")
    shape.numbers = [...shape.numbers, readNumber(schema, type === "integer")];
  else if (type === "string") shape.strings = [...shape.strings, readString(schema)];
  else if (type === "array") shape.arrays = [...shape.arrays, readArray(schema, place)];
  else shape.objects = [...shape.objects, readObject(shape, schema, place)];
}

function fillEnum(shape: Shape, members: readonly Json[]): void {
  const strings = members.filter((member) => typeof member === "string");
  const numbers = members.filter((member) => typeof member === "number");
  if (members.includes(null)) shape.null = true;
  if (members.includes(true)) shape.boolean = shape.boolean === 0 || shape.boolean === 1 ? 1 : 3;
  if (members.includes(false)) shape.boolean = shape.boolean === 0 || shape.boolean === 2 ? 2 : 3;
  if (strings.length > 0) shape.strings = [...shape.strings, stringFacet({ enum: new Set(strings) })];
  if (numbers.length > 0) {
    const integer = numbers.every(Number.isInteger);
    shape.numbers = [...shape.numbers, numberFacet({ integer, enum: new Set(numbers) })];
  }
}

const TYPES: ReadonlySet<unknown> = new Set([
  "null",
  "boolean",
  "integer",
  "number",
  "string",
  "array",
  "object",
]);

function typesOf(schema: Schema, { pointer }: Place): string[] {
  const { type } = schema;
  if (type === undefined) return ["null", "boolean", "number", "string", "array", "object"];
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => {
    if (typeof one !== "string" || !TYPES.has(one))
      throw new SchemaError(`\`type\` is ${JSON.stringify(one)}`, pointer);
    return one;
  });
}

const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === "number" ? value : undefined;
const stringOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

function bound(inclusive: Json | undefined, exclusive: Json | undefined): Bound | undefined {
  if (typeof exclusive === "number") return { value: exclusive, exclusive: true };
  return typeof inclusive === "number" ? { value: inclusive, exclusive: false } : undefined;
}

function readNumber(schema: Schema, integer: boolean) {
  return numberFacet({
    integer,
    min: bound(schema.minimum, schema.exclusiveMinimum),
    max: bound(schema.maximum, schema.exclusiveMaximum),
    multipleOf: numberOf(schema.multipleOf),
    format: stringOf(schema.format),
  });
}

function patternsOf({ pattern, allOf }: Schema): string[] {
  if (pattern === undefined && allOf === undefined) return [];
  const more = Array.isArray(allOf) ? allOf.filter(isObject).map((one) => one.pattern) : [];
  return [pattern, ...more].filter((one) => typeof one === "string").sort();
}

function readString(schema: Schema) {
  return stringFacet({
    format: stringOf(schema.format),
    patterns: patternsOf(schema),
    minLength: numberOf(schema.minLength) ?? 0,
    maxLength: numberOf(schema.maxLength),
    mediaType: stringOf(schema.contentMediaType),
    encoding: stringOf(schema.contentEncoding),
  });
}

function child(place: Place, step: string, expected: Expected): Place {
  const { pointer, depth, definitions } = place;
  return { pointer: `${pointer}/${step}`, expected, depth: depth + 1, definitions };
}

function readArray(schema: Schema, place: Place) {
  const inner = { count: -1, responses: place.expected.responses };
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const { contains } = schema;
  return arrayFacet({
    items: schema.items === undefined ? ANY : read(schema.items, child(place, "items", inner)),
    prefix: prefix.map((item, index) => read(item, child(place, `prefixItems/${index}`, inner))),
    minItems: numberOf(schema.minItems) ?? 0,
    maxItems: numberOf(schema.maxItems),
    unique: schema.uniqueItems === true,
    contains:
      contains === undefined
        ? []
        : [
            {
              shape: read(contains, child(place, "contains", inner)),
              min: numberOf(schema.minContains) ?? 1,
              max: numberOf(schema.maxContains),
            },
          ],
  });
}

function readObject(shape: Shape, schema: Schema, place: Place): ObjectFacet {
  const own = schema["x-integ"];
  const apart = isObject(own) ? numberOf(own.objects) : undefined;
  const count = apart ?? (shape.seen === undefined ? undefined : shape.seen.object);
  const inner = { count: -1, responses: place.expected.responses };
  const properties = readProperties(schema, place, {
    count: count ?? -1,
    responses: Math.min(place.expected.responses, Math.max(count ?? 0, 0)),
  });
  const { additionalProperties: additional, propertyNames } = schema;
  const patterns = isObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
  return objectFacet({
    properties,
    patterns: patterns.map(([pattern, value]) => ({
      pattern,
      shape: read(value, child(place, `patternProperties/${escapeToken(pattern)}`, inner)),
    })),
    additional:
      additional === undefined ? ANY : read(additional, child(place, "additionalProperties", inner)),
    keys: propertyNames === undefined ? undefined : read(propertyNames, child(place, "propertyNames", inner)),
    minProperties: numberOf(schema.minProperties) ?? 0,
    maxProperties: numberOf(schema.maxProperties),
    dependentRequired: readDependencies(schema.dependentRequired),
    count,
  });
}

function readDependencies(dependencies: Json | undefined): Map<string, string[]> {
  const entries = isObject(dependencies) ? Object.entries(dependencies) : [];
  return new Map(
    entries.map(([name, others]) => [
      name,
      Array.isArray(others) ? others.filter((one) => typeof one === "string") : [],
    ]),
  );
}

function readProperties(schema: Schema, place: Place, expected: Expected): Map<string, Property> {
  const properties = new Map<string, Property>();
  if (schema.properties === undefined) return properties;
  if (!isObject(schema.properties))
    throw new SchemaError("`properties` must be an object", `${place.pointer}/properties`);
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  for (const name in schema.properties) {
    const shape = read(
      schema.properties[name] ?? null,
      child(place, `properties/${escapeToken(name)}`, expected),
    );
    properties.set(name, { shape, required: required.has(name), note: undefined });
  }
  return properties;
}

/** The property that is a different constant in each of several alternatives. Marks them with its value. */
function tagOf(objects: readonly ObjectFacet[]): string | undefined {
  const [first] = objects;
  if (first === undefined || objects.length < 2) return undefined;
  for (const [name] of first.properties) {
    const values = objects.map((facet) => constantOf(facet, name));
    if (values.some((value) => value === undefined) || new Set(values).size < objects.length) continue;
    for (const [index, facet] of objects.entries()) facet.variant = values[index];
    return name;
  }
  return undefined;
}

function constantOf(facet: ObjectFacet, name: string): string | undefined {
  const property = facet.properties.get(name);
  const members = property?.required ? property.shape.strings[0]?.enum : undefined;
  return members?.size === 1 ? [...members][0] : undefined;
}

function isObject(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
