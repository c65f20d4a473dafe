import { latencyOf } from "../../probe/latency.ts";
import type { ProbeResult } from "../../probe/result.ts";
import { LEAST_SAMPLES } from "../../probe/statistics.ts";
import { type Cell, renderTable } from "../../report/terminal.ts";
import type { ProbeView } from "./view.ts";
import { forecastWords, latencyWords, leftWords, scarcest } from "./words.ts";

/** The columns, and how wide a terminal must be for those that are left out first: a figure cut in half is worse than none. */
const COLUMNS: readonly { head: string; figure?: true; from: number }[] = [
  { head: "Endpoint", from: 0 },
  { head: "Status", from: 0 },
  { head: "p50", figure: true, from: 0 },
  { head: "p95", figure: true, from: 60 },
  { head: "p99", figure: true, from: 120 },
  { head: "Max", figure: true, from: 100 },
  { head: "Cold p50", figure: true, from: 110 },
  { head: "Quota", from: 0 },
];

/** Between two columns of a table. */
const GAP = 2;
const NARROWEST_LABEL = 12;

function statusCell({ last, samples }: ProbeResult): Cell {
  const failure = samples.at(-1)?.failure;
  if (failure) return { text: failure.kind, tone: "red" };
  if (!last) return { text: "not asked", tone: "dim" };
  // A sign-in page that answers 200 in place of data.
  if (last.body === "html" && last.status < 300) return { text: `${last.status} web page`, tone: "yellow" };
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
  const shown = COLUMNS.map(({ from }) => columns >= from);
  const kept = <T>(all: readonly T[]) => all.filter((_cell, index) => shown[index]);
  const heads = kept(COLUMNS);
  const align = heads.map(({ figure }) => (figure ? ("right" as const) : ("left" as const)));
  const rows = withShortLabels(
    [heads.map(({ head }) => head), ...results.map((result) => kept(row(result, view)))],
    columns,
  );
  const [titles = [], ...cells] = rows;
  return renderTable(titles.map(textOf), cells, { style, columns, align });
}

const textOf = (cell: Cell | undefined) => (typeof cell === "object" ? cell.text : (cell ?? ""));

/** Labels give way to figures, and keep their end: it is what tells two endpoints of one host apart. */
function withShortLabels(rows: readonly (readonly Cell[])[], columns: number): Cell[][] {
  const widths = (rows[0] ?? [])
    .slice(1)
    .map((_head, index) => GAP + Math.max(...rows.map((cells) => textOf(cells[index + 1]).length)));
  const room = Math.max(NARROWEST_LABEL, columns - widths.reduce((sum, width) => sum + width, 0));
  return rows.map(([label, ...figures]) => {
    const text = textOf(label);
    return [text.length > room ? `…${text.slice(1 - room)}` : text, ...figures];
  });
}
