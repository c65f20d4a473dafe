import { readBodyQuota } from "./body.ts";
import { applyPolicies, type Draft, Drafts, finish, joinFamilies, resetOf } from "./draft.ts";
import { KNOWN_HEADERS } from "./known.ts";
import { type HeaderMeaning, looksLikeQuota, meaningOf, pairedName } from "./names.ts";
import type { Quota, QuotaReading } from "./quota.ts";
import { readKnown, readListed } from "./read-known.ts";
import { readMeaning } from "./read-named.ts";
import type { Reading } from "./reading.ts";
import { mayTellOfQuota } from "./relevance.ts";
import { parseCount, parseDate, parseRetryAfter } from "./values.ts";

export interface QuotaContext {
  /** Epoch milliseconds by our clock, when the response arrived. */
  now: number;
  status: number;
  /** The parsed JSON body, for providers that answer with quota there. */
  body?: unknown;
}

/** `x-recipient-limit` beside `x-recipient-remaining` (Mailgun): a quota without any word for it. */
function pairedMeaning(header: string, headers: ReadonlyMap<string, string>): HeaderMeaning | undefined {
  const stem = pairedName(header, (name) => parseCount(headers.get(name) ?? "") !== undefined);
  const field = (["limit", "remaining", "used", "reset"] as const).find((word) =>
    header.endsWith(`-${word}`),
  );
  if (stem === undefined || field === undefined) return undefined;
  return { family: stem, dimension: stem.replace(/^x-/, ""), field, milliseconds: false, word: field };
}

function readHeaders(reading: Reading, headers: ReadonlyMap<string, string>): void {
  const consumed = readListed(reading, headers);
  for (const [header, text] of headers) {
    if (consumed.has(header) || !mayTellOfQuota(header)) continue;
    const known = Object.hasOwn(KNOWN_HEADERS, header) ? KNOWN_HEADERS[header] : undefined;
    const meaning = known ? undefined : (meaningOf(header) ?? pairedMeaning(header, headers));
    const understood = known
      ? readKnown(reading, known, header, text)
      : meaning
        ? readMeaning(reading, meaning, header, text)
        : !looksLikeQuota(header);
    if (!understood) reading.unrecognised.push(header);
  }
}

const hasNumbers = ({ limit, remaining, used, ratePerSecond }: Draft) =>
  [limit, remaining, used, ratePerSecond].some((value) => value !== undefined);

/** A lone reset beside quotas that have none tells when, not of which quota (Contentful). */
function sharedReset(drafts: readonly Draft[]): Draft | undefined {
  const lone = drafts.find(
    (draft) => draft.dimension === "" && !hasNumbers(draft) && draft.resets.length > 0,
  );
  const others = drafts.filter(
    (draft) => draft.family === lone?.family && draft !== lone && hasNumbers(draft),
  );
  return others.length > 0 ? lone : undefined;
}

function nameOf(draft: Draft, names: ReadonlyMap<string, string>, alone: boolean): string {
  if (draft.name) return draft.name;
  if (draft.dimension) return draft.dimension;
  return names.get(draft.family) ?? (draft.interval && !alone ? "interval" : "default");
}

function isBlocked(
  status: number,
  reading: Pick<Reading, "retryAfterSeconds">,
  quotas: readonly Quota[],
  bodyRefuses: boolean,
): boolean {
  if (status === 429 || status === 420 || bodyRefuses) return true;
  if (status === 529) return reading.retryAfterSeconds !== undefined;
  return (
    status === 403 &&
    (reading.retryAfterSeconds !== undefined || quotas.some(({ remaining }) => remaining === 0))
  );
}

function readRetryAfter(headers: ReadonlyMap<string, string>, serverNow: number): number | undefined {
  const milliseconds = parseCount(headers.get("retry-after-ms") ?? "");
  return milliseconds === undefined
    ? parseRetryAfter(headers.get("retry-after") ?? "", serverNow)
    : milliseconds / 1000;
}

