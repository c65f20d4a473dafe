import { EXIT, type ExitCode } from "./exit.ts";
import type { Finding, Severity } from "./finding.ts";

export type FailOn = "error" | "warning" | "info" | "never";

const FAILS: Readonly<Record<FailOn, readonly Severity[]>> = {
  error: ["error"],
  warning: ["error", "warning"],
  info: ["error", "warning", "info"],
  never: [],
};

/** 1 when a finding that is not waived is at or above `failOn`; else 3 when something stayed inconclusive; else 0. */
export function exitCodeOf(findings: readonly Finding[], failOn: FailOn): ExitCode {
  const open = findings.filter(({ waiver }) => !waiver);
  if (open.some(({ severity }) => FAILS[failOn].includes(severity))) return EXIT.findings;
  if (open.some(({ severity }) => severity === "inconclusive")) return EXIT.incomplete;
  return EXIT.ok;
}
