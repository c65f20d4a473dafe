import { compareFindings, compareText, type Finding } from "../base/finding.ts";

/** What a report of a part holds. */
export interface Part {
  findings: readonly Finding[];
  endpoints: readonly Readonly<Record<string, unknown>>[];
}

const keyOf = (endpoint: Readonly<Record<string, unknown>>) =>
  ["integration", "version", "environment", "endpoint"]
    .map((name) => String(endpoint[name] ?? ""))
    .join("\u0000");

/** Joins the reports of parts into that of the whole: each finding and each endpoint once, the later part's where several hold it. */
export function mergeParts(parts: readonly Part[]): Part {
  const findings = new Map(
    parts.flatMap((part) => part.findings.map((one) => [one.fingerprint, one] as const)),
  );
  const endpoints = new Map(parts.flatMap((part) => part.endpoints.map((one) => [keyOf(one), one] as const)));
  return {
    findings: [...findings.values()].sort(compareFindings),
    endpoints: [...endpoints].sort(([a], [b]) => compareText(a, b)).map(([, endpoint]) => endpoint),
  };
}
