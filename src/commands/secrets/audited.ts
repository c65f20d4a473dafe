import type { Context } from "../../base/context.ts";
import type { Project } from "../../config/project.ts";
import { type AuditEvent, recordAudit } from "../../secrets/audit/log.ts";

/**
 * Writes a deed into the audit log. Where the log cannot be written (a read-only checkout) the deed goes on, and says so:
 * a log must not keep an application from starting.
 */
export async function audited(project: Project, event: AuditEvent, ctx: Context): Promise<void> {
  try {
    await recordAudit(project, event, ctx);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    ctx.io.note(`warning: the audit log could not be written (${why})`);
  }
}
