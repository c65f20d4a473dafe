/**
 * How sure the evidence makes us. `certain`: chance does not explain it, the rule's own severity. `likely`: few samples, at most a
 * warning. `hint`: may well be chance, an info.
 */
export type Level = "certain" | "likely" | "hint";

/** The counts a suspicion rests on. Counts are of values or objects; `responses` says how many responses they came in. */
export interface Evidence {
  /** Recorded; undefined where the contract was declared and not observed. */
  n?: number;
  /** Recorded ones that had it. */
  k?: number;
  /** Live. */
  m: number;
  /** Live ones that have it. */
  x: number;
  /** Probability of a difference at least as large, if nothing changed. */
  p?: number;
  /** Fewer than 30 independent recorded observations. */
  thin?: true;
}

/** A difference between the contract and live values, before it becomes a finding. */
export interface Suspicion {
  rule: string;
  path: string;
  message: string;
  level: Level;
  before?: string;
  after?: string;
  evidence: Evidence;
  /** Tells findings of one rule and path apart. */
  discriminator?: string;
  /** One of many tests of a rate: counts as `certain` only if it also survives the correction for their number. */
  rate?: true;
}

/** Weaker of two. */
export function atMost(level: Level, limit: Level): Level {
  const order: readonly Level[] = ["hint", "likely", "certain"];
  return order.indexOf(level) < order.indexOf(limit) ? level : limit;
}
