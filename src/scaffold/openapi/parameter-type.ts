import { isAny, type Shape } from "../../contract/shape.ts";
import { quote } from "../emit/literal.ts";

/** Characters; a longer list of members is no type that anybody reads. */
const LONGEST_UNION = 60;

function textType({ strings }: Shape): string[] {
  if (strings.length === 0) return [];
  const members = strings.flatMap(({ enum: values, extensible }) =>
    values === undefined || extensible ? [undefined] : [...values],
  );
  const known = members.filter((member) => member !== undefined);
  const union = [...new Set(known)].map(quote);
  const closed = known.length === members.length && union.length > 0;
  return closed && union.join(" | ").length <= LONGEST_UNION ? union : ["string"];
}

/**
 * The TypeScript type of a parameter that is one value, on one line: `"open" | "paid"`, `number`, `string | boolean`.
 * @returns undefined where the shape allows lists and objects only
 */
export function scalarType(shape: Shape): string | undefined {
  if (isAny(shape)) return "string | number | boolean";
  const parts = [
    ...textType(shape),
    ...(shape.numbers.length > 0 ? ["number"] : []),
    ...(shape.boolean === 0 ? [] : ["boolean"]),
  ];
  return parts.length === 0 ? undefined : parts.join(" | ");
}
