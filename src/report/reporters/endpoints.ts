import type { Finding } from "../../base/finding.ts";
import type { ReportView } from "./reporter.ts";

/** An entry of the report's `endpoints`, as far as it says who it is and how it was. */
export interface EndpointEntry {
  subject: Partial<Pick<Finding, "integration" | "version" | "environment" | "endpoint">>;
  state?: string;
  /** Milliseconds. */
  p50?: number;
  p95?: number;
}

const NAMES = ["integration", "version", "environment", "endpoint"] as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function entryOf(entry: Readonly<Record<string, unknown>>): EndpointEntry {
  const subject = NAMES.flatMap((name) => {
    const value = entry[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  const latency = isRecord(entry.latencyMs) ? entry.latencyMs : {};
  const { p50, p95 } = latency;
  return {
    subject: Object.fromEntries(subject),
    ...(typeof entry.state === "string" ? { state: entry.state } : {}),
    ...(typeof p50 === "number" ? { p50 } : {}),
    ...(typeof p95 === "number" ? { p95 } : {}),
  };
}

/** What the report says of each endpoint; a command without them has none. */
export function endpointsOf({ report }: ReportView): EndpointEntry[] {
  const { endpoints } = report;
  return Array.isArray(endpoints) ? endpoints.filter(isRecord).map(entryOf) : [];
}
