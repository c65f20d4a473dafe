import type { Context } from "../../base/context.ts";
import { ConfigError, type IncompleteError } from "../../base/errors.ts";
import type { Report } from "../../base/report.ts";
import { loadProject } from "../../config/load.ts";
import type { Project } from "../../config/project.ts";
import { emitReports, reportView } from "./emit.ts";
import type { ReportRequest } from "./request.ts";
import { ruleInfos } from "./rules.ts";

/** The project around the user, where there is one; a configuration that is broken is told. */
export async function projectHere(ctx: Context): Promise<Project | undefined> {
  try {
    return await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  } catch (error) {
    if (error instanceof ConfigError && error.code === "config/not-found") return undefined;
    throw error;
  }
}

/**
 * Writes a report in every format that was asked for.
 * @param options.annotate under GitHub Actions, lines are annotated and the step's summary is written
 * @returns what takes the place of the command's text on stdout, where a format was asked for there, and why files could not be written
 */
export async function deliver(
  report: Report,
  requests: readonly ReportRequest[],
  { project, annotate = true }: { project: Project | undefined; annotate?: boolean },
  ctx: Context,
): Promise<{ onStdout: string | undefined; failures: IncompleteError[] }> {
  const view = reportView(report, project, ruleInfos(), ctx);
  const failures = await emitReports(view, requests, { annotate, ctx });
  const onStdout = requests
    .find(({ file }) => file === undefined)
    ?.reporter.render(view)
    .trimEnd();
  return { onStdout, failures };
}
