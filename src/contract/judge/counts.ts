import { effective } from "../infer/evidence.ts";
import type { Seen } from "../shape.ts";
import { fisher } from "./statistics.ts";
import type { Evidence, Level } from "./suspicion.ts";

/** Recorded and live counts of one yes-or-no question: "is it there?", "is it of a known kind?". */
export interface Counts {
  /** Recorded values; undefined where the contract was declared. */
  n: number | undefined;
  /** How many of them said yes. */
  k: number;
  m: number;
  x: number;
  /** Responses that the recorded values, and the live ones, came in. */
  recordedIn: number;
  liveIn: number;
  /**
   * Of the live responses, those with a value that said no, where all recorded ones said yes: what is so for all objects of one
   * account says no more than that account does. Undefined where that is not asked.
   */
  noIn?: number;
}

/** Fewer independent observations than this are called thin. */
const THIN = 30;

/** The probability of these counts without drift, by independent observations instead of raw counts. */
export function evidenceFor({ n, k, m, x, recordedIn, liveIn, noIn }: Counts): Evidence & { p: number } {
  if (n === undefined) return { m, x, p: 0 };
  const recorded = effective(n, recordedIn);
  const live = effective(m, liveIn);
  const p = fisher({
    n: recorded,
    k: n === 0 ? 0 : (k / n) * recorded,
    m: live,
    x: m === 0 ? 0 : (x / m) * live,
  });
  const perAnswer =
    noIn === undefined ? 0 : fisher({ n: recordedIn, k: recordedIn, m: liveIn, x: liveIn - noIn });
  const floor = clustered({ n, k, m, x, recordedIn, liveIn }) ? CLUSTERED : 0;
  const chance = Math.max(p, perAnswer, floor);
  return { n, k, m, x, p: Number(chance.toPrecision(2)), ...(recorded < THIN ? { thin: true } : {}) };
}

/** That of something that was so in all `n` recorded answers, and is in `x` of `m` live ones: each answer is one observation. */
export function evidenceOfAnswers(n: number, m: number, x: number): Evidence & { p: number } {
  return evidenceFor({ n: n === 0 ? undefined : n, k: n, m, x, recordedIn: n, liveIn: m });
}

/** That of something new: how likely it is that none of `n` recorded ones had it, if as many of them have it as of the live ones. */
export function evidenceOfNew({ n, m, x, recordedIn, liveIn }: Omit<Counts, "k" | "noIn">): Evidence {
  if (n === undefined) return { m, x, p: 0 };
  const { p } = evidenceFor({ n: m, k: x, m: n, x: 0, recordedIn: liveIn, liveIn: recordedIn });
  return { n, k: 0, m, x, p, ...(effective(n, recordedIn) < THIN ? { thin: true } : {}) };
}

/** What a difference between very few responses is worth at best, however many items their pages have. */
const CLUSTERED = 0.01;

/**
 * Whether the items came in so few responses that a difference between the pages (another account, another filter) explains it
 * as well: taken as one observation each, the responses alone would be nothing to speak of.
 */
function clustered({ n = 0, m, recordedIn, liveIn }: Counts): boolean {
  if (n <= recordedIn && m <= liveIn) return false;
  return fisher({ n: recordedIn, k: recordedIn, m: liveIn, x: 0 }) > 0.1;
}

/** All recorded ones had it and no live one has: a counterexample, and the more certain the more of both there are. */
export const TOTAL = { certain: 0.005, likely: 0.1 };
/** A property that every recorded one had and no live one has: five recorded answers and one live one are worth a warning. */
export const ABSENT = { certain: 0.005, likely: 0.2 };
/** Some have it and some not: rates are compared, and chance plays with every rate. */
export const PARTIAL = { certain: 1e-4, likely: 1e-3 };
/** A scalar of another type in every value: hardly ever other data, so little evidence is enough. */
export const RETYPED = { certain: 0.05, likely: 1 };

export function levelOf(p: number, limits: { certain: number; likely: number }): Level {
  return p < limits.certain ? "certain" : p <= limits.likely ? "likely" : "hint";
}

/** Responses that a node of the contract was seen in; undefined where it was declared. */
export const recordedIn = (seen: Seen | undefined): number => seen?.responses ?? 0;
