/** Reads a place such as `$.data[0].id` of a JSON document; undefined where there is nothing. */
export function valueAt(document: unknown, place: string): unknown {
  const steps = [...place.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]/g)].map(
    ([, name, index]) => name ?? Number(index),
  );
  return steps.reduce<unknown>((at, step) => {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    return Reflect.get(at, step);
  }, document);
}

/** The text or number at a place, as text: not what changes on its way, half a character or a number that JSON rounds. */
export function textAt(document: unknown, place: string): string | undefined {
  const value = valueAt(document, place);
  if (typeof value === "string") return value === "" || /\p{Surrogate}/u.test(value) ? undefined : value;
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined;
}

/**
 * Replaces `{{name}}` in every text of a JSON value, keys excepted; names without a value stay as they are. A text that is
 * nothing but `{{name}}` becomes what stands there, a list too.
 */
export function fillTemplate(template: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (typeof template === "string") {
    const alone = /^\{\{(\w+)\}\}$/.exec(template)?.[1];
    if (alone !== undefined && Object.hasOwn(values, alone)) return values[alone];
    return template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    );
  }
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, values));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillTemplate(value, values)]),
  );
}
