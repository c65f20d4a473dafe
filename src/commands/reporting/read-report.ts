import { readFile } from "node:fs/promises";
import { ConfigError } from "../../base/errors.ts";
import type { Finding } from "../../base/finding.ts";
import { reportSchema } from "../../report/published.ts";

/** A finding as a report's file holds it: only what other commands use of it. */
export type ReportedFinding = Pick<Finding, "rule" | "severity" | "message" | "fingerprint"> &
  Partial<Record<"integration" | "version" | "environment" | "endpoint" | "path", string | undefined>>;

/**
 * Reads the findings of a report that `--json` or `--reporter json=FILE` wrote.
 * @throws ConfigError `report/unreadable`
 */
export async function readReport(file: string, shown: string): Promise<ReportedFinding[]> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(shown, reason, error);
  }
  const parsed = reportSchema.safeParse(document);
  if (parsed.success) return parsed.data.findings;
  const [issue] = parsed.error.issues;
  throw unreadable(shown, `${issue?.path.join(".") || "it"}: ${issue?.message ?? "not a report"}`);
}

function unreadable(shown: string, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`${shown} is no report of integ: ${reason}`, {
    code: "report/unreadable",
    hint: "write one with `integ check --reporter json=FILE`",
    cause,
  });
}
