/** Which values an option takes that is no number. */
export interface ValueRule {
  /** Completes "… must be". */
  readonly says: string;
  readonly holds: (value: unknown) => boolean;
}

export const text: ValueRule = {
  says: "a text that is not empty",
  holds: (value) => typeof value === "string" && value !== "",
};

export const anyText: ValueRule = { says: "a text", holds: (value) => typeof value === "string" };

export const callable: ValueRule = { says: "a function", holds: (value) => typeof value === "function" };

export const record: ValueRule = {
  says: "an object",
  holds: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

/** One of some words. */
export function oneOf(...words: readonly string[]): ValueRule {
  const says = words.map((word) => `"${word}"`).join(" or ");
  return { says, holds: (value) => typeof value === "string" && words.includes(value) };
}

/** An object that has these methods. @param example what makes one */
export function withMethods(example: string, ...methods: readonly string[]): ValueRule {
  return {
    says: `an object with ${methods.map((name) => `\`${name}\``).join(", ")}, such as ${example}`,
    holds: (value) =>
      ((typeof value === "object" && value !== null) || typeof value === "function") &&
      methods.every((name) => typeof Reflect.get(value, name) === "function"),
  };
}

/** Absent, or what another rule takes. */
export function maybe({ says, holds }: ValueRule): ValueRule {
  return { says, holds: (value) => value === undefined || holds(value) };
}

/** Only what it is: the value may be something that was meant for another option, a secret for one. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null || value === "") return value === "" ? "empty" : String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "another object" : `a ${typeof value}`;
}

/** @throws TypeError where something is not what a rule takes: what must be, and what kind of thing it is */
export function requireValue(what: string, value: unknown, rule: ValueRule): void {
  if (!rule.holds(value)) throw new TypeError(`${what} must be ${rule.says}, not ${kindOf(value)}`);
}

/** The options themselves, where JavaScript gave something else. @throws TypeError */
export function requireOptions(owner: string, options: unknown): asserts options is object {
  // Asked in every call: no words are made where nothing is to be said.
  if (!record.holds(options)) requireValue(`${owner}: the options`, options, record);
}

/**
 * Refuses what TypeScript would have refused, for those who write JavaScript: by name, before anything is done with it.
 * @param owner who is asked: `stripe`, `queue mails`
 * @throws TypeError
 */
export function requireValues(
  owner: string,
  options: unknown,
  rules: Readonly<Record<string, ValueRule>>,
): void {
  requireOptions(owner, options);
  for (const [name, rule] of Object.entries(rules)) {
    requireValue(`${owner}: \`${name}\``, Reflect.get(options, name), rule);
  }
}
