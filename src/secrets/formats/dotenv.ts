/** One assignment of a .env file, with the part of the text it takes. */
export interface DotenvEntry {
  name: string;
  value: string;
  /** Offsets of the whole assignment, without the line end behind it. */
  start: number;
  end: number;
}

const DOUBLE_ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * `NAME=value`, `export NAME=…`; values bare (up to a ` #`), in single quotes or backticks (as they are), or in double
 * quotes (with \n, \r, \t, \", \\, \$); quoted values may span lines. Nothing is expanded.
 */
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|`([^`]*)`|((?:(?![ \t]+#)[^\r\n])*))[ \t]*(?:#[^\r\n]*)?(?=\r?$)/gm;

/** Reads a .env file; what is no assignment is left out. A later assignment of a name comes later in the list. */
export function parseDotenv(text: string): DotenvEntry[] {
  return [...text.matchAll(ASSIGNMENT)].map((match) => {
    const [all, name = "", double, single, backtick, bare = ""] = match;
    const value =
      double?.replace(/\\([\s\S])/g, (_, char: string) => DOUBLE_ESCAPES[char] ?? char) ??
      single ??
      backtick ??
      bare.trim();
    return { name, value, start: match.index, end: match.index + all.length };
  });
}

/** One assignment that every common reader of .env files takes for the same value, where there is such a form. */
export function formatDotenv(name: string, value: string): string {
  if (/^[\w./:@+,=%-]+$/.test(value)) return `${name}=${value}`;
  // Readers agree on single quotes; they differ in what a backslash does within double ones.
  if (!/['\r]|\\$/.test(value)) return `${name}='${value}'`;
  const escaped = value
    .replace(/[\\"$]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return `${name}="${escaped}"`;
}

/** Puts assignments into a .env file: in the place of those of the same name, else at its end. All other lines stay. */
export function updateDotenv(text: string, values: ReadonlyMap<string, string>): string {
  const rest = new Map(values);
  let out = "";
  let at = 0;
  for (const { name, start, end } of parseDotenv(text)) {
    const value = values.get(name);
    if (value === undefined) continue;
    // A second assignment of the same name would win over the first: it goes.
    out += text.slice(at, start) + (rest.delete(name) ? formatDotenv(name, value) : "");
    at = end;
  }
  out += text.slice(at);
  if (out !== "" && !out.endsWith("\n")) out += "\n";
  return out + [...rest].map(([name, value]) => `${formatDotenv(name, value)}\n`).join("");
}
