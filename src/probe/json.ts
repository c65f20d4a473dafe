import type { Body } from "../http/body.ts";
import type { Phases, TlsInfo } from "../http/exchange.ts";
import type { Quota } from "../quota/quota.ts";
import type { Interval } from "./intervals.ts";
import { latencyOf, succeeded } from "./latency.ts";
import type { Notices } from "./notices.ts";
import type { ProbeResult } from "./result.ts";
import type { LatencySummary } from "./statistics.ts";
import { namesOf } from "./subject.ts";

/** One entry of `endpoints` in `integ probe --json`. */
export interface EndpointReport {
  integration?: string;
  version?: string;
  environment?: string;
  /** The endpoint's name, or the URL that was probed. */
  endpoint: string;
  url: string;
  status?: number;
  /** As the server wrote it. */
  contentType?: string;
  /** What the last body turned out to be: `html` is a web page, `invalid` says it is JSON and is not. */
  body?: Body["kind"];
  samples: number;
  errors: number;
  latencyMs: {
    p50: number | null;
    p95: number | null;
    p99: number | null;
    max: number | null;
    phases: Phases;
    /** Which connections the figures above are of. */
    of: "warm" | "cold";
    cold: LatencySummary;
    warm: LatencySummary;
    /** Where the true percentile lies, with a confidence of 95 %; null: no bound on that side. */
    intervals: { p50: Interval; p95: Interval };
    /** How many samples lie beyond Q3 + 3 IQR. */
    outliers: number;
  };
  quotas: readonly Quota[];
  unrecognisedQuotaHeaders?: readonly string[];
  connection?: { httpVersion: string; remoteAddress?: string; family?: 4 | 6; alpn?: string; proxy?: string };
  redirects?: readonly { url: string; status: number; location: string }[];
  tls?: TlsInfo;
  deprecation?: Pick<Notices, "deprecatedAt" | "sunsetAt" | "message" | "links">;
  serverMs?: number;
}

/** Microseconds are the last digit that means anything. */
const round = (ms: number) => Math.round(ms * 1000) / 1000;

const roundKnown = (ms: number | null) => (ms === null ? null : round(ms));

const roundSummary = ({ n, min, p50, p95, p99, max }: LatencySummary): LatencySummary => ({
  n,
  min: roundKnown(min),
  p50: roundKnown(p50),
  p95: roundKnown(p95),
  p99: roundKnown(p99),
  max: roundKnown(max),
});

const roundInterval = ({ low, high }: Interval): Interval => ({
  low: roundKnown(low),
  high: roundKnown(high),
});

function roundPhases(phases: Phases): Phases {
  const rounded = { ...phases };
  let name: keyof Phases;
  for (name in rounded) rounded[name] = round(rounded[name] ?? 0);
  return rounded;
}

function deprecationOf({
  deprecated,
  deprecatedAt,
  sunsetAt,
  message,
  links,
}: Notices): EndpointReport["deprecation"] {
  if (!deprecated && sunsetAt === undefined) return undefined;
  return {
    ...(deprecatedAt ? { deprecatedAt } : {}),
    ...(sunsetAt ? { sunsetAt } : {}),
    ...(message ? { message } : {}),
    links,
  };
}

type Last = NonNullable<ProbeResult["last"]>;

function answerOf({
  status,
  contentType,
  body,
}: Last): Pick<EndpointReport, "status" | "contentType" | "body"> {
  return contentType === undefined ? { status, body } : { status, contentType, body };
}

function connectionOf({ httpVersion, connection }: Last): NonNullable<EndpointReport["connection"]> {
  const { reused: _reused, ...rest } = connection;
  return { httpVersion, ...rest };
}

function latencyMsOf(result: ProbeResult): EndpointReport["latencyMs"] {
  const { summary, phases, of, cold, warm, intervals, outliers } = latencyOf(result);
  return {
    p50: roundKnown(summary.p50),
    p95: roundKnown(summary.p95),
    p99: roundKnown(summary.p99),
    max: roundKnown(summary.max),
    phases: roundPhases(phases),
    of,
    cold: roundSummary(cold),
    warm: roundSummary(warm),
    intervals: { p50: roundInterval(intervals.p50), p95: roundInterval(intervals.p95) },
    outliers: outliers.values.length,
  };
}

/** What is optional is added field by field: where a check has a thousand reports, spreads cost as much as judging. */
export function toReport(result: ProbeResult): EndpointReport {
  const { subject, samples, last, tls, notices, reading } = result;
  const report: EndpointReport = Object.assign(
    namesOf(subject),
    { url: subject.url },
    last && answerOf(last),
    {
      samples: samples.length,
      errors: samples.filter((sample) => !succeeded(sample, subject.expectStatus)).length,
      latencyMs: latencyMsOf(result),
      quotas: result.quotas,
    },
  );
  if (reading && reading.unrecognised.length > 0) report.unrecognisedQuotaHeaders = reading.unrecognised;
  if (last) report.connection = connectionOf(last);
  if (last && last.hops.length > 0)
    report.redirects = last.hops.map(({ url, status, location }) => ({ url, status, location }));
  if (tls) report.tls = tls;
  const deprecation = notices && deprecationOf(notices);
  if (deprecation) report.deprecation = deprecation;
  if (notices?.serverMs !== undefined) report.serverMs = notices.serverMs;
  return report;
}
