import { join } from "node:path";
import type { Context } from "../../base/context.ts";
import { exitCodeOf, type FailOn } from "../../base/exit-policy.ts";
import { writeFileAtomic } from "../../base/files.ts";
import type { Finding } from "../../base/finding.ts";
import { buildReport, type Report } from "../../base/report.ts";
import type { Result } from "../../base/result.ts";
import type { CheckOptions } from "../../check/options.ts";
import { newAgainst } from "../../check/outcome/baseline.ts";
import type { Project, Target } from "../../config/project.ts";
import { LEAST_SAMPLES } from "../../probe/statistics.ts";
import { inGithubActions } from "../reporting/in-github-actions.ts";
import type { CheckCommandOptions } from "./options.ts";
import { pass } from "./pass.ts";
import { type Plan, plan } from "./plan.ts";
import { isTelling } from "./tell/asked.ts";
import type { Outcome } from "./tell/outcome.ts";
import type { CheckText } from "./text.ts";

/** Where the last report lies, below the project's root: what `integ waive` reads. */
export const LAST_REPORT = join(".integ", "last-check.json");

/** Keeps the report for `integ waive`. Local state: a directory that cannot be written costs nothing else. */
async function keep(report: Report, project: Project, ctx: Context): Promise<void> {
  try {
    await writeFileAtomic(join(project.root, LAST_REPORT), `${JSON.stringify(report)}\n`, 0o600);
  } catch (error) {
    ctx.io.debug(`the report is not kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Loaded late: most checks tell nobody. */
async function tellIfAsked(
  options: CheckCommandOptions,
  project: Project,
  outcome: Outcome,
  ctx: Context,
): Promise<Finding[]> {
  if (!isTelling(options)) return [];
  const { tell } = await import("./tell/tell.ts");
  return tell(options, project, outcome, ctx);
}

const isFailOn = (text: string): text is FailOn => ["error", "warning", "info", "never"].includes(text);

/** With `--inconclusive warn` what could not be judged does not count. */
function exitCode(
  findings: readonly Finding[],
  { inconclusive, failOn }: CheckCommandOptions,
): Pick<Result, "exitCode"> {
  if (inconclusive !== "warn") return {};
  const judged = findings.filter(({ severity }) => severity !== "inconclusive");
  return { exitCode: exitCodeOf(judged, isFailOn(failOn) ? failOn : "error") };
}

function endpointsWithoutP95(targets: readonly Target[], { samples, parts }: CheckOptions): number {
  if (samples >= LEAST_SAMPLES.p95 || !parts.has("probe")) return 0;
  return targets.filter(({ endpoint }) => endpoint.budget.p95 !== undefined).length;
}

/** What is shown beside the data. With `--json` alone nothing is, and no reporter has to be loaded. */
async function shown(
  report: Report,
  text: CheckText,
  { requests, project }: Plan,
  options: CheckCommandOptions,
  ctx: Context,
): Promise<Partial<Result>> {
  const annotate = options.annotations === "auto";
  if (ctx.json && requests.length === 0 && !(annotate && inGithubActions(ctx))) return {};
  const { show } = await import("./show.ts");
  return show(report, text, { requests, project, annotate }, ctx);
}

/**
 * `integ check`. Exit code 1 for findings at or above `--fail-on`, else 3 where something stayed inconclusive, else 0.
 * @throws ConfigError, UsageError
 */
export async function run(options: CheckCommandOptions, ctx: Context): Promise<Result> {
  const planned = await plan(options, ctx);
  const { project, targets, settings, shard, baseline, everything } = planned;
  const startedAt = ctx.clock.now();
  const started = ctx.clock.monotonic();
  const result = await pass(project, targets, { ...options, settings }, ctx);
  const durationMs = ctx.clock.monotonic() - started;
  const { fresh, known, gone } = newAgainst(result.findings, baseline ? baseline.findings : []);
  const environment = targets[0]?.environment.name ?? options.env ?? project.config.defaultEnvironment;
  const { endpoints } = result;
  const everyPart = options.only === undefined;
  const outcome = { fresh, all: result.findings, endpoints, environment, everything, everyPart };
  const untold = await tellIfAsked(options, project, outcome, ctx);
  const data = {
    endpoints,
    ...(baseline ? { baseline: { known, gone } } : {}),
    ...(shard ? { shard } : {}),
  };
  const reportOf = (some: readonly Finding[]) =>
    buildReport({ command: "check", startedAt, durationMs, findings: [...some, ...untold], data });
  const report = reportOf(fresh);
  // What a baseline holds may be waived as well.
  await keep(reportOf(result.findings), project, ctx);
  const { findings } = report;
  const withoutP95 = endpointsWithoutP95(targets, settings);
  const text = { findings, endpoints, environment, ms: durationMs, cwd: ctx.cwd, known, withoutP95 };
  const seen = await shown(report, text, planned, options, ctx);
  return {
    findings,
    data,
    ...seen,
    failures: [...result.failures, ...(seen.failures ?? [])],
    ...exitCode(findings, options),
  };
}
