const BLOT = "[secret]";

/** Blots the given values out of anything that came from outside: strings in any depth of a parsed body too. */
export function blotOut(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") {
    return secrets.reduce((text, secret) => (secret === "" ? text : text.replaceAll(secret, BLOT)), value);
  }
  if (Array.isArray(value)) return value.map((item) => blotOut(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(blotOut(key, secrets)), blotOut(item, secrets)]),
  );
}
