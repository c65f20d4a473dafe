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

/** `rule at path`, for people who want to know which it was. */
export const shownFinding = ({ severity, rule, path = "$", message }: Finding): string =>
  `${severity} ${rule} ${path}: ${message}`;
