import { compareText } from "../../base/finding.ts";
import {
  ANY,
  type ArrayFacet,
  isAny,
  isNever,
  type Json,
  type NumberFacet,
  type ObjectFacet,
  type Shape,
  type StringFacet,
} from "../shape.ts";
import { type Definitions, definitionsOf, NO_DEFINITIONS } from "./definitions.ts";
import { evidenceOf } from "./write-evidence.ts";

type Schema = { [key: string]: Json };

/** What a node's evidence is written against: only what differs from it is written. */
export interface Expected {
  count: number;
  responses: number;
}

/** What stands around a node that is written. */
interface Around extends Expected {
  definitions: Definitions;
}

/**
 * A shape as JSON Schema 2020-12, with what was counted under `x-integ` where it cannot be derived. Properties are sorted; what
 * a declared shape has in several places, or in itself, is written once under `$defs`. Constraints that only comparison of two
 * documents knows (`not`, `if` …) are left out: no live answer is judged by them.
 */
export function toSchema(shape: Shape, expected: Expected): Schema | boolean {
  const definitions = shape.seen === undefined ? definitionsOf(shape) : NO_DEFINITIONS;
  const around = { ...expected, definitions };
  const schema = write(shape, around);
  if (definitions.size === 0 || typeof schema === "boolean") return schema;
  const written = [...definitions]
    .sort(([, a], [, b]) => compareText(a, b))
    .map(([node, name]): [string, Json] => [name, writeAnew(node, { ...around, count: -1 })]);
  return { ...schema, $defs: fromEntries(written) };
}

function write(shape: Shape, around: Around): Schema | boolean {
  const name = around.definitions.get(shape);
  return name === undefined ? writeAnew(shape, around) : { $ref: `#/$defs/${name}` };
}

function writeAnew(shape: Shape, expected: Around): Schema | boolean {
  if (shape === ANY || (shape.seen === undefined && isAny(shape))) return {};
  if (isNever(shape)) return false;
  const branches = branchesOf(shape, expected);
  const evidence = evidenceOf(shape, expected);
  const [only] = branches;
  const schema = branches.length === 1 && only !== undefined ? only : { anyOf: branches };
  if (evidence === undefined) return schema;
  const own = schema["x-integ"];
  const inner = typeof own === "object" && own !== null && !Array.isArray(own) ? own : {};
  return { ...schema, "x-integ": { ...evidence, ...inner } };
}

/** The kinds whose keywords do not meddle with one another go into one schema; further facets of a kind stand apart. */
function branchesOf(shape: Shape, expected: Around): Schema[] {
  const types: string[] = [];
  const merged: Schema = {};
  const apart: Schema[] = [];
  const inner = { ...expected, count: -1, responses: shape.seen?.responses ?? expected.responses };
  const put = (type: string, schemas: Schema[]) => {
    const [only] = schemas;
    const alone = schemas.length === 1 && only !== undefined && !("enum" in only) && !("const" in only);
    if (alone && shape.tag === undefined) {
      types.push(type);
      Object.assign(merged, only);
    } else for (const schema of schemas) apart.push({ type, ...schema });
  };
  if (shape.objects.length > 0) {
    put(
      "object",
      shape.objects.map((facet) => objectSchema(facet, shape, inner)),
    );
  }
  if (shape.arrays.length > 0)
    put(
      "array",
      shape.arrays.map((facet) => arraySchema(facet, inner)),
    );
  if (shape.strings.length > 0) put("string", shape.strings.map(stringSchema));
  if (shape.numbers.length > 0) {
    put(
      shape.numbers.every(({ integer }) => integer) ? "integer" : "number",
      shape.numbers.map(numberSchema),
    );
  }
  if (shape.boolean === 3) types.push("boolean");
  else if (shape.boolean !== 0) apart.push({ const: shape.boolean === 1 });
  if (shape.null) types.push("null");
  return joinBranches(types, merged, apart);
}

function joinBranches(types: string[], merged: Schema, apart: Schema[]): Schema[] {
  const [only] = apart;
  const enumOrNull = types.length === 1 && types[0] === "null" && apart.length === 1 && only !== undefined;
  if (enumOrNull && typeof only.type === "string" && ("enum" in only || "const" in only)) {
    const { const: constant, enum: members, ...rest } = only;
    const values = Array.isArray(members) ? members : constant === undefined ? [] : [constant];
    return [{ ...rest, type: [only.type, "null"], enum: [...values, null] }];
  }
  if (types.length === 0) return apart;
  const [single = ""] = types;
  return [{ type: types.length === 1 ? single : types, ...merged }, ...apart];
}

