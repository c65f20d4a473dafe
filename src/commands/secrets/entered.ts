import type { Context } from "../../base/context.ts";
import type { Project } from "../../config/project.ts";
import { LEDGER_FILE, updateLedger } from "../../secrets/ledger.ts";

/**
 * Enters what the store holds now into the ledger. Where the file cannot be written (a read-only checkout, a full disk) the
 * deed is done all the same, and goes into the audit log: an error would say that it was not.
 */
export async function entered(
  project: Project,
  environment: string,
  changes: Parameters<typeof updateLedger>[2],
  ctx: Context,
): Promise<void> {
  try {
    await updateLedger(project, environment, changes, ctx);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    ctx.io.note(`warning: ${LEDGER_FILE} could not be written (${error.code})`);
  }
}
