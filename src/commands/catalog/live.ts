import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../base/context.ts";
import type { ProbeRecord } from "../../history/history.ts";
import { median } from "../../probe/statistics.ts";

/** How an integration was doing when this working copy last measured it. */
export interface LiveStatus {
  state: "ok" | "failing";
  /** ISO date and time of the newest measurement. */
  measuredAt: string;
  /** Endpoints measured, and those of them without a usable answer. */
  endpoints: number;
  failing: readonly string[];
  /** Median of the endpoints' median latency, milliseconds. */
  p50?: number;
}

function statusOf(records: readonly ProbeRecord[]): LiveStatus {
  const failing = records.filter(({ samples, errors }) => samples === 0 || errors === samples);
  const p50 = median(records.flatMap(({ totals }) => median(totals) ?? []));
  const newest = Math.max(...records.map(({ startedAt }) => startedAt));
  return {
    state: failing.length === 0 ? "ok" : "failing",
    measuredAt: new Date(newest).toISOString(),
    endpoints: records.length,
    failing: failing.map(({ endpoint }) => endpoint).sort(),
    ...(p50 === undefined ? {} : { p50 }),
  };
}

/** By integration, of one environment. Empty where nothing was measured here: the history is local and may be deleted. */
export async function liveStatus(
  root: string,
  environment: string,
  ctx: Context,
): Promise<Map<string, LiveStatus>> {
  if (!existsSync(join(root, ".integ", "history.db"))) return new Map();
  const { History } = await import("../../history/history.ts");
  try {
    const history = await History.open(root);
    try {
      const records = (await history.latest()).filter((record) => record.environment === environment);
      const names = new Set(records.flatMap(({ integration }) => integration ?? []));
      const of = (name: string) => records.filter(({ integration }) => integration === name);
      return new Map([...names].map((name) => [name, statusOf(of(name))]));
    } finally {
      history.close();
    }
  } catch (error) {
    ctx.io.note(`the history cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}
