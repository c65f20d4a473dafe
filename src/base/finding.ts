import type { Location } from "./errors.ts";

export const SEVERITIES = ["error", "warning", "info", "inconclusive"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing a command has to say. The shape of `findings[]` in every JSON report. */
export interface Finding {
  /** `contract/property-removed`, `secret/overdue`, `probe/budget-p95` … */
  rule: string;
  severity: Severity;
  /** One sentence: what changed, in the reader's words. */
  message: string;
  /** What to do next, as a command where there is one. */
  help?: string;
  integration?: string;
  version?: string;
  environment?: string;
  endpoint?: string;
  /** JSONPath (RFC 9535), wildcards for array items: `$.data[*].email`. */
  path?: string;
  before?: unknown;
  after?: unknown;
  evidence?: Record<string, unknown>;
  location?: Location;
  waiver?: { reason: string; until: string };
  /** Stable across runs and machines: 16 hex digits over rule, subject and path, never over values that vary. */
  fingerprint: string;
}

/**
 * Completes a finding with its fingerprint: SHA-256 over rule, integration, version, environment, endpoint, path and
 * `discriminator` (where several findings share all of these, such as two values added to one enum), first 16 hex digits.
 */
export function finding(parts: Omit<Finding, "fingerprint">, discriminator = ""): Finding {
  const subject = [
    parts.rule,
    parts.integration ?? "",
    parts.version ?? "",
    parts.environment ?? "",
    parts.endpoint ?? "",
    parts.path ?? "",
    discriminator,
  ];
  // Loaded with the first finding: what has none, such as help, starts a tenth sooner.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const fingerprint = createHash("sha256").update(subject.join("\u0000")).digest("hex").slice(0, 16);
  return { ...parts, fingerprint };
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, inconclusive: 2, info: 3 };

/** Most severe first, then by subject, path and rule: the same findings always come out in the same order. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    RANK[a.severity] - RANK[b.severity] ||
    compareText(a.integration, b.integration) ||
    compareText(a.version, b.version) ||
    compareText(a.environment, b.environment) ||
    compareText(a.endpoint, b.endpoint) ||
    compareText(a.path, b.path) ||
    compareText(a.rule, b.rule) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/** Orders by code unit, so that the order does not depend on the machine's locale. Absent comes first. */
export function compareText(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
