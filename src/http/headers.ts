/**
 * Fields as they came: those of one name joined by `, `, set-cookie, whose values hold commas, by newline. Names in lower
 * case; a server chooses them, so `constructor` and `__proto__` are names like any other. h2 brings `:status` among them.
 */
export function joinHeaders(fields: Iterable<readonly [string, string]>): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [given, value] of fields) {
    const name = given.toLowerCase();
    if (name.startsWith(":")) continue;
    const before = joined.get(name);
    const between = name === "set-cookie" ? "\n" : ", ";
    joined.set(name, before === undefined ? value : before + between + value);
  }
  return Object.fromEntries(joined);
}
