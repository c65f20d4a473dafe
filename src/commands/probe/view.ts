import type { Finding } from "../../base/finding.ts";
import type { Style } from "../../base/result.ts";
import type { Forecast } from "../../probe/forecast.ts";
import { latencyOf } from "../../probe/latency.ts";
import type { Compared } from "../../probe/record.ts";
import type { ProbeResult } from "../../probe/result.ts";
import type { Quota } from "../../quota/quota.ts";
import { renderFindings } from "../../report/terminal.ts";
import { renderDetail } from "./detail.ts";
import { renderOverview } from "./overview.ts";

export interface ProbeView {
  style: Style;
  columns: number;
  detail: boolean;
  compared: ReadonlyMap<ProbeResult, Compared>;
  /** When quotas will be gone, where that can be told. */
  forecasts: ReadonlyMap<Quota, Forecast>;
  /** Epoch milliseconds. */
  now: number;
}

/** Results for a person: a table of several endpoints, or each in detail; then what was found. */
export function renderProbe(
  results: readonly ProbeResult[],
  findings: readonly Finding[],
  view: ProbeView,
): string {
  const detailed = view.detail || results.length === 1;
  const answered = results.filter((result) => latencyOf(result).summary.n > 0 || result.last);
  const parts = detailed
    ? answered.map((result) => renderDetail(result, view))
    : [renderOverview(results, view)];
  if (findings.length > 0) parts.push(renderFindings(findings, view));
  else if (results.length === 0) parts.push("nothing to probe");
  return parts.filter((part) => part !== "").join("\n\n");
}
