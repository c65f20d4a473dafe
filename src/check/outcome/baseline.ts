import type { Finding, Severity } from "../../base/finding.ts";

/** What a baseline knows of a finding. */
export type Known = Pick<Finding, "fingerprint" | "severity" | "waiver">;

const RANK: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1, inconclusive: 0 };

/** How much a finding counts: under a waiver it does not. */
const weight = ({ severity, waiver }: Known) => (waiver ? 0 : RANK[severity]);

/**
 * What is new against an earlier report: findings that it does not hold, or that count for less in it: with a lesser severity,
 * or under a waiver that has ended since. What could not be judged is always new: a baseline makes nothing known.
 */
export function newAgainst(
  findings: readonly Finding[],
  baseline: readonly Known[],
): { fresh: Finding[]; known: number; gone: number } {
  const before = new Map(baseline.map((one) => [one.fingerprint, weight(one)]));
  const fresh = findings.filter((one) => {
    const was = before.get(one.fingerprint);
    return was === undefined || one.severity === "inconclusive" || weight(one) > was;
  });
  const now = new Set(findings.map(({ fingerprint }) => fingerprint));
  const gone = baseline.filter(({ fingerprint }) => !now.has(fingerprint)).length;
  return { fresh, known: findings.length - fresh.length, gone };
}
