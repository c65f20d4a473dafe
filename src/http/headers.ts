/** Fields of one name joined by `, `; set-cookie, whose values hold commas, by newline. Names in lower case. */
export function joinHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    // h2 brings `:status` among the headers.
    if (value === undefined || name.startsWith(":")) continue;
    const key = name.toLowerCase();
    joined[key] = Array.isArray(value) ? value.join(key === "set-cookie" ? "\n" : ", ") : value;
  }
  return joined;
}

/** The same from names and values in turn, as they came over the wire. */
export function rawHeaders(pairs: readonly Buffer[]): Record<string, string> {
  const collected: Record<string, string[]> = {};
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const name = pairs[at]?.toString("latin1").toLowerCase() ?? "";
    collected[name] = [...(collected[name] ?? []), pairs[at + 1]?.toString("latin1") ?? ""];
  }
  return joinHeaders(collected);
}