function values(members: ReadonlySet<string> | ReadonlySet<number>): Schema {
  const sorted: Json[] = [...members].sort((a, b) => (a < b ? -1 : 1));
  const [only = null] = sorted;
  return sorted.length === 1 ? { const: only } : { enum: sorted };
}

function stringSchema(facet: StringFacet): Schema {
  if (facet.enum) return values(facet.enum);
  const [first, ...others] = facet.patterns;
  return {
    ...(facet.format === undefined ? {} : { format: facet.format }),
    ...(first === undefined ? {} : { pattern: first }),
    ...(others.length === 0 ? {} : { allOf: others.map((pattern) => ({ pattern })) }),
    ...(facet.minLength === 0 ? {} : { minLength: facet.minLength }),
    ...(facet.maxLength === undefined ? {} : { maxLength: facet.maxLength }),
    ...(facet.mediaType === undefined ? {} : { contentMediaType: facet.mediaType }),
    ...(facet.encoding === undefined ? {} : { contentEncoding: facet.encoding }),
  };
}

function numberSchema(facet: NumberFacet): Schema {
  if (facet.enum) return values(facet.enum);
  const { min, max } = facet;
  return {
    ...(facet.format === undefined ? {} : { format: facet.format }),
    ...(min === undefined ? {} : { [min.exclusive ? "exclusiveMinimum" : "minimum"]: min.value }),
    ...(max === undefined ? {} : { [max.exclusive ? "exclusiveMaximum" : "maximum"]: max.value }),
    ...(facet.multipleOf === undefined ? {} : { multipleOf: facet.multipleOf }),
  };
}

/** @param around of its parts: how many there are is not known */
function arraySchema(facet: ArrayFacet, around: Around): Schema {
  const part = (shape: Shape) => write(shape, around);
  const [contains] = facet.contains;
  return {
    ...(facet.prefix.length === 0 ? {} : { prefixItems: facet.prefix.map(part) }),
    ...(facet.items === ANY ? {} : { items: part(facet.items) }),
    ...(facet.minItems === 0 ? {} : { minItems: facet.minItems }),
    ...(facet.maxItems === undefined ? {} : { maxItems: facet.maxItems }),
    ...(facet.unique ? { uniqueItems: true } : {}),
    ...(contains === undefined ? {} : { contains: part(contains.shape), minContains: contains.min }),
    ...(contains?.max === undefined ? {} : { maxContains: contains.max }),
  };
}

/** @param around of its parts: how many there are is not known, but of properties */
function objectSchema(facet: ObjectFacet, shape: Shape, around: Around): Schema {
  const count = facet.count ?? -1;
  const names = [...facet.properties.keys()].sort(compareText);
  const properties: [string, Json][] = names.map((name) => [
    name,
    propertySchema(facet, name, {
      ...around,
      count,
      responses: Math.min(around.responses, Math.max(count, 0)),
    }),
  ]);
  const required = names.filter((name) => facet.properties.get(name)?.required);
  const patterns = facet.patterns.map(({ pattern, shape: inner }): [string, Json] => [
    pattern,
    write(inner, around),
  ]);
  return {
    ...(properties.length === 0 ? {} : { properties: fromEntries(properties) }),
    ...(required.length === 0 ? {} : { required }),
    ...(patterns.length === 0 ? {} : { patternProperties: fromEntries(patterns) }),
    ...(facet.additional === ANY ? {} : { additionalProperties: write(facet.additional, around) }),
    ...(facet.keys === undefined ? {} : { propertyNames: write(facet.keys, around) }),
    ...(facet.minProperties === 0 ? {} : { minProperties: facet.minProperties }),
    ...(facet.maxProperties === undefined ? {} : { maxProperties: facet.maxProperties }),
    ...(facet.dependentRequired.size === 0
      ? {}
      : { dependentRequired: fromEntries([...facet.dependentRequired].map(([k, v]) => [k, [...v]])) }),
    ...objectEvidence(facet, shape),
  };
}

/** How many objects each alternative had does not follow from their sum; nor where several alternatives share what they know. */
function objectEvidence(facet: ObjectFacet, shape: Shape): Schema {
  const follows = shape.objects.length < 2 && facet.count === (shape.seen?.object ?? facet.count);
  if (follows || facet.count === undefined) return {};
  return { "x-integ": { objects: facet.count } };
}

function propertySchema(facet: ObjectFacet, name: string, around: Around): Json {
  const property = facet.properties.get(name);
  return property ? write(property.shape, around) : true;
}

/** Like `Object.fromEntries`, and `__proto__` becomes an ordinary name. */
export function fromEntries(entries: readonly (readonly [string, Json])[]): { [key: string]: Json } {
  return Object.fromEntries(entries);
}
