import type { Constraint } from "../shape.ts";
import type { Checked } from "./checked.ts";
import { canonicalText, isObject } from "./json.ts";
import type { ReadNode } from "./own-arrays.ts";

type Keyword = Constraint["keyword"];

function constraint(
  keyword: Keyword,
  key: string,
  schema: unknown,
  at: { checked: Checked; node: ReadNode },
): Constraint {
  const { checked, node } = at;
  const place =
    keyword === "dependentSchemas" ? checked.place.under(keyword, key) : checked.place.at(keyword);
  return { keyword, key, text: canonicalText(schema), shape: node(schema, place) };
}

/** `then` and `else` without `if` say nothing. */
function conditions(checked: Checked, node: ReadNode): Constraint[] {
  const { schema } = checked;
  if (schema["if"] === undefined) return [];
  return (["if", "then", "else"] as const)
    .filter((keyword) => schema[keyword] !== undefined)
    .map((keyword) => constraint(keyword, "0", schema[keyword], { checked, node }));
}

function dependentSchemas(checked: Checked, draft: number, node: ReadNode): Constraint[] {
  const word = draft >= 2019 ? "dependentSchemas" : "dependencies";
  return Object.entries(checked.object(word) ?? {})
    .filter(([, schema]) => isObject(schema) || typeof schema === "boolean")
    .map(([name, schema]) => ({
      keyword: "dependentSchemas" as const,
      key: name,
      text: canonicalText(schema),
      shape: node(schema, checked.place.under(word, name)),
    }));
}

/** What a schema demands that facets cannot say. */
export function constraintsOf(checked: Checked, node: ReadNode): Constraint[] {
  const { draft } = checked.place.scope.dialect;
  const { schema } = checked;
  const found = dependentSchemas(checked, draft, node);
  if (schema["not"] !== undefined) found.push(constraint("not", "0", schema["not"], { checked, node }));
  if (draft >= 7) found.push(...conditions(checked, node));
  if (draft >= 2019 && schema["contentSchema"] !== undefined) {
    const text = canonicalText(schema["contentSchema"]);
    found.push({ keyword: "contentSchema", key: "0", text, shape: undefined });
  }
  return found;
}
