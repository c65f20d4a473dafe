import type { Finding } from "../../../src/base/finding.ts";
import { APIS } from "./apis.ts";
import { type Drifted, judgeDrifted, judgeHarmless, type Pair, pairOf, type Quiet } from "./evaluate.ts";
import { MUTATIONS } from "./mutations.ts";
import { Random } from "./random.ts";

/** What a series of judgements came to. */
export interface Score {
  /** Judgements of answers without drift. */
  quiet: readonly (Quiet & { name: string })[];
  drifted: readonly (Drifted & { name: string })[];
}

/** Judges pairs without drift, under each harmless change, and with each mutation. */
export function score(pairs: Iterable<Pair>, random: Random): Score {
  const quiet: (Quiet & { name: string })[] = [];
  const drifted: (Drifted & { name: string })[] = [];
  for (const pair of pairs) {
    const { name } = pair;
    for (const one of judgeHarmless(pair, random)) quiet.push({ ...one, name });
    for (const mutation of MUTATIONS) {
      const one = judgeDrifted(pair, mutation, random);
      if (one) drifted.push({ ...one, name });
    }
  }
  return { quiet, drifted };
}

/** The same pairs for the same seed: of every invented API, `trials` each. */
export function* inventedPairs(
  sizes: { recorded: number; live: number },
  trials: number,
  seed: number,
): Generator<Pair> {
  for (const [index, api] of APIS.entries()) {
    for (let trial = 0; trial < trials; trial++) {
      yield pairOf(api, sizes, new Random(seed + index * 7919 + trial * 104_729));
    }
  }
}

export const falseAlarms = ({ quiet }: Score) => quiet.filter(({ alarms }) => alarms.length > 0);

/** Certain breaks that no error or warning spoke of at their place. */
export const missedBreaks = ({ drifted }: Score) =>
  drifted.filter(({ certain, verdict }) => certain && (verdict === "said" || verdict === "missed"));

/** One line for each mutation. */
export interface Row {
  mutation: string;
  cases: number;
  error: number;
  warning: number;
  said: number;
  missed: number;
  /** A rule that is about this mutation spoke at its place. */
  exact: number;
  /** Alarms at places where nothing had changed. */
  stray: number;
}

export function rowsOf({ drifted }: Score): Row[] {
  return MUTATIONS.flatMap(({ name }) => {
    const own = drifted.filter(({ mutation }) => mutation.name === name);
    if (own.length === 0) return [];
    const count = (verdict: string) => own.filter((one) => one.verdict === verdict).length;
    return [
      {
        mutation: name,
        cases: own.length,
        error: count("error"),
        warning: count("warning"),
        said: count("said"),
        missed: count("missed"),
        exact: own.filter(({ exact }) => exact).length,
        stray: own.filter(({ stray }) => stray.length > 0).length,
      },
    ];
  });
}

/** What one rule said, and what it should have. */
export interface Confusion {
  rule: string;
  /** Drifts that it, or another rule, is to tell. */
  about: number;
  /** Of these, told by it, by another rule of the same drift, or by none of them. */
  itself: number;
  kin: number;
  none: number;
  /** It spoke at a place that drifted in a way it is not about. */
  beside: number;
  /** It alarmed where nothing had drifted: of `quiet` judgements. */
  false: number;
  quiet: number;
}

/** One line for each rule that a mutation is about, or that alarmed for nothing. */
export function confusionOf({ quiet, drifted }: Score): Confusion[] {
  const alarmed = quiet.map(({ alarms }) => new Set(alarms.map(({ rule }) => rule)));
  const rules = new Set([
    ...drifted.flatMap(({ mutation }) => mutation.rules),
    ...alarmed.flatMap((own) => [...own]),
  ]);
  return [...rules].sort().map((rule) => {
    const about = drifted.filter(({ mutation }) => mutation.rules.includes(rule));
    const itself = about.filter((one) => one.rules.has(rule)).length;
    const none = about.filter(({ exact }) => !exact).length;
    return {
      rule,
      about: about.length,
      itself,
      kin: about.length - itself - none,
      none,
      beside: drifted.filter((one) => one.rules.has(rule) && !one.mutation.rules.includes(rule)).length,
      false: alarmed.filter((own) => own.has(rule)).length,
      quiet: quiet.length,
    };
  });
}

/** `rule at path`, for people who want to know which it was. */
export const shownFinding = ({ severity, rule, path = "$", message }: Finding): string =>
  `${severity} ${rule} ${path}: ${message}`;
