/**
 * Fields as they came: those of one name joined by `, `, set-cookie, whose values hold commas, by newline. Names in lower
 * case; a server chooses them, so `constructor` and `__proto__` are names like any other. h2 brings `:status` among them.
 */
export function joinHeaders(fields: Iterable<readonly [string, string]>): Record<string, string> {
  const joined = new Map<string, string[]>();
  for (const [given, value] of fields) {
    const name = given.toLowerCase();
    if (name.startsWith(":")) continue;
    const values = joined.get(name);
    if (values) values.push(value);
    else joined.set(name, [value]);
  }
  const entries = [...joined].map(([name, values]) => [
    name,
    values.join(name === "set-cookie" ? "\n" : ", "),
  ]);
  return Object.fromEntries(entries);
}
