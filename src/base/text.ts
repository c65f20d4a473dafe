/**
 * Makes text from outside (a server, a file, a key) safe to show: control characters, including ESC, are shown as `\x1b`,
 * bidirectional overrides as `\u202e`. Newlines and tabs stay when `multiline` is set.
 */
export function neutralize(text: string, { multiline = false } = {}): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu, (char) => {
    if (multiline && (char === "\n" || char === "\t")) return char;
    const code = char.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** `1 finding`, `2 findings`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Cuts to `width` characters, the last of them `…`. */
export function truncate(text: string, width: number): string {
  if (text.length <= width) return text;
  // Half a character that takes two units would be none that JSON can say.
  return `${text.slice(0, Math.max(0, width - 1)).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** `'a'`, `'a' or 'b'`, `'a', 'b' or 'c'`, without quotes around the items. */
export function listOf(items: readonly string[], joiner = "or"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${joiner} ${items.at(-1)}`;
}

/** A word of a command line that a person may paste into a POSIX shell: nothing in it is expanded, whoever wrote it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `512 B`, `64 KiB`, `1.5 MiB`: at most one decimal. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}
