import type { Finding, Severity } from "../base/finding.ts";

/** What a baseline knows of a finding. */
export type Known = Pick<Finding, "fingerprint" | "severity">;

const RANK: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1, inconclusive: 0 };

/**
 * What is new against an earlier report: findings that it does not hold, or holds with a lesser severity. What could not be
 * judged is always new: a baseline makes nothing known.
 */
export function newAgainst(
  findings: readonly Finding[],
  baseline: readonly Known[],
): { fresh: Finding[]; known: number; gone: number } {
  const before = new Map(baseline.map(({ fingerprint, severity }) => [fingerprint, severity]));
  const fresh = findings.filter(({ fingerprint, severity }) => {
    const was = before.get(fingerprint);
    return was === undefined || severity === "inconclusive" || RANK[severity] > RANK[was];
  });
  const now = new Set(findings.map(({ fingerprint }) => fingerprint));
  const gone = baseline.filter(({ fingerprint }) => !now.has(fingerprint)).length;
  return { fresh, known: findings.length - fresh.length, gone };
}
