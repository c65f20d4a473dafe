import type { Finding, Severity } from "../base/finding.ts";

/** What is kept of a finding that was told. */
export type Told = Pick<
  Finding,
  "fingerprint" | "severity" | "rule" | "message" | "integration" | "version" | "environment" | "endpoint"
>;

/** The least severity that is told; what could not be judged is never told. */
export type Least = "error" | "warning" | "info";

/** What has changed since people were told last. */
export interface Changes {
  /** Findings that are new, or more severe than when they were told. */
  appeared: readonly Finding[];
  /** What was told and is no more, where the run could see that. */
  gone: readonly Told[];
  /** What people know once they are told this. */
  told: readonly Told[];
}

export interface Seen {
  /** What counts now; under a waiver included. */
  findings: readonly Finding[];
  /** Whether the run looked at what a finding was about, and got an answer. */
  judged(told: Told): boolean;
}

const RANK: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1, inconclusive: 0 };

/** What is worth telling: at or above the least severity, not waived, and known. */
export function worthTelling(findings: readonly Finding[], least: Least): Finding[] {
  return findings.filter(({ severity, waiver }) => waiver === undefined && RANK[severity] >= RANK[least]);
}

function keep({
  fingerprint,
  severity,
  rule,
  message,
  integration,
  version,
  environment,
  endpoint,
}: Finding): Told {
  return {
    fingerprint,
    severity,
    rule,
    message,
    ...(integration === undefined ? {} : { integration }),
    ...(version === undefined ? {} : { version }),
    ...(environment === undefined ? {} : { environment }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/**
 * Compares what a run found with what was told before. A finding is told once, and again when it becomes more severe; that it
 * is gone is told where the run looked: an outage makes nothing well.
 */
export function changesSince(before: readonly Told[], { findings, judged }: Seen, least: Least): Changes {
  const known = new Map(before.map((one) => [one.fingerprint, one]));
  const current = worthTelling(findings, least);
  const now = new Set(current.map(({ fingerprint }) => fingerprint));
  const waived = new Set(findings.flatMap(({ waiver, fingerprint }) => (waiver ? [fingerprint] : [])));
  const absent = before.filter(({ fingerprint }) => !now.has(fingerprint) && !waived.has(fingerprint));
  const gone = absent.filter(judged);
  const left = absent.filter((one) => !gone.includes(one));
  return {
    appeared: current.filter(({ fingerprint, severity }) => {
      const was = known.get(fingerprint);
      return was === undefined || RANK[severity] > RANK[was.severity];
    }),
    gone,
    told: [...left, ...current.map(keep)],
  };
}
