import type { Json } from "../shape.ts";

/** Keys whose values stand on one line: what a person reads as one thing. */
const INLINE = new Set(["x-integ", "type"]);

/** JSON text with two spaces of indentation, one name or enum member a line, and evidence on one line. Ends with a newline. */
export function formatSchema(schema: Json): string {
  return `${format(schema, "", true)}\n`;
}

function format(value: Json, indent: string, root = false): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + format(item, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => {
    const text = INLINE.has(key) && !(root && key === "x-integ") ? inline(item) : format(item, inner);
    return `${inner}${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function inline(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
