import type { Finding, Severity } from "../../base/finding.ts";

/**
 * Applies the severities that the configuration sets by rule: `off` drops findings, anything else replaces what the rule
 * or the consumer said. What could not be judged stays inconclusive: no setting makes it known.
 */
export function applyRuleSeverities(
  findings: readonly Finding[],
  rules: Readonly<Record<string, Severity | "off">>,
): Finding[] {
  return findings.flatMap((one) => {
    const severity = Object.hasOwn(rules, one.rule) ? rules[one.rule] : undefined;
    if (severity === "off") return [];
    return severity === undefined || one.severity === "inconclusive" ? [one] : [{ ...one, severity }];
  });
}
