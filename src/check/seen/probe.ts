import { type Finding, finding } from "../../base/finding.ts";
import { judgeBudgets } from "../../probe/budgets.ts";
import { judgeAnswers } from "../../probe/judge-answers.ts";
import { judgeNotices } from "../../probe/judge-notices.ts";
import { judgeTls } from "../../probe/judge-tls.ts";
import type { ProbeResult } from "../../probe/result.ts";

/** Fewer samples than this say nothing about a rate: one failure among five would break any budget. */
const LEAST_FOR_RATES = 20;

/** A certificate is its host's: what it comes to is said once, however many endpoints of however many versions are there. */
function ofHost(
  { endpoint: _one, version: _any, fingerprint: _own, ...said }: Finding,
  url: string,
): Finding {
  return finding(said, new URL(url).host);
}

/**
 * What the probe room says of a target's exchanges: budgets, notices of deprecation and sunset, the certificate. Whether
 * the answer could be judged at all is not asked here (see availability), except that the quota's reserve forbade to ask.
 * @param now epoch milliseconds
 */
export function judgeProbed(probed: ProbeResult, now: number): Finding[] {
  const { notices, tls, subject, stop, samples } = probed;
  const heldBack = stop && !stop.throttled ? judgeAnswers({ ...probed, samples: [] }) : [];
  // That there are too few samples for a p95 is said once for the whole check, not for each endpoint.
  const budgets = judgeBudgets(probed).filter(
    ({ rule, severity }) =>
      severity !== "info" && (rule !== "probe/budget-error-rate" || samples.length >= LEAST_FOR_RATES),
  );
  return [
    ...heldBack,
    ...budgets,
    ...(notices ? judgeNotices(notices, subject, now) : []),
    ...(tls ? judgeTls(tls, subject, now).map((found) => ofHost(found, subject.request.url)) : []),
  ];
}
