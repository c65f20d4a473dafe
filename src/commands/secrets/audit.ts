import type { Context } from "../../base/context.ts";
import { type Finding, finding } from "../../base/finding.ts";
import type { Result } from "../../base/result.ts";
import { neutralize, plural } from "../../base/text.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import { rememberedProject } from "../../config/remembered.ts";
import { resolveEnvironment } from "../../config/targets.ts";
import { renderTable } from "../../report/table.ts";
import type { ChainVerdict } from "../../secrets/audit/chain.ts";
import { AUDIT_FILE, readAudit } from "../../secrets/audit/log.ts";
import { rotationReport, rotationsIn } from "../../secrets/audit/rotations.ts";
import { SECRET_RULES } from "../../secrets/rules.ts";

export interface AuditOptions {
  env: string | undefined;
  verify: boolean | undefined;
  format: string | undefined;
  limit: number;
}

function findingsOf({ broken }: ChainVerdict): Finding[] {
  if (!broken) return [];
  const { id, severity } = SECRET_RULES.auditBroken;
  return [
    finding({
      rule: id,
      severity,
      message: `The audit log is not what was written, from line ${broken.line} on: ${broken.reason}`,
      help: `compare ${AUDIT_FILE} with a backup; what stands before that line is intact`,
      location: { file: AUDIT_FILE, line: broken.line, column: 1 },
    }),
  ];
}

/** Shows who did what with secrets, latest first; `--verify` proves that nothing in the log was changed. */
export async function run(options: AuditOptions, ctx: Context): Promise<Result> {
  const project = await rememberedProject(ctx);
  if (options.env !== undefined) resolveEnvironment(project, options.env);
  const verdict = await readAudit(project, ctx);
  const found = findingsOf(verdict);
  const findings = applyRuleSeverities(found, project.config.rules);
  const { head } = verdict;
  const asked = verdict.entries.filter(
    ({ environment }) => options.env === undefined || environment === options.env,
  );
  const entries = asked.toReversed().slice(0, options.limit);
  const state = verdict.broken
    ? found.map(({ message }) => message).join("")
    : `${plural(head.seq, "entry", "entries")}, unbroken; the last is ${head.hash.slice(0, 16)}`;
  return {
    findings: options.verify || verdict.broken ? findings : [],
    data: { intact: !verdict.broken, head, entries, rotations: rotationsIn(asked) },
    text: ({ style, columns }) => {
      if (options.format === "markdown") {
        return `${rotationReport(rotationsIn(asked), project.config.project)}\n\nThe log: ${state}.`;
      }
      if (options.verify) return verdict.broken ? style.red(state) : style.green(state);
      const rows = entries.map((e) => [
        e.at.slice(0, 19).replace("T", " "),
        neutralize(e.actor),
        e.detail === undefined ? e.action : neutralize(`${e.action} ${e.detail}`),
        e.environment,
        e.secrets.length > 3 ? plural(e.secrets.length, "secret") : e.secrets.join(", "),
      ]);
      const table = renderTable(["When (UTC)", "Who", "What", "Environment", "Secrets"], rows, {
        style,
        columns,
      });
      const warning = verdict.broken ? `\n${style.red(state)}` : "";
      return entries.length === 0 ? `Nothing was done with secrets here yet${warning}` : `${table}${warning}`;
    },
  };
}
