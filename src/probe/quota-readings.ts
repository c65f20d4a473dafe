import type { History } from "../history/history.ts";
import type { Quota } from "../quota/quota.ts";
import { type Forecast, forecast, type QuotaAt } from "./forecast.ts";
import { historyKey } from "./record.ts";
import type { ProbeResult } from "./result.ts";
import type { Subject } from "./subject.ts";

/** Earlier runs that are looked at for a pace. */
const RUNS = 50;

function isQuota(value: unknown): value is Quota {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "remaining" in value &&
    typeof value.remaining === "number"
  );
}

function quotasOf(report: unknown): Quota[] {
  if (typeof report !== "object" || report === null || !("quotas" in report)) return [];
  return Array.isArray(report.quotas) ? report.quotas.filter(isQuota) : [];
}

/** What earlier probes read of each subject's quotas: from the history where there is one, else from this process's rounds. */
export class QuotaReadings {
  readonly #seen = new Map<string, QuotaAt[]>();

  /** Takes what the history holds of a subject. */
  async recall(subject: Subject, history: History): Promise<void> {
    const keys = [historyKey(subject, "warm"), historyKey(subject, "cold")];
    const runs = (await Promise.all(keys.map((key) => history.runs(key, { limit: RUNS })))).flat();
    const readings = runs.flatMap(({ report, startedAt }) =>
      quotasOf(report).map((quota) => ({ quota, at: startedAt })),
    );
    this.#seen.set(subject.label, readings);
  }

  /** When each of a result's quotas will be gone, where that can be told. */
  forecasts({ subject, quotas }: ProbeResult, now: number): Map<Quota, Forecast> {
    const seen = this.#seen.get(subject.label) ?? [];
    const told = quotas.flatMap((quota) => {
      const told = forecast(
        quota,
        now,
        seen.filter((earlier) => earlier.quota.name === quota.name),
      );
      return told ? [[quota, told] as const] : [];
    });
    return new Map(told);
  }

  /** Keeps what a round read for the next one. */
  keep({ subject, quotas }: ProbeResult, now: number): void {
    const seen = this.#seen.get(subject.label) ?? [];
    const next = [...seen, ...quotas.map((quota) => ({ quota, at: now }))];
    this.#seen.set(subject.label, next.slice(-RUNS * Math.max(1, quotas.length)));
  }
}
