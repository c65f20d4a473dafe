import { CURRENCY } from "./codes.ts";
import { idPrefix } from "./formats.ts";

/** What the names of a map can look like: ids of some kind, never words. */
export interface KeyKind {
  name: string;
  pattern: string;
  test(key: string): boolean;
}

const kind = (name: string, pattern: string): KeyKind => {
  const compiled = new RegExp(pattern);
  return { name, pattern, test: (key) => compiled.test(key) };
};

/** Ordered: the first that every name matches is taken. */
export const KEY_KINDS: readonly KeyKind[] = [
  kind("digits", "^[0-9]+$"),
  kind("uuid", "^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
  kind("date", String.raw`^\d{4}-\d\d(?:-\d\d)?(?:[T ].*)?$`),
  kind(
    "IP address",
    String.raw`^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*)(?:[:/]\d+)?$`,
  ),
  { name: "currency", pattern: "^[A-Z]{3}$", test: (key) => key.length === 3 && CURRENCY.has(key) },
  {
    name: "currency",
    pattern: "^[a-z]{3}$",
    test: (key) => key.length === 3 && key === key.toLowerCase() && CURRENCY.has(key.toUpperCase()),
  },
  kind("locale", "^[a-z]{2}[-_][A-Z]{2}$"),
  kind("email", "^[^@ ]+@[^@ ]+$"),
  kind(
    "domain",
    "^[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:com|net|org|io|co|edu|gov|info|biz|dev|app|ai|eu|us|uk|de|fr|it|es|nl|at|ch|ru|jp|cn|in|br|au|ca|cz|pl|se|no|fi|dk|be|tw|kr|mx)$",
  ),
  kind("path or URL", "^(?:/|[a-z]+://)"),
  // All of these are generated ids as well: what counts as a map stays the same.
  kind("id with a prefix", "^(?=.*[0-9])(?=.{12})[a-z]{2,8}(?:_[a-z]{2,8})?_[A-Za-z0-9]{8,}$"),
  // Words with a small number behind (`percentile_95`) are names that somebody wrote.
  kind(
    "generated id",
    "^(?=.*[0-9])(?!(?:[A-Za-z]+[_.:-])*[A-Za-z]+[_.:-]?[0-9]{1,3}$)[A-Za-z0-9][A-Za-z0-9_.:-]{11,}$",
  ),
];

/** Every kind: the mask before the first name. */
export const ANY_KIND = (1 << KEY_KINDS.length) - 1;

/** Which of the kinds in `mask` a name matches, as bits by index. */
export function matchKeys(key: string, mask: number): number {
  let left = mask & ANY_KIND;
  for (let bit = 0, rest = left; rest !== 0; bit++, rest >>>= 1) {
    if ((rest & 1) === 1 && KEY_KINDS[bit]?.test(key) !== true) left &= ~(1 << bit);
  }
  return left;
}

/** The most telling kind of a mask. */
export function bestKeyKind(mask: number): KeyKind | undefined {
  return mask === 0 ? undefined : KEY_KINDS[31 - Math.clz32(mask & -mask)];
}

/** The name of the kind whose pattern this is. */
export function kindOfPattern(pattern: string): string | undefined {
  return KEY_KINDS.find((one) => one.pattern === pattern)?.name;
}

/** Mail addresses, phone numbers, UUIDs, IP addresses, long numbers, and what looks generated and has a head like `cus_`. */
const PRIVATE: readonly RegExp[] = [
  /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  /^\+?\d[\d ().-]{4,}$/,
  /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  /^[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F]+$/,
  /^(?=(?:.*\d){4})(?=.*[A-Za-z])[A-Za-z0-9-]{20,}$/,
];

/** Whether a name can only be data: it names a person or a thing, and is no word that an API's reader would write. */
export function isPrivateName(name: string): boolean {
  return (
    PRIVATE.some((look) => look.test(name)) ||
    (idPrefix(name) !== undefined && /\d[A-Za-z]|[a-z][A-Z]/.test(name))
  );
}
