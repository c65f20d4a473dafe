import type { Finding } from "../base/finding.ts";
import { judgeBudgets } from "./budgets.ts";
import { judgeAnswers } from "./judge-answers.ts";
import { judgeNotices } from "./judge-notices.ts";
import { judgeTls } from "./judge-tls.ts";
import type { ProbeResult } from "./result.ts";

/** Everything a probe has to say about its endpoint. @param now epoch milliseconds */
export function judgeProbe(result: ProbeResult, now: number): Finding[] {
  const { notices, tls, subject } = result;
  return [
    ...judgeAnswers(result),
    ...judgeBudgets(result),
    ...(notices ? judgeNotices(notices, subject, now) : []),
    ...(tls ? judgeTls(tls, subject, now) : []),
  ];
}
