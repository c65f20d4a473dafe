/** Names that mean something else in a module of schemas. */
const TAKEN = new Set(["z", "Unseen"]);

/**
 * Whether every object has a property of this name already: where it is absent from a response, zod would read the
 * inherited one and refuse it, so such properties are neither described nor part of a sample.
 */
export function isInherited(key: string): boolean {
  return key in Object.prototype;
}

/** Any text as a type's name: letters and digits, a capital first. */
export function typeName(text: string): string {
  const words = text
    .normalize("NFKD")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  const name = words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")
    .slice(0, 40);
  return /^[A-Z]/.test(name) ? name : `Type${name}`;
}

/** `Customer` of `#/components/schemas/Customer`. */
export const componentName = (path: string | undefined) => path?.split("/").at(-1);

/** The name of one thing of a list. */
export const singular = (name: string) => (/[^s]s$/.test(name) ? name.slice(0, -1) : `${name}Item`);

/** Gives every name once. */
export class Names {
  readonly #used: Set<string>;

  /** @param taken names that mean something else where these stand */
  constructor(taken: Iterable<string> = TAKEN) {
    this.#used = new Set(taken);
  }

  isFree(name: string): boolean {
    return !this.#used.has(name);
  }

  /** The name itself, or with the first number that makes it one of a kind. */
  claim(name: string): string {
    let unique = name;
    for (let n = 2; this.#used.has(unique); n++) unique = `${name}${n}`;
    this.#used.add(unique);
    return unique;
  }
}

/** An operationId, or method and path, as the name of an endpoint: `getCustomers`, `customers/list` → `customers-list`. */
export function endpointName(id: string): string {
  const text = id
    .normalize("NFKD")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  // A method of this name would be the class's own.
  if (text === "" || text === "constructor") return "call";
  return text;
}