function bodyQuotas(
  body: ReturnType<typeof readBodyQuota>,
  { now, serverNow }: { now: number; serverNow: number },
): Quota[] {
  if (!body.quota) return [];
  const { resetAtMs, ...quota } = body.quota;
  const used =
    quota.used ??
    (quota.limit !== undefined && quota.remaining !== undefined ? quota.limit - quota.remaining : undefined);
  return [
    {
      ...quota,
      ...(used === undefined ? {} : { used }),
      ...(resetAtMs === undefined
        ? {}
        : { resetAt: new Date(now + Math.max(0, resetAtMs - serverNow)).toISOString() }),
      source: ["body"],
    },
  ];
}

/** Most responses of most providers have no such header: a look at the names is all that they need. */
function tellsOfQuota(headers: Readonly<Record<string, string>>): boolean {
  for (const name in headers) if (mayTellOfQuota(name.toLowerCase())) return true;
  return false;
}

/**
 * Reads everything that a response says about rate limits, from any provider: the values tell what they are. Never
 * throws; what it cannot read of a header that looks like a rate limit is in `unrecognised`.
 * @param headers names in any case
 */
export function readQuota(
  headers: Readonly<Record<string, string>>,
  { now, status, body }: QuotaContext,
): QuotaReading {
  const told = readBodyQuota(body);
  if (!tellsOfQuota(headers) && told.quota === undefined && told.retryAfterSeconds === undefined) {
    return {
      quotas: [],
      policies: [],
      blocked: isBlocked(status, {}, [], told.blocked),
      doubtful: [],
      unrecognised: [],
    };
  }
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const serverNow = parseDate(lower.get("date") ?? "") ?? now;
  const reading: Reading = {
    drafts: new Drafts(),
    policies: [],
    names: new Map(),
    serverNow,
    unrecognised: [],
  };
  const retryAfter = readRetryAfter(lower, serverNow);
  if (retryAfter !== undefined) reading.retryAfterSeconds = retryAfter;
  else if (lower.has("retry-after")) reading.unrecognised.push("retry-after");
  // A cached response tells of the quota of whoever filled the cache (draft-ietf-httpapi-ratelimit-headers §5).
  if ((parseCount(lower.get("age") ?? "") ?? 0) === 0) readHeaders(reading, lower);
  if (Number.isNaN(reading.retryAfterSeconds)) delete reading.retryAfterSeconds;
  return conclude(reading, told, { now, serverNow, status });
}

function conclude(
  reading: Reading,
  body: ReturnType<typeof readBodyQuota>,
  { now, serverNow, status }: { now: number; serverNow: number; status: number },
): QuotaReading {
  const all = reading.drafts.all;
  for (const draft of all) if (draft.dimension === "") setNameOf(draft, reading.names);
  const shared = sharedReset(all);
  const drafts = joinFamilies(all.filter((draft) => draft !== shared));
  applyPolicies(drafts, reading.policies);
  const alone = drafts.length === 1;
  const quotas = [
    ...drafts.map((draft) => finish(draft, nameOf(draft, reading.names, alone), { now, serverNow })),
    ...bodyQuotas(body, { now, serverNow }),
  ];
  const retryAfterSeconds = reading.retryAfterSeconds ?? body.retryAfterSeconds;
  const resetSeconds = shared && resetOf(shared, serverNow);
  return {
    quotas,
    policies: reading.policies,
    blocked: isBlocked(status, reading, quotas, body.blocked),
    doubtful: quotas
      .filter(({ limit, remaining }) => limit !== undefined && remaining !== undefined && remaining > limit)
      .map(({ name }) => name),
    unrecognised: reading.unrecognised,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(resetSeconds === undefined ? {} : { resetSeconds }),
    ...(reading.reason === undefined ? {} : { reason: reading.reason }),
    ...(reading.scope === undefined ? {} : { scope: reading.scope }),
    ...(reading.nearLimit === undefined ? {} : { nearLimit: reading.nearLimit }),
  };
}

function setNameOf(draft: Draft, names: ReadonlyMap<string, string>): void {
  const name = names.get(draft.family);
  if (name !== undefined) draft.name ??= name;
}
