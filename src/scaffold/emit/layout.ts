import { compareText } from "../../base/finding.ts";

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

/** Names of one module's exports as formatters print their import: sorted whatever the case, types marked. */
export function emitImport(from: string, names: readonly string[], types: readonly string[] = []): string {
  const marked = [...names.map((name) => [name, name]), ...types.map((name) => [name, `type ${name}`])];
  const sorted = marked
    .sort(([a = ""], [b = ""]) => compareText(a.toLowerCase(), b.toLowerCase()))
    .map(([, text = ""]) => text);
  const line = `import { ${sorted.join(", ")} } from ${JSON.stringify(from)};`;
  if (line.length <= WIDTH) return line;
  return `import {\n${sorted.map((name) => `  ${name},\n`).join("")}} from ${JSON.stringify(from)};`;
}
