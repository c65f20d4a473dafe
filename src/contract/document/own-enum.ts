import {
  ANY,
  type ArrayFacet,
  arrayFacet,
  NEVER,
  numberFacet,
  type ObjectFacet,
  objectFacet,
  type Property,
  type Shape,
  shapeOf,
  stringFacet,
} from "../shape.ts";
import type { Checked } from "./checked.ts";
import { numberFits, stringFits } from "./intersect-scalars.ts";
import { isObject } from "./json.ts";
import type { Types } from "./types.ts";
import { asBits } from "./unite.ts";

/** Constants are copied into shapes; what is deeper or larger is cut to "anything". */
const MAX_CONSTANT_DEPTH = 64;
const MAX_CONSTANT_NODES = 10_000;

interface Budget {
  nodes: number;
}

/** The shape of exactly one value. */
function constantShape(value: unknown, budget: Budget, depth = 0): Shape {
  if (depth > MAX_CONSTANT_DEPTH || budget.nodes-- <= 0) return ANY;
  if (value === null) return shapeOf({ null: true });
  if (typeof value === "boolean") return shapeOf({ boolean: value ? 1 : 2 });
  if (typeof value === "number") return shapeOf({ numbers: [numberFacet({ enum: new Set([value]) })] });
  if (typeof value === "string") return shapeOf({ strings: [stringFacet({ enum: new Set([value]) })] });
  if (Array.isArray(value)) return shapeOf({ arrays: [constantArray(value, budget, depth)] });
  return isObject(value) ? shapeOf({ objects: [constantObject(value, budget, depth)] }) : NEVER;
}

function constantArray(value: readonly unknown[], budget: Budget, depth: number): ArrayFacet {
  const prefix = value.map((item) => constantShape(item, budget, depth + 1));
  return arrayFacet({ items: NEVER, prefix, minItems: prefix.length, maxItems: prefix.length });
}

function constantObject(
  value: { readonly [key: string]: unknown },
  budget: Budget,
  depth: number,
): ObjectFacet {
  const properties = new Map<string, Property>();
  for (const [name, item] of Object.entries(value))
    properties.set(name, { shape: constantShape(item, budget, depth + 1), required: true, note: undefined });
  return objectFacet({ properties, additional: NEVER });
}

/** The values of `enum` or `const`; `undefined` where the schema has neither. */
export function valuesOf(checked: Checked, draft: number): readonly unknown[] | undefined {
  if (draft >= 6 && Object.hasOwn(checked.schema, "const")) return [checked.schema["const"]];
  const list = checked.list("enum");
  if (list?.length === 0)
    checked.problem("document/empty-enum", "`enum` without values: read as if it were not there", "enum");
  return list?.length === 0 ? undefined : list;
}

/** `enum: [1, 2]` of strings: in a query or in YAML without quotes, text is meant. */
function asMeant(values: readonly unknown[], { names }: Types, checked: Checked): readonly unknown[] {
  if (names === undefined || !checked.place.scope.dialect.openapi) return values;
  const texts = names.has("string") && values.every((value) => typeof value !== "string");
  const numbers = names.has("integer") || names.has("number");
  if (texts && values.some((value) => value !== null)) {
    const meant = values.map((value) =>
      typeof value === "number" || typeof value === "boolean" ? String(value) : value,
    );
    checked.problem(
      "document/enum-type",
      "`enum` has no text although its type is string: its values are read as text",
      "enum",
    );
    return meant;
  }
  if (
    numbers &&
    values.every((value) => typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
  ) {
    checked.problem(
      "document/enum-type",
      "`enum` has text although its type is a number: its values are read as numbers",
      "enum",
    );
    return values.map(Number);
  }
  return values;
}

/** Restricts a shape that its own keywords have filled to the values of `enum` or `const`. */
export function restrictTo(shape: Shape, written: readonly unknown[], types: Types, checked: Checked): void {
  const values = asMeant(written, types, checked);
  const booleans = (values.includes(true) ? 1 : 0) | (values.includes(false) ? 2 : 0);
  shape.null &&= values.includes(null);
  shape.boolean = asBits(shape.boolean & booleans);
  shape.numbers = shape.numbers.flatMap((facet) => {
    const fitting = values
      .filter((value) => typeof value === "number")
      .filter((value) => numberFits(facet, value));
    return fitting.length === 0 ? [] : [{ ...facet, enum: new Set(fitting) }];
  });
  shape.strings = shape.strings.flatMap((facet) => {
    const fitting = values
      .filter((value) => typeof value === "string")
      .filter((value) => stringFits(facet, value));
    const extensible = checked.schema["x-extensible-enum"] === true;
    return fitting.length === 0 ? [] : [{ ...facet, enum: new Set(fitting), extensible }];
  });
  const budget = { nodes: MAX_CONSTANT_NODES };
  // Whole arrays and objects as values are rare enough that the other keywords are left to their authors.
  const arrays = values
    .filter((value) => Array.isArray(value))
    .map((value) => constantArray(value, budget, 0));
  const objects = values.filter(isObject).map((value) => constantObject(value, budget, 0));
  shape.arrays = shape.arrays.length === 0 ? [] : arrays;
  shape.objects = shape.objects.length === 0 ? [] : objects;
}
