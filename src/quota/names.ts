/** What a header's value is, by the header's name. */
export type Field =
  | "limit"
  | "remaining"
  | "used"
  | "reset"
  | "window"
  | "name"
  | "reason"
  | "scope"
  | "near"
  | "policy"
  | "retry"
  | "info"
  /** The name says only that it is about a rate limit. */
  | "whole";

export interface HeaderMeaning {
  /** Headers of one family describe the same quota: `x-ratelimit`, `ratelimit`. */
  family: string;
  /** `requests`, `daily-token`; empty where the name says none. */
  dimension: string;
  field: Field;
  /** The name says that the value counts milliseconds. */
  milliseconds: boolean;
  /** `interval` where the window's header is called so. */
  word: string;
}

const FIELDS: Readonly<Record<string, Field>> = {
  limit: "limit",
  max: "limit",
  maximum: "limit",
  total: "limit",
  quota: "limit",
  allowed: "limit",
  remaining: "remaining",
  remain: "remaining",
  left: "remaining",
  available: "remaining",
  used: "used",
  usage: "used",
  observed: "used",
  consumed: "used",
  reset: "reset",
  resets: "reset",
  resettime: "reset",
  resetin: "reset",
  resetat: "reset",
  until: "reset",
  interval: "window",
  period: "window",
  window: "window",
  name: "name",
  resource: "name",
  bucket: "name",
  reason: "reason",
  type: "reason",
  problem: "reason",
  scope: "scope",
  nearlimit: "near",
  policy: "policy",
};

/** Words about a limit that are neither a number of it nor its name. */
const INFO = new Set([
  "tier",
  "source",
  "by",
  "global",
  "plan",
  "strategy",
  "algorithm",
  "fillrate",
  "cost",
  "key",
  "id",
  "group",
  "rule",
  "enabled",
  "status",
  "precision",
  "upgrade",
  "link",
  "docs",
]);

/** Follows a field and says more of its value. */
const MODIFIERS = new Set([
  "after",
  "at",
  "in",
  "on",
  "time",
  "ms",
  "milliseconds",
  "seconds",
  "secs",
  "minutes",
  "epoch",
  "date",
]);

/** Words before `ratelimit` that say which limit it is; any other word there is the provider's name. */
const DIMENSIONS_BEFORE = new Set([
  "daily",
  "hourly",
  "monthly",
  "minute",
  "second",
  "secondly",
  "read",
  "write",
  "search",
  "token",
  "tokens",
  "burst",
  "app",
  "user",
  "concurrent",
]);

const MARKER =
  /^(?:x-)?(?:([a-z0-9_-]*?)[-_])?(read|write|search|app|user)?(rate[-_]?limit(?:s|ing|ed)?|throttl(?:e|ing)|quota)(?:[-_]([a-z0-9_-]+))?$/;

function splitWords(words: readonly string[]): {
  dimension: string[];
  field: Field;
  word: string;
  tail: string[];
} {
  const last = words.length - 1;
  const modified =
    words.length > 1 && MODIFIERS.has(words[last] ?? "") && FIELDS[words[last - 1] ?? ""] !== undefined;
  const tail = modified ? words.slice(last) : [];
  const rest = modified ? words.slice(0, last) : [...words];
  const at = [rest.length - 1, 0, ...rest.keys()].find((index) => FIELDS[rest[index] ?? ""] !== undefined);
  const word = at === undefined ? "" : (rest[at] ?? "");
  const field = FIELDS[word];
  if (field === undefined || at === undefined) return { dimension: rest, field: "whole", word: "", tail: [] };
  return { dimension: rest.filter((_word, index) => index !== at), field, word, tail };
}

const meanings = new Map<string, HeaderMeaning | undefined>();

/** Names of headers come from outside: no more of them are remembered. */
const MOST_REMEMBERED = 1000;

/** Reads a header's name, in lower case; `undefined` where it is not about a rate limit. */
export function meaningOf(header: string): HeaderMeaning | undefined {
  if (meanings.has(header)) return meanings.get(header);
  const meaning = readName(header);
  if (meanings.size < MOST_REMEMBERED) meanings.set(header, meaning);
  return meaning;
}

function readName(header: string): HeaderMeaning | undefined {
  const match = MARKER.exec(header);
  if (!match) return undefined;
  const [, before = "", glued = "", marker = "", after = ""] = match;
  const prefix = [...before.split(/[-_]/), glued].filter((word) => DIMENSIONS_BEFORE.has(word));
  const words = after.split(/[-_]/).filter((word) => word !== "");
  const family = header.slice(0, header.length - (after === "" ? 0 : after.length + 1));
  const base = { family, milliseconds: words.some((word) => word === "ms" || word === "milliseconds") };
  if (words.join("-") === "retry-after") return { ...base, dimension: "", field: "retry", word: "" };
  if (words.some((word) => INFO.has(word)) && !words.some((word) => FIELDS[word] !== undefined)) {
    return { ...base, dimension: "", field: "info", word: words.at(-1) ?? "" };
  }
  // `ratelimited-reason` and `rate-limit-type` name the limit that refused; `quota` alone is itself the limit.
  const { dimension, field, word } = splitWords(words);
  const whole = field === "whole" && marker === "quota" && words.length === 0 ? "limit" : field;
  return { ...base, dimension: [...prefix, ...dimension].join("-"), field: whole, word };
}

/** The name that `x-recipient-limit` and `x-recipient-remaining` share: a quota where both are there. */
export function pairedName(header: string, isThere: (header: string) => boolean): string | undefined {
  const stem = /^(.+)-(?:limit|remaining|used|reset)$/.exec(header)?.[1];
  return stem !== undefined && isThere(`${stem}-limit`) && isThere(`${stem}-remaining`) ? stem : undefined;
}

/** Whether an unknown header may be about a rate limit all the same. */
export function looksLikeQuota(header: string): boolean {
  return /rate[-_]?limit|throttl|quota|(?:^|-)limit-(?:remaining|reset|used)|limit-remaining|remaining-(?:calls|requests)|credits?-(?:remaining|used)/.test(
    header,
  );
}
