import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { writeFileAtomic } from "../../base/files.ts";
import type { Finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { neutralize } from "../../base/text.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import { History } from "../../history/history.ts";
import type { LoadClient } from "../../http/client.ts";
import type { HttpClient } from "../../http/exchange.ts";
import { type HarEntry, harEntry, toHar } from "../../http/har-log.ts";
import type { Forecast } from "../../probe/forecast.ts";
import { toReport } from "../../probe/json.ts";
import { judgeProbe } from "../../probe/judge.ts";
import { judgeComparison } from "../../probe/judge-comparison.ts";
import { QuotaLedger } from "../../probe/ledger.ts";
import { toPrometheus } from "../../probe/prometheus.ts";
import { loadQuotas, QUOTA_FILE, saveQuotas } from "../../probe/quota-file.ts";
import { QuotaReadings } from "../../probe/quota-readings.ts";
import { type Compared, compareWithHistory, toRecord } from "../../probe/record.ts";
import type { ProbeResult } from "../../probe/result.ts";
import { probeAll } from "../../probe/run-all.ts";
import type { Quota } from "../../quota/quota.ts";
import { readBaseline, saveRun } from "./baseline.ts";
import { phaseDeadlines } from "./deadlines.ts";
import { LiveLine } from "./live.ts";
import type { Options } from "./options.ts";
import type { Subjects } from "./subjects.ts";
import { renderProbe } from "./view.ts";

export interface RoundDeps {
  client: HttpClient & LoadClient;
  ctx: Context;
}

/** One or several rounds of probing the same subjects: what is known of quotas and history goes from one to the next. */
export class ProbeRounds {
  readonly #found: Subjects;
  readonly #options: Options;
  readonly #deps: RoundDeps;
  readonly #ledger = new QuotaLedger();
  readonly #readings = new QuotaReadings();
  readonly #archive: HarEntry[] = [];
  #history: History | undefined;

  constructor(found: Subjects, options: Options, deps: RoundDeps) {
    this.#found = found;
    this.#options = options;
    this.#deps = deps;
  }

  /** Opens the project's history and learns what other processes know of the quotas. */
  async open(): Promise<void> {
    const { root } = this.#found;
    const { ctx } = this.#deps;
    if (root === undefined) return;
    await loadQuotas(this.#quotaFile(root), this.#ledger, ctx.clock.now());
    try {
      this.#history = await History.open(root);
      for (const subject of this.#found.subjects) await this.#readings.recall(subject, this.#history);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      ctx.io.note(`The history in .integ/history.db cannot be used: ${reason}. It may be deleted.`);
    }
  }

  #quotaFile(root: string): string {
    return resolve(root, QUOTA_FILE);
  }

  close(): void {
    this.#history?.close();
  }

  async probe(): Promise<Result> {
    const { ctx } = this.#deps;
    const results = await this.#measure();
    ctx.signal.throwIfAborted();
    const compared = await this.#compare(results);
    await this.#keep(results, compared);
    const now = ctx.clock.now();
    const forecasts = new Map(results.flatMap((result) => [...this.#readings.forecasts(result, now)]));
    for (const result of results) this.#readings.keep(result, now);
    const found: Finding[] = [
      ...this.#found.findings,
      ...results.flatMap((result) => judgeProbe(result, now)),
      ...[...compared].flatMap(([{ subject }, comparison]) => judgeComparison(comparison, subject)),
    ];
    const findings = applyRuleSeverities(found, this.#found.rules ?? {});
    // Metrics have no room for them, and a code other than 0 wants a reason.
    if (this.#options.format === "prometheus")
      for (const { severity, endpoint, message } of findings)
        ctx.io.note(neutralize(`${severity}  ${endpoint ?? ""}  ${message}`));
    return {
      findings,
      data: { endpoints: results.map((result) => report(result, compared.get(result), forecasts)) },
      text: (view) =>
        this.#options.format === "prometheus"
          ? toPrometheus(results, now).trimEnd()
          : renderProbe(results, findings, {
              ...view,
              compared,
              forecasts,
              detail: this.#options.detail ?? false,
              now,
            }),
    };
  }

  async #measure(): Promise<ProbeResult[]> {
    const { client, ctx } = this.#deps;
    const { samples = 20, cold = 5, pause = 50, timeout, deadlines, concurrency, har } = this.#options;
    const live = new LiveLine(ctx.io.stderr, this.#found.subjects.length, samples + cold);
    try {
      return await probeAll(
        this.#found.subjects,
        {
          samples,
          cold: cold === 0 && samples === 0 ? 1 : cold,
          limits: {
            ...(timeout === undefined ? {} : { deadlineMs: timeout }),
            phaseMs: phaseDeadlines(deadlines),
          },
          pauseMs: pause,
          ...(concurrency === undefined ? {} : { parallel: concurrency }),
        },
        {
          client,
          clock: ctx.clock,
          random: Math.random,
          signal: ctx.signal,
          ledger: this.#ledger,
          onSample: (sample, subject) => live.sampled(sample, subject),
          ...(har === undefined
            ? {}
            : {
                onExchange: (exchange, { request, label }) => {
                  this.#archive.push(harEntry({ request, exchange, comment: label }));
                },
              }),
        },
      );
    } finally {
      live.clear();
    }
  }

  async #compare(results: readonly ProbeResult[]): Promise<Map<ProbeResult, Compared>> {
    const { compare, baseline } = this.#options;
    const compared = new Map<ProbeResult, Compared>();
    const saved =
      baseline === undefined
        ? undefined
        : await readBaseline(resolve(this.#deps.ctx.cwd, baseline), baseline);
    for (const result of results) {
      if (saved) compared.set(result, saved.compare(result));
      else if (compare && this.#history)
        compared.set(result, await compareWithHistory(result, this.#history));
    }
    if (compare && !this.#history)
      this.#deps.ctx.io.note(
        "There is no history to compare with: it belongs to a project. Without one, --save FILE writes a run down and --baseline FILE compares with it.",
      );
    return compared;
  }

  /** History, quotas, archive and saved run: everything that outlives the round. */
  async #keep(results: readonly ProbeResult[], compared: ReadonlyMap<ProbeResult, Compared>): Promise<void> {
    const { ctx } = this.#deps;
    const { har, save } = this.#options;
    const { root } = this.#found;
    if (root !== undefined) await saveQuotas(this.#quotaFile(root), this.#ledger, ctx.clock.now());
    const measured = results.filter(({ samples }) => samples.length > 0);
    await this.#history?.add(measured.map((result) => toRecord(result, compared.get(result))));
    if (har !== undefined)
      await writeFileAtomic(resolve(ctx.cwd, har), `${JSON.stringify(toHar(this.#archive), undefined, 2)}\n`);
    if (save !== undefined) await saveRun(resolve(ctx.cwd, save), results);
  }
}

function report(
  result: ProbeResult,
  comparison: Compared | undefined,
  forecasts: ReadonlyMap<Quota, Forecast>,
) {
  const { quotas, ...rest } = toReport(result);
  const told = quotas.map((quota) => {
    const exhaustedAt = forecasts.get(quota)?.exhaustedAt;
    return exhaustedAt === undefined ? quota : { ...quota, exhaustedAt };
  });
  return { ...rest, quotas: told, ...(comparison ? { comparison } : {}) };
}
