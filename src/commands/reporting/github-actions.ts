import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import type { Context } from "../../base/context.ts";
import type { Report } from "../../base/report.ts";
import { github } from "../../report/reporters/github.ts";
import { markdown } from "../../report/reporters/markdown.ts";
import type { ReportView } from "../../report/reporters/reporter.ts";

/** The counts of a report as outputs of the step: `errors`, `warnings`, `infos`, `inconclusive`, `waived`. */
function outputs({ summary }: Report): string {
  // Numbers only, so that no delimiter is needed.
  return Object.entries(summary)
    .map(([name, count]) => `${name}=${count}\n`)
    .join("");
}

/**
 * Tells GitHub Actions: annotations on stderr (the runner reads commands from both streams, and stdout stays data), a step
 * summary, and the counts as outputs. Workflow commands that a hostile text might hold are stopped while we write.
 */
export function tellGithub(view: ReportView, ctx: Pick<Context, "env" | "io">): void {
  const annotations = github.render(view);
  if (annotations !== "") ctx.io.stderr.write(annotations);
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = ctx.env;
  if (summary) appendFileSync(summary, markdown.render(view));
  if (output) appendFileSync(output, outputs(view.report));
}

/**
 * Wraps text for a GitHub Actions log, so that the runner takes no line of it as a command. The token is random: what is
 * printed cannot know it.
 */
export function withoutCommands(text: string): string {
  const token = randomBytes(16).toString("hex");
  return `::stop-commands::${token}\n${text}\n::${token}::`;
}
