import type { Clock } from "../base/context.ts";
import { compareFindings, type Finding, finding } from "../base/finding.ts";
import { plural } from "../base/text.ts";
import type { Environment, Integration, Project, Target } from "../config/project.ts";
import type { HttpClient, HttpRequest, Limits } from "../http/exchange.ts";
import { type EndpointReport, toReport } from "../probe/json.ts";
import { QuotaLedger } from "../probe/ledger.ts";
import type { ProbeResult } from "../probe/result.ts";
import { judgeAvailability, type Subject, subjectOf } from "./availability.ts";
import type { Consult } from "./consumer/consult.ts";
import { type Observation, observe } from "./observe.ts";
import { applyRuleSeverities } from "./overrides.ts";
import { CHECK_RULES } from "./rules.ts";
import { runBounded } from "./schedule.ts";
import { applyWaivers, type Covered } from "./waivers.ts";

/** What a check can look at. */
export const PARTS = ["config", "secrets", "probe", "contract"] as const;
export type Part = (typeof PARTS)[number];

/** What the check asks of other rooms; each answers with findings and never rejects for what a provider did. */
export interface Rooms {
  http: HttpClient;
  consult: Consult;
  /** The request with its credentials, or why it cannot be made. */
  request(target: Target): Promise<HttpRequest | { blocked: readonly Finding[] }>;
  secrets(environment: Environment, integrations: readonly Integration[]): Promise<readonly Finding[]>;
  probe(probed: ProbeResult): readonly Finding[];
  contract(observation: Observation): Promise<readonly Finding[]>;
  configuration(target: Target): Promise<readonly Finding[]>;
  /** The findings of all targets, with the lines of the codebase that read what they are about. */
  readers(
    findings: readonly Finding[],
    targets: readonly Target[],
    signal: AbortSignal,
  ): Promise<readonly Finding[]>;
}

export interface CheckOptions {
  parts: ReadonlySet<Part>;
  samples: number;
  limits: Partial<Limits>;
  /** Milliseconds for the whole run. */
  maxTimeMs?: number;
  /** At most so many exchanges at once with one host, and altogether. */
  concurrency?: { perHost: number; total: number };
  /** Whether every target of the project is checked: only then may a waiver without target be unused. */
  everything: boolean;
  /** The run is one of several that share the work: no waiver is unused, for the others may need it. */
  part?: boolean;
  /** What was found about the project as a whole; counted where the configuration is looked at. */
  project?: readonly Finding[];
  signal: AbortSignal;
  /** Told after each target. */
  progress?: (done: number, total: number, target: Target) => void;
}

/** `checked`: judged; `inconclusive`: no response to judge; `not-sent`: no request left. */
export type EndpointState = "checked" | "inconclusive" | "not-sent";

/** One entry of the report's `endpoints`: what a probe says of it, where one was made. */
export type CheckedEndpoint = Subject & { state: EndpointState } & Partial<EndpointReport>;

export interface CheckResult {
  findings: Finding[];
  endpoints: CheckedEndpoint[];
}

interface Checked {
  findings: readonly Finding[];
  endpoint: CheckedEndpoint;
}

const CONCURRENCY = { perHost: 4, total: 16 };
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

function about(
  target: Target,
  rule: { id: string; severity: Finding["severity"] },
  text: { message: string; help?: string },
): Finding {
  return finding({ rule: rule.id, severity: rule.severity, ...text, ...subjectOf(target) });
}

const changesSomething = ({ endpoint }: Target) =>
  !SAFE_METHODS.has(endpoint.method.toUpperCase()) && !endpoint.unsafe;

function unsafe(target: Target): Finding {
  return about(target, CHECK_RULES.unsafeMethod, {
    message: `${target.endpoint.method} requests change something, so ${target.label} is not called`,
    help: `set \`unsafe: true\` on ${target.endpoint.name} if a check may send it`,
  });
}

function outOfTime(target: Target): Finding {
  return about(target, CHECK_RULES.outOfTime, {
    message: `The time was over before ${target.label} could be checked`,
    help: "allow more with --max-time, or check fewer targets",
  });
}

function flaky({ target, flaky: count, readings }: Observation): Finding[] {
  if (count === 0) return [];
  const message = `${target.label} answered only when asked again, in ${count} of ${plural(readings.length, "sample")}`;
  return [about(target, CHECK_RULES.flaky, { message })];
}

function row(target: Target, state: EndpointState, observation?: Observation): CheckedEndpoint {
  const { probed } = observation ?? {};
  return { ...(probed ? toReport(probed) : {}), ...subjectOf(target), state };
}

async function judge(observation: Observation, rooms: Rooms, parts: ReadonlySet<Part>): Promise<Finding[]> {
  const { target, readings } = observation;
  const samples = readings.flatMap((reading) =>
    reading.kind === "usable" && reading.body.kind === "json" ? [reading.body.value] : [],
  );
  const findings = [...judgeAvailability(target, readings), ...flaky(observation)];
  if (parts.has("probe") && observation.probed) findings.push(...rooms.probe(observation.probed));
  if (parts.has("contract")) {
    const drift = await rooms.contract(observation);
    findings.push(...(await rooms.consult.impact(target, drift, samples)));
  }
  return findings;
}

