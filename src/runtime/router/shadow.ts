import { tellListener } from "../platform/listener.ts";
import { count, percentage, requireNumbers } from "../platform/numbers.ts";
import { readOnly } from "./read-only.ts";

/** One place where the other version's answer differs, by the rules of contracts. Holds no value. */
export interface ShadowDifference {
  /** `contract/property-removed`; `integ rules` explains it. */
  rule: string;
  /** JSONPath. */
  path: string;
  /** Whether code that reads the active version's answer can fail on it. */
  breaks: boolean;
}

export interface ShadowReport {
  active: string;
  shadow: string;
  /** Empty: the answers are of one shape. Undefined where one of the two failed. */
  differences: readonly ShadowDifference[] | undefined;
  /** Why the active version failed; the caller was told too. */
  activeError?: unknown;
  /** Why the other version failed; nobody else is told. */
  shadowError?: unknown;
}

export interface ShadowOptions<V extends string> {
  version: V;
  /** Share of the calls, 0 to 100. Default 100. */
  percent?: number;
  /** Calls of the other version that may be under way; more are left out. Default 10. */
  maxPending?: number;
  /** Told of each comparison. */
  onReport: (report: ShadowReport) => void;
}

type Settled = { value: unknown } | { error: unknown };

const settled = (work: Promise<unknown>): Promise<Settled> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

/** Runs calls on another version too. The caller gets the active version's answer, as soon as it is there. */
export class Shadow {
  readonly #options: ShadowOptions<string>;
  readonly #random: () => number;
  #pending = 0;

  /** @throws RangeError */
  constructor(options: ShadowOptions<string>, random: () => number) {
    requireNumbers("shadow", options, { percent: percentage, maxPending: count });
    this.#options = options;
    this.#random = random;
  }

  run<T>(active: string, onActive: () => Promise<T>, onShadow: () => Promise<unknown>): Promise<T> {
    const { percent = 100, maxPending = 10 } = this.#options;
    // Under the same rule: a write must not pass only because its turn to be shadowed has not come.
    const answer = readOnly(onActive);
    if (this.#pending >= maxPending || this.#random() * 100 >= percent) return answer;
    this.#pending++;
    const other = settled(readOnly(async () => onShadow()));
    void Promise.all([settled(answer), other]).then(([first, second]) => {
      this.#pending--;
      return this.#report(active, first, second);
    });
    return answer;
  }

  async #report(active: string, first: Settled, second: Settled): Promise<void> {
    const both = "value" in first && "value" in second;
    tellListener(this.#options.onReport, {
      active,
      shadow: this.#options.version,
      ...("error" in first ? { activeError: first.error } : {}),
      ...("error" in second ? { shadowError: second.error } : {}),
      ...(both ? await compared(first.value, second.value) : { differences: undefined }),
    });
  }
}

/** A sixth of the runtime is for comparing, and most applications never do: it is loaded with the first answers. */
async function compared(
  active: unknown,
  shadow: unknown,
): Promise<Pick<ShadowReport, "differences" | "shadowError">> {
  try {
    const { differencesOf } = await import("./differences.ts");
    return { differences: differencesOf(active, shadow) };
  } catch (error) {
    return { differences: undefined, shadowError: error };
  }
}
