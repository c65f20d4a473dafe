import type { Context } from "../../base/context.ts";
import type { Report } from "../../base/report.ts";
import type { Result } from "../../base/result.ts";
import type { Project } from "../../config/project.ts";
import { deliver } from "../reporting/deliver.ts";
import { withoutCommands } from "../reporting/github-actions.ts";
import { inGithubActions } from "../reporting/in-github-actions.ts";
import type { ReportRequest } from "../reporting/request.ts";
import { type CheckText, checkText, nextSteps } from "./text.ts";

/** Writes the reports that were asked for; gives what takes the place of the text on stdout, or the text. */
export async function show(
  report: Report,
  text: CheckText,
  options: { requests: readonly ReportRequest[]; project: Project; annotate: boolean },
  ctx: Context,
): Promise<Pick<Result, "text" | "next" | "failures">> {
  const { requests, project, annotate } = options;
  const { onStdout, failures } = await deliver(report, requests, { project, annotate }, ctx);
  if (onStdout !== undefined) return { text: () => onStdout, next: [], failures };
  return {
    text: (screen) => {
      const words = checkText(text, screen);
      return inGithubActions(ctx) ? withoutCommands(words) : words;
    },
    next: nextSteps(text.findings),
    failures,
  };
}
