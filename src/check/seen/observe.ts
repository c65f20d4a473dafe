import type { Clock } from "../../base/context.ts";
import type { Target } from "../../config/project.ts";
import type { Exchange, HttpClient, HttpRequest, Limits } from "../../http/exchange.ts";
import type { QuotaLedger } from "../../probe/ledger.ts";
import type { ProbeResult } from "../../probe/result.ts";
import { probe } from "../../probe/run.ts";
import { subjectOfTarget } from "../../probe/subject.ts";
import type { SharedQuotas } from "../quota/shared.ts";
import { CHECK_RULES } from "../rules.ts";
import { isTransient, type Reading, readExchange } from "./availability.ts";

/** What was seen of a target. */
export interface Observation {
  target: Target;
  /** One per sample, in the order of sending. */
  readings: readonly Reading[];
  /** How many samples answered only when asked again. */
  flaky: number;
  /** The same exchanges as the probe room measured them; absent where nothing was sent. */
  probed?: ProbeResult;
}

export interface ObserveOptions {
  http: HttpClient;
  clock: Clock;
  signal: AbortSignal;
  /** What is left of the providers' quotas, for the whole run. */
  ledger: QuotaLedger;
  /** What other processes use of the same quotas. */
  shared?: SharedQuotas | undefined;
  samples: number;
  limits: Partial<Limits>;
}

/** Milliseconds before the second and the third attempt. */
const PAUSES = [300, 1500];
/** A `Retry-After` beyond this many seconds is not waited for: the run says inconclusive instead. */
const LONGEST_WAIT_SECONDS = 10;
const DEADLINE_MS = 30_000;

/** How long the provider asks to wait, in milliseconds; undefined where it does not, or asks too much. */
function askedPause({ exchange }: Reading, now: number): number | undefined {
  const text = exchange.response?.headers["retry-after"];
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text.trim()) ? Number(text) : (Date.parse(text) - now) / 1000;
  return seconds >= 0 && seconds <= LONGEST_WAIT_SECONDS ? seconds * 1000 : undefined;
}

/** Milliseconds until the next attempt; undefined where asking again is pointless or impolite. */
function pauseAfter(reading: Reading, attempt: number, now: number): number | undefined {
  const own = PAUSES[attempt];
  if (reading.kind === "usable" || own === undefined) return undefined;
  const asked = askedPause(reading, now);
  if (reading.rule === CHECK_RULES.throttled) return asked;
  if (!isTransient(reading)) return undefined;
  // A deadline that passed once was long enough to be patient; ask once more only.
  if (reading.exchange.failure?.kind === "timeout" && attempt > 0) return undefined;
  return asked ?? own;
}

interface Attempt {
  probed: ProbeResult;
  /** Absent where the quota's reserve forbids to ask. */
  reading?: Reading;
}

/** One exchange through the probe room, which asks the quota ledger first; the body is kept for the contract. */
async function attempt(target: Target, request: HttpRequest, options: ObserveOptions): Promise<Attempt> {
  const { http, clock, signal, ledger, shared, limits } = options;
  let seen: Exchange | undefined;
  const client: HttpClient = {
    exchange: async (sent, settings) => {
      seen = await http.exchange(sent, settings);
      return seen;
    },
    close: () => http.close(),
  };
  const deadlineMs = limits.deadlineMs ?? request.deadlines?.deadlineMs ?? DEADLINE_MS;
  const timing = { samples: 1, cold: 0, limits: { ...limits, deadlineMs }, pauseMs: 0 };
  const deps = { client, clock, ledger, signal, random: () => 0.5 };
  const subject = subjectOfTarget(target, request);
  const send = () => probe(subject, timing, deps);
  const { quotaKey: key, reserve } = subject;
  const probed = await (shared ? shared.around({ key, reserve, ledger }, send) : send());
  return { probed, ...(seen ? { reading: readExchange(target, seen) } : {}) };
}

/** Attempts until one is usable, or asking again is pointless. */
async function sample(target: Target, request: HttpRequest, options: ObserveOptions) {
  const { clock, signal } = options;
  for (let count = 0; ; count++) {
    const last = await attempt(target, request, options);
    const pause = last.reading && !signal.aborted ? pauseAfter(last.reading, count, clock.now()) : undefined;
    if (pause === undefined) return { ...last, attempts: count + 1 };
    await clock.sleep(pause, signal);
  }
}

/** The probe's view of all samples: measurements joined, everything else as the last answer has it. */
function join(before: ProbeResult | undefined, next: ProbeResult, wanted: number): ProbeResult {
  return { ...before, ...next, samples: [...(before?.samples ?? []), ...next.samples], wanted };
}

/**
 * Sends a target's request once per sample, one after the other. What fails for a passing reason is asked again, at most
 * twice and never against `Retry-After`; after a sample that failed for good, or at the quota's reserve, the rest is not
 * sent. An abort ends it with what there is.
 */
export async function observe(
  target: Target,
  request: HttpRequest,
  options: ObserveOptions,
): Promise<Observation> {
  const readings: Reading[] = [];
  let flaky = 0;
  let probed: ProbeResult | undefined;
  try {
    for (let count = 0; count < options.samples && !options.signal.aborted; count++) {
      const result = await sample(target, request, options);
      probed = join(probed, result.probed, options.samples);
      if (result.reading) readings.push(result.reading);
      if (result.reading?.kind !== "usable") break;
      if (result.attempts > 1) flaky++;
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
  return { target, readings, flaky, ...(probed ? { probed } : {}) };
}
