import { resolve } from "node:path";
import type { Context } from "../../base/context.ts";
import type { Finding } from "../../base/finding.ts";
import { type Shard, targetsOfShard } from "../../check/choice/shard.ts";
import type { CheckOptions } from "../../check/options.ts";
import type { Project, Target } from "../../config/project.ts";
import { rememberedProject } from "../../config/remembered.ts";
import { resolveTargets } from "../../config/targets.ts";
import type { ReadReport } from "../reporting/read-report.ts";
import type { ReportRequest } from "../reporting/request.ts";
import { type CheckCommandOptions, partsOf, shardOf } from "./options.ts";
import { isTelling } from "./tell/asked.ts";
import { judgeIntegrations, judgeWhole } from "./whole.ts";

/** What a check is going to do: everything that can be wrong with how it was asked for is known before a request leaves. */
export interface Plan {
  project: Project;
  targets: readonly Target[];
  settings: CheckOptions;
  requests: readonly ReportRequest[];
  shard: Shard | undefined;
  baseline: ReadReport | undefined;
  /** Neither targets nor parts nor a shard were chosen. */
  everything: boolean;
}

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

/** What is to be said of more than single targets: of the whole project where nothing was named, and of the integrations. */
async function judgeProject(
  project: Project,
  whole: boolean,
  targets: readonly Target[],
  ctx: Context,
): Promise<Finding[]> {
  const named = [...new Set(targets.map(({ integration }) => integration))];
  return [
    ...(whole ? await judgeWhole(project, ctx) : []),
    ...(await judgeIntegrations(whole ? project.integrations : named)),
  ];
}

/** @throws ConfigError, UsageError */
export async function plan(options: CheckCommandOptions, ctx: Context): Promise<Plan> {
  const requests = await requestsOf(options);
  const shard = shardOf(options.shard);
  const asked = checkOptions(options, ctx);
  const project = await rememberedProject({ cwd: ctx.cwd, configFile: ctx.configFile, env: ctx.env });
  if (isTelling(options)) (await import("./tell/tell.ts")).refuseUnknownListeners(options, project, ctx);
  const targets = await chosenTargets(project, options, shard);
  const settings = {
    ...asked,
    part: shard !== undefined,
    quotaParts: shard?.count ?? 1,
    project: await judgeProject(project, options.targets.length === 0, targets, ctx),
  };
  const baseline = await baselineOf(options, ctx);
  const everything = asked.everything && shard === undefined && options.only === undefined;
  return { project, targets, settings, requests, shard, baseline, everything };
}
