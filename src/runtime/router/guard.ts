import { tellListener } from "../platform/listener.ts";
import { chance, count, requireNumbers } from "../platform/numbers.ts";

/** What became of the calls of one version. */
export interface Outcomes {
  calls: number;
  failures: number;
}

export interface Fallback {
  canary: Outcomes;
  active: Outcomes;
  /** The chance of a difference this large, or larger, were the canary no worse. */
  p: number;
}

export interface GuardOptions {
  /** Calls of the canary after which it is judged, each time. Default 50. */
  every?: number;
  /** The chance that a canary that is no worse is ever taken back. Default 0.01. */
  falseAlarms?: number;
  /** Which rejections count. Default all but aborts: a version that cannot read the answer has failed too. */
  counts?: (error: unknown) => boolean;
  /** Told once. */
  onFallback?: (fallback: Fallback) => void;
}

/** ln(n!), by Stirling's series beyond 20: exact to ten digits. */
function logFactorial(n: number): number {
  if (n > 20) return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
}

const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** Fisher's exact test, one-sided: the chance that the canary has as many of all failures, or more, by luck. */
export function chanceOf(canary: Outcomes, active: Outcomes): number {
  const failures = canary.failures + active.failures;
  const all = logChoose(canary.calls + active.calls, failures);
  let sum = 0;
  for (let k = canary.failures; k <= Math.min(canary.calls, failures); k++) {
    if (failures - k > active.calls) continue;
    sum += Math.exp(logChoose(canary.calls, k) + logChoose(active.calls, failures - k) - all);
  }
  return Math.min(1, sum);
}

const nothing = (): Outcomes => ({ calls: 0, failures: 0 });

const add = (a: Outcomes, b: Outcomes): Outcomes => ({
  calls: a.calls + b.calls,
  failures: a.failures + b.failures,
});

/**
 * Judges a canary by its failures beside the active version's in the same time. After each `every` calls of the canary
 * Fisher's exact test looks twice, at this stretch and at everything so far. The n-th look may err with a chance of
 * 6/π² · falseAlarms/n², half for each; over any number of looks these add up to `falseAlarms` at most.
 */
export class Guard {
  readonly #options: GuardOptions;
  #stretch = { canary: nothing(), active: nothing() };
  #all = { canary: nothing(), active: nothing() };
  #looks = 0;
  #fellBack = false;

  /** @throws RangeError */
  constructor(options: GuardOptions) {
    requireNumbers("the canary's guard", options, { every: count, falseAlarms: chance });
    this.#options = options;
  }

  /** Whether the canary was taken back. */
  get fellBack(): boolean {
    return this.#fellBack;
  }

  record(version: "canary" | "active", failed: boolean): void {
    if (this.#fellBack) return;
    const outcomes = this.#stretch[version];
    outcomes.calls++;
    if (failed) outcomes.failures++;
    if (version === "canary" && outcomes.calls >= (this.#options.every ?? 50)) this.#look();
  }

  counts(error: unknown): boolean {
    const aborted = error instanceof Error && error.name === "AbortError";
    return this.#options.counts?.(error) ?? !aborted;
  }

  #look(): void {
    this.#looks++;
    const { canary, active } = this.#stretch;
    this.#all = { canary: add(this.#all.canary, canary), active: add(this.#all.active, active) };
    const allowed = ((6 / Math.PI ** 2) * (this.#options.falseAlarms ?? 0.01)) / this.#looks ** 2 / 2;
    const views = [this.#stretch, this.#all];
    this.#stretch = { canary: nothing(), active: nothing() };
    for (const view of views) {
      const p = chanceOf(view.canary, view.active);
      if (p > allowed) continue;
      this.#fellBack = true;
      tellListener(this.#options.onFallback, { ...view, p });
      return;
    }
  }
}
