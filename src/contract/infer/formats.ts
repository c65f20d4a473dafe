import { COUNTRY, CURRENCY } from "./codes.ts";

/**
 * What a string can look like. The order is the order of preference: the first that every value matched is adopted.
 * `format` is a JSON Schema format where there is a standard one; `pattern` says the rest to any validator.
 */
export interface Format {
  /** The name in our own words, in findings. */
  name: string;
  format?: string;
  pattern?: string;
  test(value: string): boolean;
}

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?`;

const regex = (source: string, name: string, standard?: string): Format => {
  const compiled = new RegExp(source);
  return {
    name,
    ...(standard === undefined ? { pattern: source } : { format: standard }),
    test: (value) => compiled.test(value),
  };
};

const SECONDS_TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?`;

export const FORMATS: readonly Format[] = [
  { ...regex(`^${DATE}T${SECONDS_TIME}Z$`, "date-time in UTC", "date-time"), pattern: "Z$" },
  regex(`^${DATE}T${SECONDS_TIME}(?:Z|[+-]\\d\\d:\\d\\d)$`, "date-time", "date-time"),
  regex(String.raw`^${DATE}[T ]${TIME}(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?$`, "date and time"),
  regex(`^${DATE}$`, "date", "date"),
  regex("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "uuid", "uuid"),
  regex(
    String.raw`^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$`,
    "IPv4 address",
    "ipv4",
  ),
  regex(String.raw`^(?=.*:.*:)[0-9a-fA-F:]+(?:\d+\.\d+\.\d+\.\d+)?$`, "IPv6 address"),
  regex("^-?[0-9]+$", "integer in a string"),
  regex(String.raw`^-?[0-9]+\.[0-9]+$`, "decimal in a string"),
  regex(String.raw`^-?[0-9]+(?:\.[0-9]+)?$`, "number in a string"),
  regex(
    String.raw`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$`,
    "email",
    "email",
  ),
  {
    ...regex(
      String.raw`^https?://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#](?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?$`,
      "URL",
      "uri",
    ),
    pattern: "^https?://",
  },
  { ...regex(String.raw`^https?://\S+$`, "URL"), pattern: "^https?://" },
  {
    name: "currency code",
    pattern: "^[A-Z]{3}$",
    test: (value) => value.length === 3 && CURRENCY.has(value),
  },
  {
    name: "currency code",
    pattern: "^[a-z]{3}$",
    test: (value) => value.length === 3 && value === value.toLowerCase() && CURRENCY.has(value.toUpperCase()),
  },
  { name: "country code", pattern: "^[A-Z]{2}$", test: (value) => value.length === 2 && COUNTRY.has(value) },
];

/** All formats still possible. */
export const ALL_FORMATS = (1 << FORMATS.length) - 1;

/** Which of the formats in `mask` the value matches, as bits by index. */
export function matchFormats(value: string, mask: number): number {
  if (value.length === 0 || value.length > 2048) return 0;
  let left = mask;
  for (let bit = 0, rest = mask; rest !== 0; bit++, rest >>>= 1) {
    if ((rest & 1) === 1 && FORMATS[bit]?.test(value) !== true) left &= ~(1 << bit);
  }
  return left;
}

/** The most telling format of a mask. */
export function bestFormat(mask: number): Format | undefined {
  if (mask === 0) return undefined;
  return FORMATS[31 - Math.clz32(mask & -mask)];
}

/** One to three words in front of the last underscore. */
const HEAD = /^(?:[a-z]{1,12}_){1,3}$/;

/** Longest id, and the least that is generated of it. */
const MAX_ID = 200;
const MIN_TAIL = 8;

const heads = new Map<string, boolean>();
const MAX_HEADS = 1000;

function isHead(head: string): boolean {
  const known = heads.get(head);
  if (known !== undefined) return known;
  if (heads.size >= MAX_HEADS) heads.clear();
  const answer = HEAD.test(head);
  heads.set(head, answer);
  return answer;
}

/** `cus_`, `sk_test_`: the constant head of a provider's ids, when the rest looks generated. */
export function idPrefix(value: string): string | undefined {
  const end = value.lastIndexOf("_") + 1;
  if (end < 2 || end > 39 || value.length > MAX_ID || value.length - end < MIN_TAIL) return undefined;
  if (!looksGenerated(value, end)) return undefined;
  const head = value.slice(0, end);
  return isHead(head) ? head : undefined;
}

/** Whether `idPrefix` of a value is this one, which another value has. */
export function hasIdPrefix(value: string, prefix: string): boolean {
  return (
    value.length <= MAX_ID &&
    value.length - prefix.length >= MIN_TAIL &&
    value.startsWith(prefix) &&
    looksGenerated(value, prefix.length)
  );
}

/** The same of what stands in a text from `start` to `end`, given as UTF-16 units. */
export function hasIdPrefixAt(units: Uint16Array, start: number, end: number, prefix: string): boolean {
  const head = prefix.length;
  if (end - start > MAX_ID || end - start - head < MIN_TAIL) return false;
  for (let at = 0; at < head; at++) if (units[start + at] !== prefix.charCodeAt(at)) return false;
  let telling = false;
  for (let at = start + head; at < end; at++) {
    const code = units[at] ?? 0;
    if (isLower(code)) continue;
    if (!isDigitOrCapital(code)) return false;
    telling = true;
  }
  return telling;
}

/** Letters and digits from `start` on, among them a digit or a capital. Runs for every id: without a regular expression. */
function looksGenerated(value: string, start: number): boolean {
  let telling = false;
  for (let at = start; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (isLower(code)) continue;
    if (!isDigitOrCapital(code)) return false;
    telling = true;
  }
  return telling;
}

const isLower = (code: number) => code >= 0x61 && code <= 0x7a;
const isDigitOrCapital = (code: number) => (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a);
