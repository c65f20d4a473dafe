/**
 * Fields as they came: those of one name joined by `, `, set-cookie, whose values hold commas, by newline. Names in lower
 * case; a server chooses them, so `constructor` and `__proto__` are names like any other. h2 brings `:status` among them.
 */
export function joinHeaders(fields: Iterable<readonly [string, string]>): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [given, value] of fields) {
    const name = given.toLowerCase();
    if (name.startsWith(":")) continue;
    const before = joined[name];
    const between = name === "set-cookie" ? "\n" : ", ";
    joined[name] = before === undefined ? value : before + between + value;
  }
  return joined;
}
