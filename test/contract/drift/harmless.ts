import type { Json } from "../../../src/contract/shape.ts";
import type { Random } from "./random.ts";
import { isObject } from "./survey.ts";

/** A change of answers that is no change of the API. */
export interface Harmless {
  name: string;
  apply(answer: Json, random: Random): Json;
}

function deep(value: Json, change: (inner: Json) => Json): Json {
  if (Array.isArray(value)) return change(value.map((item) => deep(item, change)));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deep(inner, change)])));
}

const lists =
  (change: (items: Json[]) => Json[]): Harmless["apply"] =>
  (answer) =>
    deep(answer, (value) => (Array.isArray(value) ? change(value) : value));

export const HARMLESS: readonly Harmless[] = [
  { name: "other data", apply: (answer) => answer },
  {
    name: "keys reordered",
    apply: (answer, random) =>
      deep(answer, (value) =>
        isObject(value) ? Object.fromEntries(random.shuffled(Object.entries(value))) : value,
      ),
  },
  {
    name: "items reordered",
    apply: (answer, random) => lists((items) => random.shuffled(items))(answer, random),
  },
  { name: "longer lists", apply: lists((items) => [...items, ...items, ...items]) },
  { name: "shorter lists", apply: lists((items) => items.slice(0, 1)) },
  {
    name: "property added",
    apply: (answer) =>
      deep(answer, (value) => (isObject(value) && "id" in value ? { ...value, added_later: 1 } : value)),
  },
];
