/** What JSON may hold as it is and a terminal would obey, or show in another order: C1 controls, bidirectional overrides. */
const UNSHOWN = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** JSON for files and terminals: indented, ends with a newline, and every control character in it is escaped. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2) ?? "null";
  return `${text.replace(UNSHOWN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
