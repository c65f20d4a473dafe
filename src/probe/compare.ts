import type { Phases } from "../http/exchange.ts";
import { hodgesLehmann, mannWhitney } from "./rank-test.ts";
import { median } from "./statistics.ts";

/** Latencies of one run, milliseconds. */
export interface RunSamples {
  totals: readonly number[];
  phases: Readonly<Partial<Record<keyof Phases, readonly number[]>>>;
}

export interface CompareOptions {
  /** Highest probability of chance (default 0.01). */
  alpha?: number;
  /** Smallest shift that matters: share of the baseline's median (default 0.1), and milliseconds (default 5). */
  minShift?: number;
  minShiftMs?: number;
}

/**
 * `slower` and `faster` passed all three tests; `suspect` passed the two that a single baseline run allows, but runs as such
 * vary too much, or are too few, to tell.
 */
export type Verdict = "slower" | "faster" | "suspect" | "unchanged" | "too-few-samples";

export interface Comparison {
  verdict: Verdict;
  /** Hodges-Lehmann shift, milliseconds; positive is slower. */
  shiftMs: number;
  /** Probability of chance, Mann-Whitney. */
  p: number;
  /** Standard deviations that this run's median lies from those of the baseline's runs; absent with fewer than 4 runs. */
  z?: number;
  baseline: { runs: number; samples: number; median: number };
  /** Phases that moved, the one that moved most first. */
  moved: readonly { phase: keyof Phases; shiftMs: number }[];
}

/** Fewer samples on either side give no verdict, whatever the figures. */
const LEAST = 10;
const LEAST_RUNS = 4;
const Z = 3;
const PHASES = ["dns", "connect", "tls", "ttfb", "download"] as const;

/** 1.4826 × median absolute deviation estimates a standard deviation that outliers do not move. */
function spread(values: readonly number[]): number {
  const middle = median(values) ?? 0;
  return 1.4826 * (median(values.map((value) => Math.abs(value - middle))) ?? 0);
}

/** How far this run's median lies from the medians of earlier runs, in their spread, never less than the medians' own error. */
function runZ(current: readonly number[], runs: readonly RunSamples[]): number | undefined {
  const medians = runs.flatMap(({ totals }) => median(totals) ?? []);
  const now = median(current);
  if (medians.length < LEAST_RUNS || now === undefined) return undefined;
  // Standard error of a median of n samples: 1.2533 σ / √n.
  const samplingError = (1.2533 * spread(current)) / Math.sqrt(current.length);
  const scale = Math.max(spread(medians), samplingError, 1e-9);
  return (now - (median(medians) ?? 0)) / scale;
}

function movedPhases(
  current: RunSamples,
  baseline: readonly RunSamples[],
  alpha: number,
  shiftMs: number,
): Comparison["moved"] {
  const moved = PHASES.flatMap((phase) => {
    const before = baseline.flatMap(({ phases }) => phases[phase] ?? []);
    const after = current.phases[phase] ?? [];
    if (before.length < LEAST || after.length < LEAST || mannWhitney(before, after) >= alpha) return [];
    const shift = hodgesLehmann(before, after);
    return Math.sign(shift) === Math.sign(shiftMs) ? [{ phase, shiftMs: shift }] : [];
  });
  return moved.sort((a, b) => Math.abs(b.shiftMs) - Math.abs(a.shiftMs));
}

/**
 * Whether a run is slower or faster than a baseline of earlier runs, in three parts: a rank test over all samples, a shift
 * that matters, and a run that stands out among runs. The third keeps false alarms below 4 % where runs differ by 10 % from
 * hour to hour; the first two alone raise them in 15 %.
 */
export function compareRuns(
  current: RunSamples,
  baseline: readonly RunSamples[],
  options: CompareOptions = {},
): Comparison {
  const { alpha = 0.01, minShift = 0.1, minShiftMs = 5 } = options;
  const before = baseline.flatMap(({ totals }) => totals);
  const middle = median(before) ?? 0;
  const p = mannWhitney(before, current.totals);
  const shiftMs = before.length > 0 && current.totals.length > 0 ? hodgesLehmann(before, current.totals) : 0;
  const z = runZ(current.totals, baseline);
  const enough = before.length >= LEAST && current.totals.length >= LEAST;
  const differs = p < alpha && Math.abs(shiftMs) > Math.max(minShift * middle, minShiftMs);
  const standsOut = z !== undefined && Math.abs(z) > Z && Math.sign(z) === Math.sign(shiftMs);
  const direction = shiftMs > 0 ? "slower" : "faster";
  return {
    verdict: !enough ? "too-few-samples" : !differs ? "unchanged" : standsOut ? direction : "suspect",
    shiftMs,
    p,
    ...(z === undefined ? {} : { z }),
    baseline: { runs: baseline.length, samples: before.length, median: middle },
    moved: differs ? movedPhases(current, baseline, alpha, shiftMs) : [],
  };
}
