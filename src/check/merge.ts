import { compareFindings, compareText, type Finding } from "../base/finding.ts";

/** What a report of a part holds. */
export interface Part {
  findings: readonly Finding[];
  endpoints: readonly Readonly<Record<string, unknown>>[];
}

const keyOf = (endpoint: Readonly<Record<string, unknown>>) =>
  ["integration", "version", "environment", "endpoint"].map((name) => String(endpoint[name] ?? "")).join("\u0000");

/**
 * Joins the reports of parts into that of the whole: each finding and each endpoint once, the later part's where several hold
 * it. A waiver that one part found unused is unused only where every part says so: the others may have been covered by it.
 */
export function mergeParts(parts: readonly Part[]): Part {
  const findings = new Map<string, Finding>();
  const times = new Map<string, number>();
  for (const part of parts) {
    for (const finding of part.findings) {
      findings.set(finding.fingerprint, finding);
      times.set(finding.fingerprint, (times.get(finding.fingerprint) ?? 0) + 1);
    }
  }
  const joined = [...findings.values()].filter(
    ({ rule, fingerprint }) => rule !== "check/waiver-unused" || times.get(fingerprint) === parts.length,
  );
  const endpoints = new Map(parts.flatMap((part) => part.endpoints.map((one) => [keyOf(one), one] as const)));
  return {
    findings: joined.sort(compareFindings),
    endpoints: [...endpoints].sort(([a], [b]) => compareText(a, b)).map(([, endpoint]) => endpoint),
  };
}
