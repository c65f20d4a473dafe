import { formatDuration } from "../base/duration.ts";
import { type Finding, finding } from "../base/finding.ts";
import { neutralize } from "../base/text.ts";
import type { Quota } from "../quota/quota.ts";
import { latencyOf, succeeded } from "./latency.ts";
import type { ProbeResult } from "./result.ts";
import { LEAST_SAMPLES } from "./statistics.ts";
import { namesOf } from "./subject.ts";

/** `12.5 %` */
export const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;

function judgeP95(result: ProbeResult): Finding[] {
  const { p95: budget } = result.subject.budget;
  if (budget === undefined) return [];
  const { summary, of } = latencyOf(result);
  if (summary.n === 0) return [];
  const names = namesOf(result.subject);
  const evidence = { samples: summary.n, connection: of, budgetMs: budget };
  if (summary.p95 === null) {
    // The fewest samples that could prove the budget broken: more than 5 % of 20 lie beyond it.
    return [
      finding({
        rule: "probe/budget-p95",
        severity: "info",
        message: `p95 cannot be told from ${summary.n} samples`,
        help: `--samples ${LEAST_SAMPLES.p95}`,
        ...names,
        evidence,
      }),
    ];
  }
  if (summary.p95 <= budget) return [];
  return [
    finding({
      rule: "probe/budget-p95",
      severity: "error",
      message: `p95 is ${formatDuration(summary.p95)}, over the budget of ${formatDuration(budget)}`,
      ...names,
      before: budget,
      after: Math.round(summary.p95 * 1000) / 1000,
      evidence,
    }),
  ];
}

function judgeErrorRate({ subject, samples }: ProbeResult): Finding[] {
  const { errorRate: budget } = subject.budget;
  const errors = samples.filter((sample) => !succeeded(sample, subject.expectStatus)).length;
  const rate = samples.length === 0 ? 0 : errors / samples.length;
  // Where nothing came through, the outage is the finding; it is not the rate that says something.
  if (budget === undefined || rate <= budget || errors === samples.length) return [];
  return [
    finding({
      rule: "probe/budget-error-rate",
      severity: "error",
      message: `${errors} of ${samples.length} requests failed (${percent(rate)}), over the budget of ${percent(budget)}`,
      ...namesOf(subject),
      before: budget,
      after: Math.round(rate * 1e6) / 1e6,
      evidence: { samples: samples.length, errors },
    }),
  ];
}

function judgeQuota({ subject }: ProbeResult, { name, limit, remaining, resetAt }: Quota): Finding[] {
  const { quotaRemaining: budget } = subject.budget;
  if (budget === undefined || limit === undefined || remaining === undefined || limit <= 0) return [];
  const share = remaining / limit;
  if (share >= budget) return [];
  return [
    finding(
      {
        rule: "probe/budget-quota",
        severity: "error",
        message: `${remaining} of ${limit} of the quota \`${neutralize(name)}\` are left (${percent(share)}), under the budget of ${percent(budget)}`,
        ...namesOf(subject),
        before: budget,
        after: Math.round(share * 1e6) / 1e6,
        evidence: { remaining, limit, ...(resetAt ? { resetAt } : {}) },
      },
      name,
    ),
  ];
}

/** Findings where a probe broke the budgets of its endpoint: p95, error rate, quota that remains. */
export function judgeBudgets(result: ProbeResult): Finding[] {
  const quotas = result.quotas.flatMap((quota) => judgeQuota(result, quota));
  return [...judgeP95(result), ...judgeErrorRate(result), ...quotas];
}
