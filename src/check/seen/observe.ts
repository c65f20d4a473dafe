import type { Clock } from "../../base/context.ts";
import type { Target } from "../../config/project.ts";
import { presumeBody, readBody } from "../../http/body.ts";
import type { Exchange, HttpClient, HttpRequest, HttpResponse, Limits } from "../../http/exchange.ts";
import type { QuotaLedger } from "../../probe/ledger.ts";
import type { ProbeResult } from "../../probe/result.ts";
import { type Look, lookAt, probe } from "../../probe/run.ts";
import { subjectOfTarget } from "../../probe/subject.ts";
import { mayTellOfQuotaText } from "../../quota/body.ts";
import type { SharedQuotas } from "../quota/shared.ts";
import { CHECK_RULES } from "../rules.ts";
import { isExpected, isTransient, type Reading, readExchange } from "./availability.ts";

/** What was seen of a target. */
export interface Observation {
  target: Target;
  /** One per sample, in the order of sending. */
  readings: readonly Reading[];
  /** How many samples answered only when asked again. */
  flaky: number;
  /** How often the last sample was asked for. */
  attempts: number;
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
  /** Whoever judges the answers parses them, and tells where one is no JSON: here each is taken for what it says it is. */
  presume?: boolean | undefined;
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
  /** Which of its sample's attempts it is, from 0. */
  count: number;
  probed: ProbeResult;
  /** Absent where the quota's reserve forbids to ask. */
  reading?: Reading;
}

/** What a probe sees of a body that is parsed elsewhere. Where it may tell of quota it is read: the next request asks for that. */
function glanceAt(target: Target, response: HttpResponse): Look {
  if (!isExpected(target, response.status)) return lookAt(response);
  const body = presumeBody(response);
  return body.kind === "json" && mayTellOfQuotaText(body.text) ? lookAt(response) : { kind: body.kind };
}

/** One exchange through the probe room, which asks the quota ledger first; the body is kept for the contract. */
async function attempt(
  target: Target,
  request: HttpRequest,
  options: ObserveOptions,
  count: number,
): Promise<Attempt> {
  const { http, clock, signal, ledger, shared, limits, presume = false } = options;
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
  const look = presume ? (response: HttpResponse) => glanceAt(target, response) : lookAt;
  const deps = { client, clock, ledger, signal, random: () => 0.5, look };
  const subject = subjectOfTarget(target, request);
  const send = () => probe(subject, timing, deps);
  const { quotaKey: key, reserve } = subject;
  const probed = await (shared ? shared.around({ key, reserve, ledger }, send) : send());
  const read = presume ? presumeBody : readBody;
  return { count, probed, ...(seen ? { reading: readExchange(target, seen, read) } : {}) };
}

/** The last attempt of an observation, whose answer was presumed, with the answer read. */
function readAgain({ target, readings: [presumed], probed, attempts }: Observation): Attempt | undefined {
  if (!presumed || !probed) return undefined;
  const { exchange } = presumed;
  const { last } = probed;
  const kind = exchange.response && readBody(exchange.response).kind;
  return {
    count: attempts - 1,
    probed: last && kind ? { ...probed, last: { ...last, body: kind } } : probed,
    reading: readExchange(target, exchange),
  };
}

/** Attempts until one is usable, or asking again is pointless. @param made the last that was made already */
async function sample(
  target: Target,
  request: HttpRequest,
  options: ObserveOptions,
  made?: Attempt,
): Promise<Attempt> {
  const { clock, signal } = options;
  let last = made ?? (await attempt(target, request, options, 0));
  for (;;) {
    const { reading, count } = last;
    const pause = reading && !signal.aborted ? pauseAfter(reading, count, clock.now()) : undefined;
    if (pause === undefined) return last;
    await clock.sleep(pause, signal);
    last = await attempt(target, request, options, count + 1);
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
 * @param before an observation of one sample whose answer was presumed: it is read now, and asking goes on from there
 */
export async function observe(
  target: Target,
  request: HttpRequest,
  options: ObserveOptions,
  before?: Observation,
): Promise<Observation> {
  const readings: Reading[] = [];
  let made = before && readAgain(before);
  let flaky = 0;
  let attempts = 0;
  let probed: ProbeResult | undefined;
  try {
    for (let count = 0; count < options.samples && !options.signal.aborted; count++) {
      const result = await sample(target, request, options, made);
      made = undefined;
      attempts = result.count + 1;
      probed = join(probed, result.probed, options.samples);
      if (result.reading) readings.push(result.reading);
      if (result.reading?.kind !== "usable") break;
      if (attempts > 1) flaky++;
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
  return { target, readings, flaky, attempts, ...(probed ? { probed } : {}) };
}
