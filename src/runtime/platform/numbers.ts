import { LONGEST_TIMER } from "../time/clock.ts";
import { requireOptions } from "./values.ts";

/** Which numbers an option takes. */
export interface NumberRule {
  /** Completes "… must be". */
  readonly says: string;
  readonly holds: (value: number) => boolean;
}

/** A time that a timer runs for. */
export const milliseconds: NumberRule = {
  says: `milliseconds above 0, at most ${LONGEST_TIMER} (24 days)`,
  holds: (value) => value > 0 && value <= LONGEST_TIMER,
};

/** A time that is only compared with; infinite where there shall be no bound. */
export const duration: NumberRule = {
  says: "milliseconds above 0",
  holds: (value) => value > 0,
};

/** A time as Redis takes it. */
export const wholeMilliseconds: NumberRule = {
  says: "whole milliseconds, at least 1",
  holds: (value) => Number.isSafeInteger(value) && value >= 1,
};

/** A wait that may be none. */
export const wait: NumberRule = {
  says: "milliseconds, 0 or more",
  holds: (value) => value >= 0 && value < Number.POSITIVE_INFINITY,
};

/** How many; infinite where there shall be no bound. */
export const count: NumberRule = {
  says: "a whole number, at least 1",
  holds: (value) => value >= 1 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY),
};

/** How many, or none. */
export const countOrNone: NumberRule = {
  says: "a whole number, 0 or more",
  holds: (value) => value >= 0 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY),
};

/** A part of a whole, above none of it. */
export const chance: NumberRule = {
  says: "a share above 0, at most 1",
  holds: (value) => value > 0 && value <= 1,
};

export const percentage: NumberRule = {
  says: "a percentage from 0 to 100",
  holds: (value) => value >= 0 && value <= 100,
};

/** A number is shown; of anything else only what it is, for it may be something that was meant for another option. */
const described = (value: unknown): string =>
  typeof value === "number" ? String(value) : `a ${typeof value}`;

/**
 * Refuses options that would be obeyed in silence and mean something else: a timer that is given NaN goes off at once, and
 * no signature is older than NaN.
 * @param owner who is asked: `stripe`, `queue mails`
 * @throws RangeError that says which option, what it must be and what it is; TypeError where the options are none
 */
export function requireNumbers<T extends object>(
  owner: string,
  options: T,
  rules: { readonly [K in keyof T]?: NumberRule },
): void {
  requireOptions(owner, options);
  for (const [name, rule] of Object.entries<NumberRule | undefined>(rules)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || rule === undefined) continue;
    if (typeof value === "number" && rule.holds(value)) continue;
    throw new RangeError(`${owner}: \`${name}\` must be ${rule.says}, not ${described(value)}`);
  }
}
