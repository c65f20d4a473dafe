import type { Clock } from "../base/context.ts";
import { type Finding, finding } from "../base/finding.ts";
import { plural } from "../base/text.ts";
import type { Target } from "../config/project.ts";
import { mayBeAsked } from "../config/targets.ts";
import type { Limits } from "../http/exchange.ts";
import { type EndpointReport, toReport } from "../probe/json.ts";
import type { QuotaLedger } from "../probe/ledger.ts";
import type { Part } from "./parts.ts";
import type { SharedQuotas } from "./quota/shared.ts";
import type { Rooms } from "./rooms.ts";
import { CHECK_RULES } from "./rules.ts";
import { judgeAvailability, type Reading, type Subject, subjectOf } from "./seen/availability.ts";
import { type Observation, observe } from "./seen/observe.ts";

/** `checked`: judged; `inconclusive`: no response to judge; `not-sent`: no request left. */
export type EndpointState = "checked" | "inconclusive" | "not-sent";

/** One entry of the report's `endpoints`: what a probe says of it, where one was made. */
export type CheckedEndpoint = Subject & { state: EndpointState } & Partial<EndpointReport>;

/** What is known of a target once it was its turn. */
export interface Checked {
  findings: readonly Finding[];
  endpoint: CheckedEndpoint;
}

/** What all targets of a run share. */
export interface Run {
  rooms: Rooms;
  options: { parts: ReadonlySet<Part>; samples: number; limits: Partial<Limits> };
  clock: Clock;
  signal: AbortSignal;
  ledger: QuotaLedger;
  /** What other processes use of the same quotas; absent where nobody else is asked. */
  shared?: SharedQuotas | undefined;
  /** Answers are taken for what they say they are until they are judged; needs whoever asks them again where they are not. */
  presume?: boolean;
}

function about(
  target: Target,
  rule: { id: string; severity: Finding["severity"] },
  text: { message: string; help?: string },
): Finding {
  return finding({ rule: rule.id, severity: rule.severity, ...text, ...subjectOf(target) });
}

function unsafe(target: Target): Finding {
  return about(target, CHECK_RULES.unsafeMethod, {
    message: `${target.endpoint.method} requests change something, so ${target.label} is not called`,
    help: `set \`unsafe: true\` on ${target.endpoint.name} if a check may send it`,
  });
}

/** What is left of a target for which no time was left. */
export function outOfTime(target: Target): Checked {
  const found = about(target, CHECK_RULES.outOfTime, {
    message: `The time was over before ${target.label} could be checked`,
    help: "allow more with --max-time, or check fewer targets",
  });
  return notSent(target, [found]);
}

/** What is left of a target whose workers died, one after the other. */
export function lost(target: Target): Checked {
  const found = about(target, CHECK_RULES.workerLost, {
    message: `Every worker that checked ${target.label} ended before it had`,
    help: "see what the workers said last: too little memory is the usual cause",
  });
  return notSent(target, [found]);
}

function notSent(target: Target, findings: readonly Finding[]): Checked {
  return { findings, endpoint: row(target, "not-sent") };
}

function flaky({ target, flaky: count, readings }: Observation): Finding[] {
  if (count === 0) return [];
  const message = `${target.label} answered only when asked again, in ${count} of ${plural(readings.length, "sample")}`;
  return [about(target, CHECK_RULES.flaky, { message })];
}

function row(target: Target, state: EndpointState, observation?: Observation): CheckedEndpoint {
  const { probed } = observation ?? {};
  return Object.assign(probed ? toReport(probed) : {}, subjectOf(target), { state });
}

/** What the schema that reads a target's response has to be asked about. */
function valuesFor({ endpoint }: Target, readings: readonly Reading[]): unknown[] {
  if (endpoint.consumer === undefined) return [];
  return readings.flatMap((reading) =>
    reading.kind === "usable" && reading.body.kind === "json" ? [reading.body.value] : [],
  );
}

async function judge(observation: Observation, rooms: Rooms, parts: ReadonlySet<Part>): Promise<Finding[]> {
  const { target, readings } = observation;
  const findings = [...judgeAvailability(target, readings), ...flaky(observation)];
  if (parts.has("probe") && observation.probed) findings.push(...rooms.probe(observation.probed));
  if (parts.has("contract")) {
    const drift = await rooms.contract(observation);
    findings.push(...(await rooms.consult.impact(target, drift, valuesFor(target, readings))));
  }
  return findings;
}

async function checkConfiguration(target: Target, { rooms, options }: Run): Promise<Finding[]> {
  if (!options.parts.has("config")) return [];
  return [...(await rooms.configuration(target)), ...(await rooms.consult.configuration(target))];
}

/**
 * What was seen of a target, or all that there is to say where nothing was.
 * @param before what was presumed, where that was wrong
 */
async function see(target: Target, run: Run, before?: Observation): Promise<Observation | Checked> {
  const { rooms, signal } = run;
  const { parts, samples, limits } = run.options;
  if (!parts.has("probe") && !parts.has("contract")) return notSent(target, []);
  if (!mayBeAsked(target.endpoint)) return notSent(target, [unsafe(target)]);
  if (signal.aborted) return outOfTime(target);
  const request = await rooms.request(target);
  if ("blocked" in request) return notSent(target, request.blocked);
  const presume = run.presume === true && samples === 1 && parts.has("contract");
  const settings = { ...run, http: rooms.http, samples, limits, presume };
  const observation = await observe(target, request, settings, before);
  const usable = observation.readings.some(({ kind }) => kind === "usable");
  return signal.aborted && !usable ? outOfTime(target) : observation;
}

async function judgeSeen(seen: Observation | Checked, { rooms, options }: Run): Promise<Checked> {
  if ("endpoint" in seen) return seen;
  const usable = seen.readings.some(({ kind }) => kind === "usable");
  const findings = await judge(seen, rooms, options.parts);
  return { findings, endpoint: row(seen.target, usable ? "checked" : "inconclusive", seen) };
}

/** A target whose provider has answered; what the answer means is still to be said. */
export interface Asked {
  /** @throws NotJsonError where an answer was taken for JSON that is none: the target has to be asked `again` */
  judge(): Promise<Checked>;
  /** Reads the answer as it is, and goes on as with any that is not usable. */
  again(): Promise<Asked>;
}

/**
 * Asks for one target: its configuration, and one exchange (or one per sample) that probe, contract and consumer schema all
 * judge. The request leaves at once: loading our schemas and waiting for the provider take the same time.
 */
export async function askTarget(target: Target, run: Run): Promise<Asked> {
  const [config, seen] = await Promise.all([checkConfiguration(target, run), see(target, run)]);
  return asked(seen);

  function asked(live: Observation | Checked): Asked {
    return {
      judge: async () => {
        const { findings, endpoint } = await judgeSeen(live, run);
        return { endpoint, findings: [...config, ...findings] };
      },
      again: async () =>
        asked(await see(target, { ...run, presume: false }, "endpoint" in live ? undefined : live)),
    };
  }
}

/** Asks for one target and judges the answer. */
export async function checkTarget(target: Target, run: Run): Promise<Checked> {
  return (await askTarget(target, run)).judge();
}
