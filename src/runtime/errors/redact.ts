const BLOT = "[secret]";

/** Blots the given values out of a text from outside. The longest go first: one may be a part of another. */
export function blotText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, BLOT)), text);
}

/** The same for anything that came from outside: strings in any depth of a parsed body too. */
export function blotOut(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return blotText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => blotOut(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [blotText(key, secrets), blotOut(item, secrets)]),
  );
}
