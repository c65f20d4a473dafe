import { readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { Context } from "../../base/context.ts";
import type { IncompleteError, Location } from "../../base/errors.ts";
import { refusalOf } from "../../base/file-failure.ts";
import { writeFileAtomic } from "../../base/files.ts";
import type { Finding } from "../../base/finding.ts";
import type { Report } from "../../base/report.ts";
import type { Project } from "../../config/project.ts";
import type { Place, ReportView, RuleInfo } from "../../report/reporters/reporter.ts";
import { VERSION } from "../../version.ts";
import { tellGithub } from "./github-actions.ts";
import { inGithubActions } from "./in-github-actions.ts";
import type { ReportRequest } from "./request.ts";

/** The directory that paths in reports are relative to: the checkout that the CI system knows, else where the user stands. */
function repositoryRoot({ env, cwd }: Pick<Context, "env" | "cwd">): string {
  return env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR ?? cwd;
}

/** The line of the manifest that declares the endpoint a finding is about; its first line for the integration as a whole. */
function declaredAt(finding: Finding, project: Project | undefined): Location | undefined {
  const integration = project?.integrations.find(({ name }) => name === finding.integration);
  const endpoint = integration?.endpoints.find(({ name }) => name === finding.endpoint);
  if (endpoint) return endpoint.location;
  return integration && { file: integration.manifestFile, line: 1, column: 1 };
}

/** Turns a report into what reporters work on. */
export function reportView(
  report: Report,
  project: Project | undefined,
  rules: ReadonlyMap<string, RuleInfo>,
  ctx: Pick<Context, "env" | "cwd">,
): ReportView {
  const root = repositoryRoot(ctx);
  const place = (finding: Finding): Place | undefined => {
    const location = finding.location ?? declaredAt(finding, project);
    if (!location) return undefined;
    const path = relative(root, resolve(ctx.cwd, location.file)).split(sep).join("/");
    // A file outside the checkout has no place that the CI system could show.
    if (path.startsWith("../")) return undefined;
    const { file: _file, ...position } = location;
    return { path, ...position };
  };
  const source = (file: string) => {
    try {
      return readFileSync(resolve(ctx.cwd, file), "utf8");
    } catch {
      // The place is still named; only the lines around it are missing.
      return undefined;
    }
  };
  return { report, version: VERSION, rules, place, source };
}

/**
 * Writes the files that were asked for, and tells GitHub Actions where we run in it.
 * @returns why files could not be written: the others are, and what was found is not lost with them
 */
export async function emitReports(
  view: ReportView,
  requests: readonly ReportRequest[],
  { annotate, ctx }: { annotate: boolean; ctx: Context },
): Promise<IncompleteError[]> {
  const failures: IncompleteError[] = [];
  for (const { reporter, file } of requests) {
    if (file === undefined) continue;
    const path = resolve(ctx.cwd, file);
    const refused = await refusalOf(writeFileAtomic(path, reporter.render(view)));
    failures.push(...refused);
    if (refused.length === 0) ctx.io.debug(`wrote ${relative(ctx.cwd, path)} in ${dirname(path)}`);
  }
  if (annotate && inGithubActions(ctx)) tellGithub(view, ctx);
  return failures;
}
