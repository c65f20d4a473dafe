import type { Finding } from "../../base/finding.ts";
import type { Report } from "../../base/report.ts";

/** What a report says about a rule besides its findings. */
export interface RuleInfo {
  id: string;
  summary: string;
  /** What to do when it comes up. */
  help?: string;
}

/** A place as other tools want it: relative to the repository's root, with forward slashes. */
export interface Place {
  path: string;
  line: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
}

/** Everything a reporter may use; it gives text and touches nothing. */
export interface ReportView {
  report: Report;
  /** Of integ. */
  version: string;
  /** Whose report it is, where several stand side by side: `shop (prod)`. */
  subject?: string;
  rules: ReadonlyMap<string, RuleInfo>;
  /** Where to show a finding: its own place, or the line of the manifest that declares its endpoint. */
  place(finding: Finding): Place | undefined;
  /** Text of a file that a finding's `location` names, where it can be read. */
  source?(file: string): string | undefined;
}

/** A format for other tools. */
export interface Reporter {
  name: string;
  render(view: ReportView): string;
}

/** What still counts: not under a waiver. */
export function open({ report }: ReportView): Finding[] {
  return report.findings.filter(({ waiver }) => waiver === undefined);
}

/** `stripe@v1/get-balance (prod)`, as far as the finding says. */
export function subjectText({ integration, version, environment, endpoint }: Finding): string {
  const at = version === undefined ? "" : `@${version}`;
  const name = integration === undefined ? (endpoint ?? "project") : `${integration}${at}`;
  const rest = integration === undefined || endpoint === undefined ? "" : `/${endpoint}`;
  return `${name}${rest}${environment === undefined ? "" : ` (${environment})`}`;
}

/** What a finding says, with the path it is about where the sentence does not name it. */
export function sentenceOf({ message, path }: Finding): string {
  return path === undefined || message.includes(path) ? message : `${message} at ${path}`;
}
