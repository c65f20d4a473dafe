import { itemPath, memberPath, propertyPath } from "../../contract/compare/path.ts";
import { ANY, isNever, type Shape } from "../../contract/shape.ts";

/** One place of a response, as its contract knows it. */
export interface Field {
  /** JSONPath. */
  path: string;
  /** `string`, `integer`, `string or null` …: what stands there. */
  type: string;
  /** Whether every object around it has it. */
  always: boolean;
}

/** Deeper than any response a person reads. */
const DEEPEST = 20;

function typeOf({ null: nullable, boolean, numbers, strings, arrays, objects }: Shape): string {
  const kinds = [
    ...(objects.length > 0 ? ["object"] : []),
    ...(arrays.length > 0 ? ["array"] : []),
    ...(strings.length > 0 ? ["string"] : []),
    ...(numbers.length > 0 ? [numbers.every(({ integer }) => integer) ? "integer" : "number"] : []),
    ...(boolean === 0 ? [] : ["boolean"]),
    ...(nullable ? ["null"] : []),
  ];
  return kinds.length === 6 ? "anything" : kinds.join(" or ") || "nothing yet";
}

/** Every place below the root of a contract's shape, in the order of their paths; alternatives of one place are one field. */
export function fieldsOf(shape: Shape): Field[] {
  const fields = new Map<string, Field>();
  const note = (path: string, inner: Shape, always: boolean) => {
    const known = fields.get(path);
    const type = typeOf(inner);
    fields.set(path, {
      path,
      type:
        known && !known.type.split(" or ").includes(type) && known.type !== type
          ? `${known.type} or ${type}`
          : type,
      always: always && (known?.always ?? true),
    });
  };
  const walk = (at: Shape, path: string, around: ReadonlySet<number>) => {
    if (around.has(at.id) || around.size > DEEPEST) return;
    const inside = new Set(around).add(at.id);
    const visit = (inner: Shape, to: string, always: boolean) => {
      if (inner === ANY || isNever(inner)) return;
      note(to, inner, always);
      walk(inner, to, inside);
    };
    for (const { items, prefix } of at.arrays) {
      for (const item of [...prefix, items]) {
        if (item !== ANY && !isNever(item)) walk(item, itemPath(path), inside);
      }
    }
    for (const { properties, additional } of at.objects) {
      for (const [name, { shape: inner, required }] of properties) {
        visit(inner, propertyPath(path, name), required && at.objects.length === 1);
      }
      visit(additional, memberPath(path), false);
    }
  };
  walk(shape, "$", new Set());
  return [...fields.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
