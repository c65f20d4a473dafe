import type { Policy, Quota } from "./quota.ts";
import { parseReset } from "./values.ts";

/** A quota under construction: what the headers of one family and dimension have said so far. */
export interface Draft {
  family: string;
  dimension: string;
  name?: string;
  limit?: number;
  remaining?: number;
  used?: number;
  resets: { text: string; milliseconds: boolean; relative: boolean }[];
  windowSeconds?: number;
  /** The window's header called it `interval`. */
  interval?: boolean;
  unit?: string;
  ratePerSecond?: number;
  source: string[];
}

/** Drafts by family and dimension, in the order in which they appear. */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();

  at(family: string, dimension: string): Draft {
    const key = `${family} ${dimension}`;
    const draft = this.#drafts.get(key) ?? { family, dimension, resets: [], source: [] };
    this.#drafts.set(key, draft);
    return draft;
  }

  get all(): Draft[] {
    return [...this.#drafts.values()].filter(({ source }) => source.length > 0);
  }
}

const WINDOWS: Readonly<Record<string, number>> = {
  second: 1,
  secondly: 1,
  minute: 60,
  hour: 3600,
  hourly: 3600,
  day: 86_400,
  daily: 86_400,
};

/** Seconds of the window that a name speaks of: `daily`, `requests-per-minute`. */
export function windowOfName(name: string): number | undefined {
  for (const word of name.split("-")) if (Object.hasOwn(WINDOWS, word)) return WINDOWS[word];
  return undefined;
}

/** `api-token` and its like are credentials that are counted by, not what is counted. */
function unitOfName(name: string): string | undefined {
  if (/^(?:.*-)?(?:api|access|auth|app|bearer)-tokens?$/.test(name)) return undefined;
  if (/(?:^|-)(?:tokens(?:-|$)|token$)/.test(name)) return "tokens";
  return /(?:^|-)(?:complexity|points|cost)$/.test(name) ? "points" : undefined;
}

function used({ used: given, limit, remaining }: Draft): number | undefined {
  if (given !== undefined || limit === undefined || remaining === undefined) return given;
  return remaining <= limit ? round(limit - remaining) : undefined;
}

function limit({ limit: given, remaining, used: taken }: Draft): number | undefined {
  return given ?? (remaining !== undefined && taken !== undefined ? round(remaining + taken) : undefined);
}

// 600.0 - 596.4 is not 3.6000000000000227.
const round = (value: number) => Math.round(value * 1e6) / 1e6;

/** Seconds until the reset: a relative form wins over a date, which rests on two clocks. */
export function resetOf(draft: Draft, serverNow: number): number | undefined {
  const ordered = [...draft.resets].sort((a, b) => Number(b.relative) - Number(a.relative));
  const windowSeconds = draft.windowSeconds ?? windowOfName(draft.dimension);
  for (const { text, milliseconds } of ordered) {
    const seconds = parseReset(text, { serverNow, windowSeconds, milliseconds });
    if (seconds !== undefined) return seconds;
  }
  return undefined;
}

/** The finished quota. @param clock `now` is ours, `serverNow` the server's, epoch milliseconds */
export function finish(draft: Draft, name: string, clock: { now: number; serverNow: number }): Quota {
  const seconds = resetOf(draft, clock.serverNow);
  const parts = {
    limit: limit(draft),
    remaining: draft.remaining,
    used: used(draft),
    resetAt: seconds === undefined ? undefined : new Date(clock.now + seconds * 1000).toISOString(),
    windowSeconds: draft.windowSeconds ?? windowOfName(draft.dimension),
    unit: draft.unit ?? unitOfName(name),
    ratePerSecond: draft.ratePerSecond,
  };
  const present = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return { name, ...present, source: draft.source };
}

const NUMBERS = ["limit", "remaining", "used", "windowSeconds"] as const;

/** Whether two drafts may describe one quota: nothing they both say differs. */
function agree(a: Draft, b: Draft): boolean {
  return NUMBERS.every((key) => a[key] === undefined || b[key] === undefined || a[key] === b[key]);
}

function join(a: Draft, b: Draft): Draft {
  return {
    ...b,
    ...a,
    ...(a.limit === undefined && b.limit !== undefined ? { limit: b.limit } : {}),
    resets: [...a.resets, ...b.resets],
    source: [...a.source, ...b.source],
  };
}

/** Joins drafts of the same dimension that two families of headers describe alike (Zendesk sends both). */
export function joinFamilies(drafts: readonly Draft[]): Draft[] {
  const joined: Draft[] = [];
  for (const draft of drafts) {
    const twin = joined.findIndex(
      (other) =>
        other.family !== draft.family &&
        other.dimension === draft.dimension &&
        other.name === draft.name &&
        agree(other, draft),
    );
    const before = joined[twin];
    if (before) joined[twin] = join(before, draft);
    else joined.push(draft);
  }
  return joined;
}

/** Gives a quota the window, and where it has none the name, of the policy that speaks of its limit. */
export function applyPolicies(drafts: readonly Draft[], policies: readonly Policy[]): void {
  for (const draft of drafts) {
    const named = policies.find(({ name }) => name === (draft.name ?? draft.dimension));
    const anonymous =
      draft.dimension === ""
        ? policies.find((policy) => policy.limit === draft.limit && draft.limit !== undefined)
        : undefined;
    const policy = named ?? anonymous;
    if (!policy) continue;
    if (draft.limit === undefined && policy.limit !== undefined) draft.limit = policy.limit;
    if (draft.windowSeconds === undefined && policy.windowSeconds !== undefined)
      draft.windowSeconds = policy.windowSeconds;
    if (draft.unit === undefined && policy.unit !== undefined) draft.unit = policy.unit;
    if (draft.name === undefined && draft.dimension === "" && policy.name !== "default")
      draft.name = policy.name;
  }
}
