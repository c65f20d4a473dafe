import { join, resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import { exitCodeOf, type FailOn } from "../../base/exit-policy.ts";
import { writeFileAtomic } from "../../base/files.ts";
import { compareFindings, type Finding } from "../../base/finding.ts";
import { buildReport, type Report } from "../../base/report.ts";
import type { Result } from "../../base/result.ts";
import { newAgainst } from "../../check/baseline.ts";
import { openConsumerHost } from "../../check/consumer/host.ts";
import { openContractJudges } from "../../check/contract/judges.ts";
import type { CheckOptions, CheckResult } from "../../check/options.ts";
import { quotaFileStore } from "../../check/quota/file-store.ts";
import { SharedQuotas } from "../../check/quota/shared.ts";
import { openRooms } from "../../check/rooms.ts";
import { runCheck } from "../../check/run.ts";
import { type Shard, targetsOfShard } from "../../check/shard.ts";
import type { Project, Target } from "../../config/project.ts";
import { rememberedProject } from "../../config/remembered.ts";
import { resolveTargets } from "../../config/targets.ts";
import { QUOTA_FILE } from "../../probe/quota-file.ts";
import { LEAST_SAMPLES } from "../../probe/statistics.ts";
import { inGithubActions } from "../reporting/in-github-actions.ts";
import type { ReportRequest } from "../reporting/request.ts";
import { type CheckCommandOptions, partsOf, shardOf } from "./options.ts";
import type { Outcome } from "./tell/outcome.ts";
import { openTransport, refuseRecordings, type Transport } from "./transport.ts";
import { judgeWhole } from "./whole.ts";

/** Where the last report lies, below the project's root: what `integ waive` reads. */
export const LAST_REPORT = join(".integ", "last-check.json");

function progress({ io }: Context): (done: number, total: number) => void {
  if (!io.stderr.isTTY) return () => {};
  return (done, total) =>
    io.stderr.write(done === total ? "\r\u001b[K" : `\r\u001b[Kchecked ${done} of ${total}`);
}

function checkOptions(options: CheckCommandOptions, ctx: Context): CheckOptions {
  return {
    parts: partsOf(options.only),
    samples: options.samples,
    limits: options.timeout === undefined ? {} : { deadlineMs: options.timeout },
    ...(options.maxTime === undefined ? {} : { maxTimeMs: options.maxTime }),
    everything: options.targets.length === 0 && options.changed === undefined,
    signal: ctx.signal,
    progress: progress(ctx),
  };
}

/** What other processes of this machine use of the same quotas; a replay uses none. */
function sharedQuotas({ root }: Project, { clock, offline }: Transport) {
  if (offline) return undefined;
  return new SharedQuotas(quotaFileStore(join(root, QUOTA_FILE), clock), clock);
}

async function checkHere(
  project: Project,
  targets: readonly Target[],
  options: CheckOptions,
  transport: Transport,
  ctx: Context,
): Promise<CheckResult> {
  const { http, clock, offline } = transport;
  const host = openConsumerHost();
  const judges = openContractJudges();
  try {
    const rooms = transport.furnish(
      openRooms(project, { ctx: { ...ctx, clock }, http, host, judges, offline }),
    );
    return await runCheck(project, targets, rooms, options, clock, sharedQuotas(project, transport));
  } finally {
    host.close();
    await Promise.all([http.close(), judges.close()]);
  }
}

/** In this process, or by the workers that a Redis brings together. */
async function checkWhere(
  project: Project,
  targets: readonly Target[],
  options: CheckCommandOptions & { settings: CheckOptions },
  ctx: Context,
): Promise<CheckResult> {
  const { redis, settings } = options;
  if (redis !== undefined) {
    refuseRecordings(options);
    const { checkOnWorkers } = await import("./workers.ts");
    return checkOnWorkers(project, targets, settings, redis, ctx);
  }
  const transport = await openTransport(options, ctx);
  const result = await checkHere(project, targets, settings, transport, ctx);
  await transport.finish();
  return result;
}

/** The targets that were named, of those the changed ones, of those the shard's. */
async function chosenTargets(
  project: Project,
  { targets: named, env, changed }: CheckCommandOptions,
  shard: Shard | undefined,
): Promise<Target[]> {
  const all = resolveTargets(project, named, { env });
  const touched =
    changed === undefined
      ? all
      : await (await import("./changed-files.ts")).changedTargets(project, all, changed);
  return shard ? targetsOfShard(touched, shard) : touched;
}

/** Keeps the report for `integ waive`. Local state: a directory that cannot be written costs nothing else. */
async function keep(report: Report, project: Project, ctx: Context): Promise<void> {
  try {
    await writeFileAtomic(join(project.root, LAST_REPORT), `${JSON.stringify(report)}\n`, 0o600);
  } catch (error) {
    ctx.io.debug(`the report is not kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const isTelling = ({ notify, openIssues, prComment }: CheckCommandOptions) =>
  notify.length > 0 || openIssues === true || prComment === true;

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

/** @throws UsageError */
async function requestsOf({ reporter }: CheckCommandOptions): Promise<ReportRequest[]> {
  if (reporter.length === 0) return [];
  const { parseReporters } = await import("../reporting/request.ts");
  return parseReporters(reporter);
}

/** @throws ConfigError */
async function baselineOf({ baseline }: CheckCommandOptions, { cwd }: Context) {
  if (!baseline) return undefined;
  const { readReport } = await import("../reporting/read-report.ts");
  return readReport(resolve(cwd, baseline), baseline);
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

/**
 * `integ check`. Exit code 1 for findings at or above `--fail-on`, else 3 where something stayed inconclusive, else 0.
 * @throws ConfigError, UsageError
 */
export async function run(options: CheckCommandOptions, ctx: Context): Promise<Result> {
  const requests = await requestsOf(options);
  const shard = shardOf(options.shard);
  const asked = checkOptions(options, ctx);
  const project = await rememberedProject({ cwd: ctx.cwd, configFile: ctx.configFile, env: ctx.env });
  if (isTelling(options)) (await import("./tell/tell.ts")).refuseUnknownListeners(options, project, ctx);
  const whole = options.targets.length === 0 ? await judgeWhole(project, ctx) : [];
  const settings = {
    ...asked,
    part: shard !== undefined,
    quotaParts: shard?.count ?? 1,
    project: whole,
  };
  const targets = await chosenTargets(project, options, shard);
  const baseline = await baselineOf(options, ctx);
  const startedAt = ctx.clock.now();
  const started = ctx.clock.monotonic();
  const result = await checkWhere(project, targets, { ...options, settings }, ctx);
  const durationMs = ctx.clock.monotonic() - started;
  const { fresh, known, gone } = newAgainst(result.findings, baseline ? baseline.findings : []);
  const environment = targets[0]?.environment.name ?? options.env ?? project.config.defaultEnvironment;
  const everyPart = options.only === undefined;
  const everything = asked.everything && shard === undefined && everyPart;
  const outcome = {
    fresh,
    all: result.findings,
    endpoints: result.endpoints,
    environment,
    everything,
    everyPart,
  };
  const untold = await tellIfAsked(options, project, outcome, ctx);
  const findings = [...fresh, ...untold].sort(compareFindings);
  const data = {
    endpoints: result.endpoints,
    ...(baseline ? { baseline: { known, gone } } : {}),
    ...(shard ? { shard } : {}),
  };
  const reportOf = (all: Finding[]) =>
    buildReport({ command: "check", startedAt, durationMs, findings: all, data });
  const report = reportOf(findings);
  // What a baseline holds may be waived as well.
  await keep(reportOf([...result.findings, ...untold].sort(compareFindings)), project, ctx);
  const text = {
    findings,
    endpoints: result.endpoints,
    environment,
    ms: durationMs,
    cwd: ctx.cwd,
    known,
    withoutP95: endpointsWithoutP95(targets, settings),
  };
  const annotate = options.annotations === "auto";
  // With `--json` alone nothing is shown that a reporter has to be loaded for.
  const isShown = !ctx.json || requests.length > 0 || (annotate && inGithubActions(ctx));
  return {
    findings,
    data,
    ...(isShown
      ? await (await import("./show.ts")).show(report, text, { requests, project, annotate }, ctx)
      : {}),
    ...exitCode(findings, options),
  };
}
