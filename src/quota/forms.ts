import type { Draft } from "./draft.ts";
import type { Field, HeaderMeaning } from "./names.ts";
import type { Policy } from "./quota.ts";
import type { Reading } from "./reading.ts";
import { type Item, parseList, splitOutside } from "./structured.ts";
import { parseCount, parseGoDuration } from "./values.ts";

const WORDS: Readonly<Record<string, "limit" | "remaining" | "used" | "reset" | "window" | "name">> = {
  limit: "limit",
  total: "limit",
  remaining: "remaining",
  used: "used",
  reset: "reset",
  resets: "reset",
  until: "reset",
  period: "window",
  window: "window",
  name: "name",
};

/** Fills one field of a draft from a value; false where the value is none. */
export function setField(
  draft: Draft,
  field: string,
  text: string,
  milliseconds = false,
  relative = false,
): boolean {
  const count = parseCount(text);
  if (field === "reset") {
    draft.resets.push({ text, milliseconds, relative });
    return true;
  }
  if (field === "name") {
    draft.name ??= text;
    return true;
  }
  if (field === "window") {
    const seconds = count === undefined ? parseGoDuration(text) : milliseconds ? count / 1000 : count;
    if (seconds === undefined) return false;
    draft.windowSeconds ??= seconds;
    return true;
  }
  if (count === undefined) return false;
  if (field === "limit") draft.limit ??= count;
  else if (field === "remaining") draft.remaining ??= count;
  else draft.used ??= count;
  return true;
}

const policyOf = ({ value, quoted, params }: Item): Policy | undefined => {
  const bare = quoted ? undefined : parseCount(value);
  const limit = parseCount(params.q ?? "") ?? bare;
  const windowSeconds = parseCount(params.w ?? "");
  if (limit === undefined && windowSeconds === undefined) return undefined;
  const name = params.name || (bare === undefined ? value : "default");
  return {
    name,
    ...(limit === undefined ? {} : { limit }),
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(params.qu && params.qu !== "requests" ? { unit: params.qu } : {}),
  };
};

export function readPolicies(reading: Reading, header: string, text: string): void {
  const policies = parseList(text).map(policyOf);
  if (policies.length === 0 || policies.includes(undefined)) reading.unrecognised.push(header);
  reading.policies.push(...policies.filter((policy) => policy !== undefined));
}

/** `"default";r=50;t=30`, drafts -08 and later; false where the value is of another form. */
function readStructured(reading: Reading, family: string, header: string, text: string): boolean {
  const items = parseList(text).filter(({ params }) => parseCount(params.r ?? "") !== undefined);
  for (const { value, params } of items) {
    const draft = reading.drafts.at(family, value === "default" ? "" : value);
    draft.name ??= value;
    draft.source.push(header);
    setField(draft, "remaining", params.r ?? "");
    if (params.t !== undefined) setField(draft, "reset", params.t, false, true);
  }
  return items.length > 0;
}

/** `limit=100, remaining=50, reset=5` (draft -07) and `total=100; remaining=98; resets=30`. */
function readPairs(draft: Draft, header: string, text: string): boolean {
  const pairs = splitOutside(text, ",")
    .flatMap((part) => splitOutside(part, ";"))
    .map((pair) => /^([a-z_-]+)\s*=\s*(.+)$/i.exec(pair));
  let found = false;
  for (const pair of pairs) {
    const field = WORDS[pair?.[1]?.toLowerCase() ?? ""];
    if (field) found = setField(draft, field, pair?.[2] ?? "") || found;
  }
  if (found) draft.source.push(header);
  return found;
}

/** `{"name":"API","period":10,"limit":50,"remaining":49,"until":"…"}` */
function readJson(draft: Draft, header: string, text: string): boolean {
  const value = parseJsonObject(text);
  let found = false;
  for (const [key, inner] of Object.entries(value ?? {})) {
    const field = WORDS[key.toLowerCase()];
    const simple = typeof inner === "number" || typeof inner === "string";
    if (field && simple) found = setField(draft, field, String(inner)) || found;
  }
  if (found) draft.source.push(header);
  return found;
}

export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{") || text.length > 10_000) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

export function readWhole(reading: Reading, meaning: HeaderMeaning, header: string, text: string): boolean {
  if (readStructured(reading, meaning.family, header, text)) return true;
  const draft = reading.drafts.at(meaning.family, meaning.dimension);
  if (text.startsWith("{")) return readJson(draft, header, text);
  if (readPairs(draft, header, text)) return true;
  return readCount(reading, draft, "limit", header, text);
}

/** A count that may carry its window (`100;w=21600`), policies behind it, or be a period instead (`1s`). */
export function readCount(
  reading: Reading,
  draft: Draft,
  field: Field,
  header: string,
  text: string,
): boolean {
  const items = parseList(text);
  const [first] = items;
  if (!first) return false;
  const period = field === "limit" ? parseGoDuration(first.value) : undefined;
  if (period !== undefined && parseCount(first.value) === undefined) {
    draft.windowSeconds ??= period;
    draft.source.push(header);
    return true;
  }
  if (!setField(draft, field, first.value)) return false;
  draft.source.push(header);
  if (first.params.w !== undefined) setField(draft, "window", first.params.w);
  if (field === "limit")
    reading.policies.push(...items.slice(1).flatMap((item) => (item.params.w ? (policyOf(item) ?? []) : [])));
  return true;
}
