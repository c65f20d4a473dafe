import type { Context } from "../../base/context.ts";
import { SecretError } from "../../base/errors.ts";
import { type Finding, finding } from "../../base/finding.ts";
import { CHECK_RULES } from "../../check/rules.ts";
import { runBounded } from "../../check/schedule.ts";
import { judgeAvailability, type Reading, readExchange } from "../../check/seen/availability.ts";
import { observe } from "../../check/seen/observe.ts";
import { loadProject } from "../../config/load.ts";
import type { Project, Target } from "../../config/project.ts";
import { mayBeAsked, resolveTargets } from "../../config/targets.ts";
import { redirectOf, type Sample, subjectOf } from "../../contract/judge.ts";
import { createHttpClient } from "../../http/client.ts";
import type { HttpClient, HttpRequest } from "../../http/exchange.ts";
import { requestFor } from "../../http/request.ts";
import { QuotaLedger } from "../../probe/ledger.ts";
import { keepReplaced } from "../../secrets/replaced.ts";
import { requireSecrets, SecretSession } from "../../secrets/resolve.ts";

/** What was seen of a target. */
export interface Seen {
  target: Target;
  /** Answers that can be judged or recorded, in the order of sending. */
  samples: readonly Sample[];
  /** Why there are none, or fewer than asked for. */
  findings: readonly Finding[];
  /** A secret that the request needs is not to be had, or the provider does not accept it. */
  secretTrouble: boolean;
}

export interface LiveOptions {
  env: string | undefined;
  samples: number;
  timeout: number | undefined;
}

const BOUNDS = { total: 16, perLane: 2 };

/** The project around the user, and the targets that a command line names. */
export async function openTargets(
  names: readonly string[],
  { env }: { env: string | undefined },
  ctx: Context,
): Promise<{ project: Project; targets: Target[] }> {
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  return { project, targets: resolveTargets(project, names, { env }) };
}

/** Sends the requests of targets, a few hosts at once, and gives what came back; nothing rejects for what a provider did. */
export async function see(
  project: Project,
  targets: readonly Target[],
  options: LiveOptions,
  ctx: Context,
): Promise<Seen[]> {
  const http = createHttpClient({ env: ctx.env, clock: ctx.clock });
  const tools: Tools = { http, session: new SecretSession(project, ctx), ledger: new QuotaLedger() };
  const lane = ({ url }: Target) => (URL.canParse(url) ? new URL(url).host : url);
  try {
    const seen = await runBounded(targets, lane, BOUNDS, (target) => seeOne(target, tools, options, ctx));
    ctx.signal.throwIfAborted();
    return seen;
  } finally {
    await http.close();
  }
}

/** What all targets of a run share. */
interface Tools {
  http: HttpClient;
  session: SecretSession;
  ledger: QuotaLedger;
}

async function seeOne(
  target: Target,
  { http, session, ledger }: Tools,
  options: LiveOptions,
  ctx: Context,
): Promise<Seen> {
  const request = await requestOf(target, session);
  if ("blocked" in request) {
    return { target, samples: [], findings: [request.blocked], secretTrouble: true };
  }
  if (!mayBeAsked(target.endpoint)) {
    return { target, samples: [], findings: [unsafe(target, request.method)], secretTrouble: false };
  }
  const { readings } = await observe(target, request, {
    http,
    ledger,
    clock: ctx.clock,
    signal: ctx.signal,
    samples: options.samples,
    limits: options.timeout === undefined ? {} : { deadlineMs: options.timeout },
  });
  return {
    target,
    samples: readings.flatMap(toSample),
    findings: judgeAvailability(target, readings),
    secretTrouble: target.integration.auth.scheme !== "none" && readings.some(isRefusal),
  };
}

/** The provider, or the endpoint that gives out its tokens, does not accept the credential. */
function isRefusal(reading: Reading): boolean {
  if (reading.kind === "usable") return false;
  return reading.rule === CHECK_RULES.unauthorized || reading.exchange.failure?.kind === "auth";
}

async function requestOf(
  target: Target,
  session: SecretSession,
): Promise<HttpRequest | { blocked: Finding }> {
  try {
    const needed = target.integration.auth.scheme !== "none";
    const secrets = needed
      ? await requireSecrets(target.integration, target.environment, session)
      : new Map<string, string>();
    return requestFor(target, secrets, keepReplaced(session, target.integration, target.environment));
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    return {
      blocked: finding({
        rule: error.code,
        severity: "error",
        message: error.message,
        ...(error.hint === undefined ? {} : { help: error.hint }),
        ...subjectOf(target),
      }),
    };
  }
}

function unsafe(target: Target, method: string): Finding {
  return finding({
    rule: "contract/unsafe-method",
    severity: "inconclusive",
    message: `${method} may change something, and was not sent`,
    help: "`unsafe: true` at the endpoint in the manifest allows it",
    ...subjectOf(target),
  });
}

/** Every answer that a recording holds for a target, in place of the network: nothing is sent, and no secret is needed. */
export async function replay(target: Target, http: HttpClient): Promise<Seen> {
  const open = { ...target, integration: { ...target.integration, auth: { scheme: "none" } as const } };
  const request = requestFor(open, new Map());
  const readings: Reading[] = [];
  let exchange = await http.exchange(request);
  // The recording ends where it has no further answer: that is a failure only of an endpoint that had none.
  while (exchange.failure?.kind !== "aborted" || readings.length === 0) {
    readings.push(readExchange(target, exchange));
    if (exchange.failure?.kind === "aborted") break;
    exchange = await http.exchange(request);
  }
  return {
    target,
    // A recording has its redirects as exchanges of their own: where they led to is not known here.
    samples: readings.flatMap(toSample).map(({ redirect: _, ...sample }) => sample),
    findings: judgeAvailability(target, readings),
    secretTrouble: false,
  };
}

function toSample(reading: Reading): Sample[] {
  const { exchange } = reading;
  const { response } = exchange;
  if (reading.kind !== "usable" || !response) return [];
  const { status, headers } = response;
  return [{ status, headers, body: reading.body, redirect: redirectOf(exchange) }];
}
