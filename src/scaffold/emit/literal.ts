import { WIDTH } from "./layout.ts";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A string literal as formatters print it: double quotes, unless single ones need fewer escapes. */
export function quote(text: string): string {
  const double = JSON.stringify(text).replace(/[\u2028\u2029\u007f-\u009f]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  if (!text.includes('"') || text.includes("'")) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"')}'`;
}

export function propertyKey(name: string): string {
  // `__proto__: x` in a literal sets the prototype; in brackets it is a property as any other.
  if (name === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(name) ? name : quote(name);
}

function emitArray(items: readonly unknown[], indent: string): string {
  const inner = `${indent}  `;
  const parts = items.map((item) => emitLiteral(item, inner));
  const oneLine = `[${parts.join(", ")}]`;
  if (!oneLine.includes("\n") && indent.length + oneLine.length < 60) return oneLine;
  return `[\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}]`;
}

/** A text that is too wide stands on a line of its own, unless its key is no wider than an indentation. */
function entryLine(key: string, value: unknown, indent: string): string {
  const literal = emitLiteral(value, indent);
  const line = `${indent}${key}: ${literal},`;
  const alone = typeof value === "string" && line.length > WIDTH && key.length > 2;
  return alone ? `${indent}${key}:\n${indent}  ${literal},\n` : `${line}\n`;
}

/**
 * A JSON value as a TypeScript literal that formatters leave as it is: objects opened, two spaces.
 * @param indent the indentation of the line that the literal begins on
 */
export function emitLiteral(value: unknown, indent = ""): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : emitArray(value, indent);
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  const inner = `${indent}  `;
  const lines = entries.map(([key, item]) => entryLine(propertyKey(key), item, inner));
  return `{\n${lines.join("")}${indent}}`;
}

/** A JSON value as a literal on one line. */
export function inlineLiteral(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map(inlineLiteral).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${propertyKey(key)}: ${inlineLiteral(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** Text from outside within a comment: one line, and no way out of the comment. */
export function commentText(text: string): string {
  return text
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll("*/", "* /")
    .trim();
}
