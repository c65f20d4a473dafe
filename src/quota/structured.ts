/** One member of a structured list: its bare value as text, and its parameters. */
export interface Item {
  value: string;
  /** The value stood in quotes. */
  quoted: boolean;
  params: Readonly<Record<string, string>>;
}

/** Splits at `separator` outside quotes and parentheses. */
export function splitOutside(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "(") depth++;
    else if (!quoted && char === ")") depth--;
    else if (!quoted && depth <= 0 && char === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function unquote(text: string): { value: string; quoted: boolean } {
  const inner = /^"(.*)"$/s.exec(text)?.[1];
  return inner === undefined
    ? { value: text, quoted: false }
    : { value: inner.replace(/\\(.)/gs, "$1"), quoted: true };
}

function toItem(text: string): Item {
  const [first = "", ...rest] = splitOutside(text, ";");
  const params: Record<string, string> = Object.create(null);
  for (const part of rest) {
    const equals = part.indexOf("=");
    if (equals < 0) params[part.toLowerCase()] = "";
    else params[part.slice(0, equals).trim().toLowerCase()] = unquote(part.slice(equals + 1).trim()).value;
  }
  return { ...unquote(first), params };
}

/**
 * A list in the manner of RFC 9651, read leniently: tokens where strings belong (`quota;t=1`, as in the drafts' own
 * examples) and `key=value` members pass as they are.
 */
export function parseList(text: string): Item[] {
  return splitOutside(text, ",").map(toItem);
}
