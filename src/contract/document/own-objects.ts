import {
  ANY,
  NEVER,
  type Note,
  type ObjectFacet,
  objectFacet,
  type PatternProperty,
  type Property,
  type Shape,
} from "../shape.ts";
import type { Checked } from "./checked.ts";
import { regex } from "./intersect-scalars.ts";
import { canonicalText, isObject } from "./json.ts";
import { noteOfSchema } from "./notes.ts";
import type { ReadNode } from "./own-arrays.ts";

function patternsOf(checked: Checked, node: ReadNode): PatternProperty[] {
  const place = checked.place.at("patternProperties");
  return Object.entries(checked.object("patternProperties") ?? {}).map(([pattern, schema]) => {
    if (regex(pattern) === undefined) {
      checked.problem(
        "document/unknown-pattern",
        "no ECMAScript regular expression: no key is held against it",
        "patternProperties",
      );
    }
    return { pattern, shape: node(schema, place.at(pattern)) };
  });
}

/** What the place of use says, where the node there is one that others use as well. */
function noteAtUse(schema: unknown, shape: Shape): Note | undefined {
  if (!isObject(schema)) return undefined;
  const note = noteOfSchema(schema);
  return note && canonicalText(shape.note) !== canonicalText(note) ? note : undefined;
}

function propertiesOf(checked: Checked, node: ReadNode): Map<string, Property> {
  const place = checked.place.at("properties");
  const properties = new Map<string, Property>();
  for (const [name, schema] of Object.entries(checked.object("properties") ?? {})) {
    const at = place.at(name);
    const shape = node(schema, at);
    const required = isObject(schema) && schema["required"] === true;
    if (required)
      checked.problem(
        "document/required-flag",
        `\`required: true\` at \`${name}\`: read as "always there"`,
        "properties",
      );
    properties.set(name, { shape, required, note: noteAtUse(schema, shape) });
  }
  return properties;
}

/** Names that must be there. `required: true` belongs to the property's place and is read there. */
function requiredOf(checked: Checked): string[] {
  const written = checked.schema["required"];
  return typeof written === "boolean" ? [] : checked.texts("required");
}

interface Rest {
  patterns: readonly PatternProperty[];
  additional: Shape;
}

/** A required name without a property of its own has whatever the rest allows. */
function undeclared(name: string, { patterns, additional }: Rest, openapi: boolean): Shape {
  // Closed and demanded at once: in an OpenAPI document another member of the composition declares it.
  if (openapi && additional === NEVER) return ANY;
  return patterns.find(({ pattern }) => regex(pattern)?.test(name))?.shape ?? additional;
}

function dependentRequiredOf(checked: Checked): ReadonlyMap<string, readonly string[]> {
  const { draft } = checked.place.scope.dialect;
  const word = draft >= 2019 ? "dependentRequired" : "dependencies";
  const lists = Object.entries(checked.object(word) ?? {}).filter(([, needed]) => Array.isArray(needed));
  return new Map(lists.map(([name, needed]) => [name, namesIn(needed)]));
}

const namesIn = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((name) => typeof name === "string").sort() : [];

function keysOf(checked: Checked, draft: number, node: ReadNode): Shape | undefined {
  const written = checked.schema["propertyNames"];
  if (written === undefined || draft < 6) return undefined;
  const shape = node(written, checked.place.at("propertyNames"));
  return shape === ANY ? undefined : shape;
}

/** The objects that a schema's own keywords allow. */
export function ownObjects(checked: Checked, node: ReadNode): ObjectFacet {
  const { schema, place } = checked;
  const written = schema["additionalProperties"];
  const additional =
    written === undefined || written === null ? ANY : node(written, place.at("additionalProperties"));
  const patterns = patternsOf(checked, node);
  const properties = propertiesOf(checked, node);
  for (const name of requiredOf(checked)) {
    const property = properties.get(name) ?? {
      shape: undeclared(name, { patterns, additional }, place.scope.dialect.openapi),
      note: undefined,
    };
    properties.set(name, { ...property, required: true });
  }
  return objectFacet({
    properties,
    patterns,
    additional,
    keys: keysOf(checked, place.scope.dialect.draft, node),
    minProperties: checked.size("minProperties") ?? 0,
    maxProperties: checked.size("maxProperties"),
    dependentRequired: dependentRequiredOf(checked),
  });
}
