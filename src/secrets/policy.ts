import type { SecretPolicy } from "../config/project.ts";

export type ValueVerdict =
  | { kind: "fits" }
  /** It has the form of other environments' values: a live key in dev. */
  | { kind: "wrong-environment"; belongsTo: readonly string[] }
  | { kind: "misshapen" };

function patternFor(policy: SecretPolicy, environment: string): RegExp | undefined {
  return Object.hasOwn(policy.pattern, environment) ? policy.pattern[environment] : policy.pattern["*"];
}

function matches(pattern: RegExp, value: string): boolean {
  // A pattern with the g or y flag would remember where it stopped.
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).test(value);
}

/** Whether a value has the form that the manifest asks of this environment. No pattern: everything fits. */
export function judgeValue(policy: SecretPolicy, environment: string, value: string): ValueVerdict {
  const pattern = patternFor(policy, environment);
  if (!pattern || matches(pattern, value)) return { kind: "fits" };
  const belongsTo = Object.entries(policy.pattern)
    .filter(([name, other]) => name !== environment && name !== "*" && matches(other, value))
    .map(([name]) => name)
    .sort();
  return belongsTo.length > 0 ? { kind: "wrong-environment", belongsTo } : { kind: "misshapen" };
}

/** Milliseconds before the due date from which a rotation is announced: 14 days. */
export const DUE_WITHIN_MS = 14 * 86_400_000;

export type Schedule =
  | { state: "unscheduled" }
  /** Must be rotated by age, but nobody knows how old it is. */
  | { state: "unknown-age" }
  | { state: "fresh" | "due" | "overdue"; dueAt: number };

/**
 * Where a secret stands in its rotation. A value from the future (a clock moved back) counts as new.
 * @param since epoch milliseconds at which the value came into use
 */
export function scheduleOf(
  rotateEveryMs: number | undefined,
  since: number | undefined,
  now: number,
  dueWithinMs = DUE_WITHIN_MS,
): Schedule {
  if (rotateEveryMs === undefined) return { state: "unscheduled" };
  if (since === undefined || Number.isNaN(since)) return { state: "unknown-age" };
  const dueAt = Math.min(since, now) + rotateEveryMs;
  if (now > dueAt) return { state: "overdue", dueAt };
  return { state: dueAt - now <= dueWithinMs ? "due" : "fresh", dueAt };
}
