/** The width at which Prettier and Biome break lines unless told otherwise. */
export const WIDTH = 80;

/**
 * A call, or anything else in brackets, on one line where it fits, and one argument per line where it does not: as
 * formatters print it.
 */
export function inBrackets(indent: string, before: string, args: readonly string[], after: string): string {
  const line = `${indent}${before}${args.join(", ")}${after}`;
  if (line.length <= WIDTH || args.length === 0) return line;
  return `${indent}${before}\n${args.map((arg) => `${indent}  ${arg},\n`).join("")}${indent}${after}`;
}
