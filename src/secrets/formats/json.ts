/** Reads a JSON document of secrets: one object whose values are texts. The reason of a failure quotes no value. */
export function parseJsonSecrets(
  text: string,
): { ok: true; values: Map<string, string> } | { ok: false; reason: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: "it is not JSON" };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { ok: false, reason: "it is not an object of names and values" };
  }
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(json)) {
    if (typeof value !== "string") return { ok: false, reason: `the value of \`${name}\` is not a text` };
    values.set(name, value);
  }
  return { ok: true, values };
}

/** Puts values into a JSON document of secrets; other names stay, all are sorted. */
export function updateJsonSecrets(
  before: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
): string {
  const all = [...new Map([...before, ...values])].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`;
}
