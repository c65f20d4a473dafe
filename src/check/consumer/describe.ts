import type { Unjudged } from "./protocol.ts";

/** The part of the user's zod that turns a schema into JSON Schema; absent in zod 3. */
export type ToJsonSchema = (schema: unknown, options: Record<string, unknown>) => Record<string, unknown>;

/** What a schema of these zod types asks of its input beyond JSON Schema. */
const REASON: Readonly<Record<string, string>> = {
  custom: "a custom check",
  date: "a Date, which JSON never holds",
  bigint: "a bigint, which JSON never holds",
  map: "a Map, which JSON never holds",
  set: "a Set, which JSON never holds",
  symbol: "a symbol, which JSON never holds",
  function: "a function, which JSON never holds",
  file: "a file, which JSON never holds",
  promise: "a promise",
  transform: "a transform of unknown input",
};

interface OverrideInput {
  zodSchema: { _zod: { def: Record<string, unknown> } };
  jsonSchema: Record<string, unknown>;
  path: readonly (string | number)[];
}

const memberName = (key: string | number) =>
  /^[A-Za-z_]\w*$/.test(String(key)) ? `.${key}` : `[${JSON.stringify(String(key))}]`;

/** A path of JSON Schema keywords as the JSONPath of the data it speaks of. */
export function dataPath(keywords: readonly (string | number)[]): string {
  let path = "$";
  for (let at = 0; at < keywords.length; at++) {
    const keyword = keywords[at];
    if (keyword === "properties") path += memberName(keywords[++at] ?? "");
    else if (keyword === "items" || keyword === "prefixItems") {
      path += "[*]";
      if (keyword === "prefixItems") at++;
    } else if (keyword === "additionalProperties") path += ".*";
    else if (keyword === "anyOf" || keyword === "oneOf" || keyword === "allOf") at++;
  }
  return path;
}

const hasCustomCheck = (def: Record<string, unknown>) =>
  Array.isArray(def.checks) && def.checks.some((check) => check?._zod?.def?.check === "custom");

/** Whether a property has a value to fall back on, so that it may be missing: JSON Schema calls it required all the same. */
function hasFallback({ shape }: Record<string, unknown>, name: unknown): boolean {
  if (typeof shape !== "object" || shape === null || typeof name !== "string") return false;
  const property: unknown = Object.getOwnPropertyDescriptor(shape, name)?.value;
  return isOfType(property, "catch");
}

function isOfType(schema: unknown, type: string): boolean {
  if (typeof schema !== "object" || schema === null || !("_zod" in schema)) return false;
  const { _zod: inner } = schema;
  if (typeof inner !== "object" || inner === null || !("def" in inner)) return false;
  const { def } = inner;
  return typeof def === "object" && def !== null && "type" in def && def.type === type;
}

/**
 * The JSON Schema of a schema's input, and what it cannot say of it: refinements, coercion, values that JSON does not
 * have. What is not said in JSON Schema is still judged, by parsing live samples with the schema itself.
 */
export function describeSchema(
  schema: unknown,
  toJsonSchema: ToJsonSchema,
): { jsonSchema?: Record<string, unknown>; unjudged: Unjudged[] } {
  const found = new Map<string, Unjudged>();
  const note = (path: string, reason: string) => found.set(`${path}\n${reason}`, { path, reason });
  const override = ({ zodSchema, jsonSchema, path }: OverrideInput) => {
    const { def } = zodSchema._zod;
    const at = dataPath(path);
    const reason = REASON[String(def.type)];
    if (reason !== undefined) note(at, reason);
    if (hasCustomCheck(def)) note(at, "a custom refinement");
    if (def.coerce === true || def.type === "catch") {
      // Either takes any input, so the type that comes of it says nothing about the response.
      for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword];
      note(at, def.type === "catch" ? "a fallback for what does not fit" : `coercion to ${def.type}`);
    }
    if (Array.isArray(jsonSchema.required)) {
      jsonSchema.required = jsonSchema.required.filter((name) => !hasFallback(def, name));
    }
  };
  try {
    const jsonSchema = toJsonSchema(schema, { io: "input", unrepresentable: "any", override });
    return { jsonSchema, unjudged: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { unjudged: [{ path: "$", reason: `no JSON Schema: ${reason}` }] };
  }
}
