import type { Body } from "../http/body.ts";
import type { Connection, ExchangeFailure, Hop, HttpResponse, Phases, TlsInfo } from "../http/exchange.ts";
import type { Quota, QuotaReading } from "../quota/quota.ts";
import type { Interval } from "./intervals.ts";
import type { Refusal } from "./ledger.ts";
import type { Notices } from "./notices.ts";
import type { LatencySummary } from "./statistics.ts";
import type { Subject } from "./subject.ts";

/** One measured exchange; its body is not kept. */
export interface Sample {
  /** Milliseconds. */
  totalMs: number;
  phases: Phases;
  cold: boolean;
  /** Epoch milliseconds. */
  startedAt: number;
  status?: number;
  failure?: ExchangeFailure;
  serverMs?: number;
}

/** Why sampling ended before its number was reached. */
export interface Stop extends Refusal {
  /** The provider refused this very request; otherwise it was us who held back. */
  throttled: boolean;
  /** It refused, and says that it may be asked again at once. */
  atOnce?: true;
}

/** Everything a probe of one subject brought. */
export interface ProbeResult {
  subject: Subject;
  samples: readonly Sample[];
  /** How many samples were wanted. */
  wanted: number;
  stop?: Stop;
  /** Of the last response. */
  last?: {
    status: number;
    body: Body["kind"];
    /** As the server wrote it. */
    contentType?: string | undefined;
    httpVersion: HttpResponse["httpVersion"];
    connection: Connection;
    hops: readonly Hop[];
  };
  reading?: QuotaReading;
  quotas: readonly Quota[];
  notices?: Notices;
  tls?: TlsInfo;
}

/** Latency of successful samples; cold and warm apart. */
export interface Latency {
  /** `warm` where connections were reused, else `cold`. */
  of: "warm" | "cold";
  summary: LatencySummary;
  cold: LatencySummary;
  warm: LatencySummary;
  /** Medians: dns, connect and tls over cold samples, the rest over those that `of` names. */
  phases: Phases;
  /** Where the true percentiles of `of` lie, with a confidence of 95 %. */
  intervals: { p50: Interval; p95: Interval };
  /** Samples of `of` beyond Q3 + 3 IQR, milliseconds: shown, never dropped. */
  outliers: { beyond: number; values: readonly number[] };
}