/** What all targets of a run share. */
interface Run {
  rooms: Rooms;
  options: CheckOptions;
  clock: Clock;
  signal: AbortSignal;
  ledger: QuotaLedger;
}

async function checkConfiguration(target: Target, { rooms, options }: Run): Promise<Finding[]> {
  if (!options.parts.has("config")) return [];
  return [...(await rooms.configuration(target)), ...(await rooms.consult.configuration(target))];
}

async function checkLive(target: Target, run: Run): Promise<Checked> {
  const { rooms, signal } = run;
  const { parts, samples, limits } = run.options;
  const notSent = (findings: readonly Finding[]): Checked => ({
    findings,
    endpoint: row(target, "not-sent"),
  });
  if (!parts.has("probe") && !parts.has("contract")) return notSent([]);
  if (changesSomething(target)) return notSent([unsafe(target)]);
  if (signal.aborted) return notSent([outOfTime(target)]);
  const request = await rooms.request(target);
  if ("blocked" in request) return notSent(request.blocked);
  const observation = await observe(target, request, { ...run, http: rooms.http, samples, limits });
  const usable = observation.readings.some(({ kind }) => kind === "usable");
  if (signal.aborted && !usable) return notSent([outOfTime(target)]);
  const findings = await judge(observation, rooms, parts);
  return { findings, endpoint: row(target, usable ? "checked" : "inconclusive", observation) };
}

/** The request leaves at once: loading our schemas and waiting for the provider take the same time. */
async function checkTarget(target: Target, run: Run): Promise<Checked> {
  const [config, live] = await Promise.all([checkConfiguration(target, run), checkLive(target, run)]);
  return { ...live, findings: [...config, ...live.findings] };
}

/** Findings that several targets came to, such as one missing secret, count once. */
function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.toReversed().map((one) => [one.fingerprint, one])).values()];
}

function coverage(checked: readonly Checked[], options: CheckOptions): Covered {
  const judged = checked.map(({ endpoint }) => endpoint).filter(({ state }) => state === "checked");
  const rooms: Readonly<Record<string, Part>> = {
    secret: "secrets",
    contract: "contract",
    consumer: "contract",
    provider: "probe",
    config: "config",
  };
  return {
    rule: (id) => {
      const part = rooms[id.split("/")[0] ?? ""];
      return part === undefined || options.parts.has(part);
    },
    target: (text) => {
      if (options.part) return false;
      if (text === undefined) return options.everything && judged.length === checked.length;
      return judged.some(({ integration, version, endpoint }) =>
        [
          integration,
          `${integration}@${version}`,
          `${integration}/${endpoint}`,
          `${integration}@${version}/${endpoint}`,
        ].includes(text),
      );
    },
  };
}

function laneOf({ url }: Target): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/**
 * Checks targets in one pass: the configuration, the secrets' policy, and for each endpoint one exchange (or one per
 * sample) that probe, contract and consumer schema all judge. Rule severities and waivers of the configuration are
 * applied at the end; findings come out sorted.
 */
export async function runCheck(
  project: Project,
  targets: readonly Target[],
  rooms: Rooms,
  options: CheckOptions,
  clock: Clock,
): Promise<CheckResult> {
  const { perHost, total } = options.concurrency ?? CONCURRENCY;
  const deadline = options.maxTimeMs === undefined ? [] : [AbortSignal.timeout(options.maxTimeMs)];
  const signal = AbortSignal.any([options.signal, ...deadline]);
  const run: Run = { rooms, options, clock, signal, ledger: new QuotaLedger() };
  let done = 0;
  const checked = await runBounded(targets, laneOf, { perLane: perHost, total }, async (target) => {
    const result = await checkTarget(target, run);
    options.progress?.(++done, targets.length, target);
    return result;
  });
  options.signal.throwIfAborted();
  const secrets = options.parts.has("secrets") ? await judgeSecrets(targets, rooms) : [];
  const whole = options.parts.has("config") ? (options.project ?? []) : [];
  const live = await rooms.readers(
    checked.flatMap(({ findings }) => findings),
    targets,
    signal,
  );
  options.signal.throwIfAborted();
  const found = unique([...whole, ...secrets, ...live]);
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const judged = applyWaivers(applyRuleSeverities(found, project.config.rules), project.config.waivers, {
    today,
    covered: coverage(checked, options),
  });
  return { findings: judged.sort(compareFindings), endpoints: checked.map(({ endpoint }) => endpoint) };
}

async function judgeSecrets(targets: readonly Target[], rooms: Rooms): Promise<Finding[]> {
  const environments = new Map(targets.map(({ environment }) => [environment.name, environment]));
  const found: Finding[] = [];
  for (const environment of environments.values()) {
    const here = targets.filter((target) => target.environment.name === environment.name);
    const integrations = [...new Set(here.map(({ integration }) => integration))];
    found.push(...(await rooms.secrets(environment, integrations)));
  }
  return found;
}
