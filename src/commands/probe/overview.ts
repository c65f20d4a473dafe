import { latencyOf } from "../../probe/latency.ts";
import type { ProbeResult } from "../../probe/result.ts";
import { LEAST_SAMPLES } from "../../probe/statistics.ts";
import { type Cell, renderTable } from "../../report/terminal.ts";
import type { ProbeView } from "./view.ts";
import { forecastWords, latencyWords, leftWords, scarcest } from "./words.ts";

const HEAD = ["Endpoint", "Status", "p50", "p95", "p99", "Max", "Cold p50", "Quota"];

function statusCell({ last, samples }: ProbeResult): Cell {
  const failure = samples.at(-1)?.failure;
  if (failure) return { text: failure.kind, tone: "red" };
  if (!last) return { text: "not asked", tone: "dim" };
  return {
    text: String(last.status),
    tone: last.status < 300 ? "green" : last.status < 500 ? "yellow" : "red",
  };
}

function quotaCell({ quotas }: ProbeResult, { forecasts, now }: ProbeView): Cell {
  const quota = scarcest(quotas);
  if (!quota) return { text: "not said", tone: "dim" };
  const gone = forecastWords(forecasts.get(quota), now);
  return gone === "" ? leftWords(quota) : { text: `${leftWords(quota)}, ${gone}`, tone: "yellow" };
}

function row(result: ProbeResult, view: ProbeView): Cell[] {
  const { summary, cold, of } = latencyOf(result);
  const few = (value: number | null, least: number): Cell =>
    value === null && summary.n > 0 ? { text: `n < ${least}`, tone: "dim" } : latencyWords(value);
  return [
    result.subject.label,
    statusCell(result),
    latencyWords(summary.p50),
    few(summary.p95, LEAST_SAMPLES.p95),
    few(summary.p99, LEAST_SAMPLES.p99),
    latencyWords(summary.max),
    of === "cold" && cold.n > 0 ? { text: "all cold", tone: "dim" } : latencyWords(cold.p50),
    quotaCell(result, view),
  ];
}

/** One line for each endpoint. */
export function renderOverview(results: readonly ProbeResult[], view: ProbeView): string {
  const { style, columns } = view;
  if (results.length === 0) return "";
  const align = HEAD.map((_, index) => (index >= 2 && index <= 6 ? ("right" as const) : ("left" as const)));
  return renderTable(
    HEAD,
    results.map((result) => row(result, view)),
    { style, columns, align },
  );
}
