const BLOT = "[secret]";

/** Blots the given values out of a text from outside. The longest go first: one may be a part of another. */
export function blotText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, BLOT)), text);
}

/** Nobody's error is nested deeper; what is meant to exhaust the stack. */
const DEEPEST_BODY = 100;

/** The same for anything that came from outside: strings in a parsed body too, which ends at its hundredth level. */
export function blotOut(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === "string") return blotText(value, secrets);
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST_BODY) return "[nested too deeply]";
  if (Array.isArray(value)) return value.map((item) => blotOut(item, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [blotText(key, secrets), blotOut(item, secrets, depth + 1)]),
  );
}

/** How deep an error is searched: its causes, and what libraries hang on them. */
const DEPTH = 8;

/**
 * An error of somebody else's, to be handed on as a cause. It stays the very one, unless a secret is in it: then its name
 * and its text go on, blotted, and nothing else of it.
 */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  const { inspect } = process.getBuiltinModule("node:util");
  const whole = inspect(error, {
    depth: DEPTH,
    maxStringLength: null,
    maxArrayLength: null,
    showHidden: true,
    // What an error hides from the console it may still hand to a log as JSON.
    customInspect: false,
  });
  if (!secrets.some((secret) => secret !== "" && whole.includes(secret))) return error;
  const text = error instanceof Error ? error.message : String(error);
  const copy = new Error(blotText(text, secrets));
  if (error instanceof Error) copy.name = blotText(error.name, secrets);
  return copy;
}
