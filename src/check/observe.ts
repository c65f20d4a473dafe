import type { Clock } from "../base/context.ts";
import type { Target } from "../config/project.ts";
import type { HttpClient, HttpRequest, Limits } from "../http/exchange.ts";
import { isTransient, type Reading, readExchange } from "./availability.ts";
import { CHECK_RULES } from "./rules.ts";

/** What was seen of a target. */
export interface Observation {
  target: Target;
  /** One per sample, in the order of sending. */
  readings: readonly Reading[];
  /** How many samples answered only when asked again. */
  flaky: number;
}

export interface ObserveOptions {
  http: HttpClient;
  clock: Pick<Clock, "sleep" | "now">;
  signal: AbortSignal;
  samples: number;
  limits: Partial<Limits>;
}

/** Milliseconds before the second and the third attempt. */
const PAUSES = [300, 1500];
/** A `Retry-After` beyond this many seconds is not waited for: the run says inconclusive instead. */
const LONGEST_WAIT_SECONDS = 10;

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
  if (reading.rule === CHECK_RULES.rateLimited) return asked;
  if (!isTransient(reading)) return undefined;
  // A deadline that passed once was long enough to be patient; ask once more only.
  if (reading.exchange.failure?.kind === "timeout" && attempt > 0) return undefined;
  return asked ?? own;
}

async function sample(target: Target, request: HttpRequest, options: ObserveOptions) {
  const { http, clock, signal, limits } = options;
  for (let attempt = 0; ; attempt++) {
    const reading = readExchange(target, await http.exchange(request, { limits, signal }));
    const pause = signal.aborted ? undefined : pauseAfter(reading, attempt, clock.now());
    if (pause === undefined) return { reading, attempts: attempt + 1 };
    await clock.sleep(pause, signal).catch(() => {});
    if (signal.aborted) return { reading, attempts: attempt + 1 };
  }
}

/**
 * Sends a target's request once per sample, one after the other. What fails for a passing reason is asked again, at most
 * twice and never against `Retry-After`; after a sample that failed for good the rest is not sent.
 */
export async function observe(
  target: Target,
  request: HttpRequest,
  options: ObserveOptions,
): Promise<Observation> {
  const readings: Reading[] = [];
  let flaky = 0;
  for (let count = 0; count < options.samples && !options.signal.aborted; count++) {
    const { reading, attempts } = await sample(target, request, options);
    readings.push(reading);
    if (reading.kind === "unusable") break;
    if (attempts > 1) flaky++;
  }
  return { target, readings, flaky };
}
