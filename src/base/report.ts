import { compareFindings, type Finding } from "./finding.ts";

/** How many findings of each severity; waived ones are counted apart and in no other field. */
export interface Summary {
  errors: number;
  warnings: number;
  infos: number;
  inconclusive: number;
  waived: number;
}

/** The document that `--json` prints and the library functions return. */
export interface Report {
  report: "integ/1";
  command: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  summary: Summary;
  findings: Finding[];
  [data: string]: unknown;
}

export function summarize(findings: readonly Finding[]): Summary {
  const summary: Summary = { errors: 0, warnings: 0, infos: 0, inconclusive: 0, waived: 0 };
  for (const { severity, waiver } of findings) {
    if (waiver) summary.waived++;
    else if (severity === "error") summary.errors++;
    else if (severity === "warning") summary.warnings++;
    else if (severity === "info") summary.infos++;
    else summary.inconclusive++;
  }
  return summary;
}

/** Builds the report document: findings sorted, summary counted, the command's own `data` beside them. */
export function buildReport(input: {
  command: string;
  /** Epoch milliseconds. */
  startedAt: number;
  durationMs: number;
  findings: readonly Finding[];
  data?: Record<string, unknown> | undefined;
}): Report {
  const findings = [...input.findings].sort(compareFindings);
  return {
    report: "integ/1",
    command: input.command,
    startedAt: new Date(input.startedAt).toISOString(),
    durationMs: Math.round(input.durationMs),
    summary: summarize(findings),
    findings,
    ...input.data,
  };
}
