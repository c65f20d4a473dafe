import { latencyOf } from "../../probe/latency.ts";
import type { ProbeResult } from "../../probe/result.ts";
import { LEAST_SAMPLES } from "../../probe/statistics.ts";
import { type Cell, renderTable } from "../../report/terminal.ts";
import type { ProbeView } from "./view.ts";
import { latencyWords, leftWords, scarcest } from "./words.ts";

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

function row(result: ProbeResult): Cell[] {
  const { summary, cold, of } = latencyOf(result);
  const quota = scarcest(result.quotas);
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
    quota ? leftWords(quota) : { text: "not said", tone: "dim" },
  ];
}

/** One line for each endpoint. */
export function renderOverview(results: readonly ProbeResult[], { style, columns }: ProbeView): string {
  if (results.length === 0) return "";
  const align = HEAD.map((_, index) => (index >= 2 && index <= 6 ? ("right" as const) : ("left" as const)));
  return renderTable(HEAD, results.map(row), { style, columns, align });
}
