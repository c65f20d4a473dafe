/** One request that was seen, credentials already taken out of its URL. */
export interface SeenRequest {
  /** Upper case. */
  method: string;
  /** Absolute. */
  url: string;
}

/** Requests that differ only in what looks like an identifier. */
export interface Route {
  method: string;
  /** `/v1/customers/{customer}` */
  path: string;
  /** Placeholder → a value that was seen. */
  examples: Readonly<Record<string, string>>;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PREFIXED = /^[a-z]{2,8}_[A-Za-z0-9_]{6,}$/;
/** Letters and digits mixed, as no word of a path is. */
const MIXED = /^(?=(?:.*\d){2})(?=.*[A-Za-z])[\w-]{8,}$/;
const PERSONAL = /@|REDACTED/;

/** Whether a segment of a path names one thing of many, rather than a kind of things. */
export function isIdentifier(segment: string): boolean {
  if (/^\d+$/.test(segment) || UUID.test(segment) || PERSONAL.test(segment)) return true;
  return (PREFIXED.test(segment) && /\d/.test(segment)) || MIXED.test(segment);
}

/** `customers` → `customer`, `categories` → `category`; `status` stays. */
export function singular(word: string): string {
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:x|ch|sh|ss)es$/.test(word)) return word.slice(0, -2);
  return /[^aiuos]s$/.test(word) || /[aeo]es$/.test(word) ? word.slice(0, -1) : word;
}

function placeholderName(before: string | undefined, used: ReadonlySet<string>): string {
  const word = singular(before ?? "")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^[^A-Za-z]+|_+$/g, "");
  const name = word === "" ? "id" : word;
  if (!used.has(name)) return name;
  for (let n = 2; ; n++) if (!used.has(`${name}${n}`)) return `${name}${n}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** @param base what the path is below: the API's base URL */
export function routeOf({ method, url }: SeenRequest, base: string): Route {
  const path = new URL(url).pathname.slice(new URL(base).pathname.replace(/\/$/, "").length) || "/";
  const segments = path.split("/").slice(1);
  const examples: Record<string, string> = {};
  const used = new Set<string>();
  const parts = segments.map((segment, index) => {
    const value = decoded(segment);
    if (!isIdentifier(value)) return segment.replace(/[{}]/g, encodeURIComponent);
    const name = placeholderName(segments[index - 1], used);
    used.add(name);
    // An address of a person, or a credential, is nobody's example.
    examples[name] = PERSONAL.test(value) ? "1" : value;
    return `{${name}}`;
  });
  return { method, path: `/${parts.join("/")}`, examples };
}

/** What of a query may stand in a manifest: flags, counts and words; no credential, and nothing long or personal. */
export function keptQuery(url: string, isSecretName: (name: string) => boolean): string {
  const kept = [...new URL(url).searchParams].filter(
    ([name, value]) => !isSecretName(name) && !PERSONAL.test(value) && /^[\w.,:[\]-]{1,40}$/.test(value),
  );
  return new URLSearchParams(kept).toString();
}
