import { type Finding, finding } from "../../base/finding.ts";
import type { Target } from "../../config/project.ts";
import { howToSet } from "../../config/secret-advice.ts";
import { type Body, readBody } from "../../http/body.ts";
import type { Exchange } from "../../http/exchange.ts";
import { FAILURE_RULES } from "../../probe/rules.ts";
import { CHECK_RULES, type CheckRule } from "../rules.ts";

/** What an exchange is good for: its body can be judged, or it says only that (and why) nothing can. */
export type Reading =
  | { kind: "usable"; exchange: Exchange; body: Body }
  | { kind: "unusable"; exchange: Exchange; rule: CheckRule; message: string; help?: string };

/** The names by which findings and reports call a target. */
export interface Subject {
  integration: string;
  version: string;
  environment: string;
  endpoint: string;
}

export function subjectOf({ integration, version, environment, endpoint }: Target): Subject {
  return {
    integration: integration.name,
    version: version.name,
    environment: environment.name,
    endpoint: endpoint.name,
  };
}

/** Statuses that the manifest calls a success; any 2xx where it names none. */
export function isExpected({ endpoint }: Target, status: number): boolean {
  const { status: expected } = endpoint.expect;
  return expected.length === 0 ? status >= 200 && status < 300 : expected.includes(status);
}

function hostOf({ request }: Exchange): string {
  return URL.canParse(request.url) ? new URL(request.url).host : request.url;
}

function unusable(exchange: Exchange, rule: CheckRule, message: string, help?: string): Reading {
  return { kind: "unusable", exchange, rule, message, ...(help === undefined ? {} : { help }) };
}

function credentialHelp({ integration, environment }: Target): string {
  const [secret] = integration.secrets;
  return secret
    ? howToSet(`${integration.name}/${secret.name}`, secret.env, environment)
    : `declare the credential under \`auth\` in ${integration.name}/integration.yaml`;
}

interface Verdict {
  of: (status: number) => boolean;
  rule: CheckRule;
  says: string;
  help?: (target: Target) => string;
}

const requestHelp = ({ endpoint, integration }: Target) =>
  `check \`request\` of ${endpoint.name} in ${integration.name}/integration.yaml`;

/** What a status means that the manifest does not expect; the first that fits. */
const VERDICTS: readonly Verdict[] = [
  {
    of: (status) => status === 401,
    rule: CHECK_RULES.unauthorized,
    says: "it does not accept the credential",
    help: credentialHelp,
  },
  {
    of: (status) => status === 402 || status === 403,
    rule: CHECK_RULES.forbidden,
    says: "the credential may not read this",
    help: () => "check the plan and the permissions of the credential",
  },
  {
    of: (status) => status === 404,
    rule: CHECK_RULES.notFound,
    says: "there is nothing at this address",
    help: requestHelp,
  },
  {
    of: (status) => status === 410,
    rule: CHECK_RULES.gone,
    says: "the endpoint no longer exists",
    help: ({ label }) => `move ${label} to the provider's newer API`,
  },
  {
    of: (status) => status === 429,
    rule: CHECK_RULES.throttled,
    says: "the quota is spent",
    help: ({ label }) => `integ probe ${label} shows the quota`,
  },
  { of: (status) => status >= 500, rule: CHECK_RULES.outage, says: "the provider is failing" },
  {
    of: (status) => status >= 400,
    rule: CHECK_RULES.clientError,
    says: "it refuses the request as it is",
    help: requestHelp,
  },
  { of: () => true, rule: CHECK_RULES.unexpectedStatus, says: "", help: requestHelp },
];

function readStatus(target: Target, exchange: Exchange, status: number): Reading {
  const verdict = VERDICTS.find(({ of }) => of(status));
  const rule = verdict?.rule ?? CHECK_RULES.unexpectedStatus;
  const expected = target.endpoint.expect.status.join(" or ") || "a 2xx status";
  const says = verdict?.says || `the manifest expects ${expected}`;
  return unusable(exchange, rule, `${hostOf(exchange)} answered ${status}: ${says}`, verdict?.help?.(target));
}

/** Reads what came back for a target, its body with `read`; never throws. */
export function readExchange(target: Target, exchange: Exchange, read = readBody): Reading {
  const { failure, response } = exchange;
  if (failure) return unusable(exchange, FAILURE_RULES[failure.kind], failure.message, failure.hint);
  if (!response) return unusable(exchange, FAILURE_RULES.protocol, `${hostOf(exchange)} gave no answer`);
  if (!isExpected(target, response.status)) return readStatus(target, exchange, response.status);
  const body = read(response);
  if (body.kind === "html") {
    return unusable(
      exchange,
      CHECK_RULES.html,
      `${hostOf(exchange)} answered ${response.status} with an HTML page`,
    );
  }
  if (body.kind === "invalid") {
    return unusable(exchange, CHECK_RULES.invalidJson, `The body from ${hostOf(exchange)} is ${body.reason}`);
  }
  return { kind: "usable", exchange, body };
}

const PASSING = new Set<CheckRule>([CHECK_RULES.outage, CHECK_RULES.html, CHECK_RULES.invalidJson]);

/** Whether asking again may help: the failure lies in the network or the provider's state, not in the request. */
export function isTransient(reading: Reading): boolean {
  if (reading.kind === "usable") return false;
  const { rule, exchange } = reading;
  if (exchange.failure?.kind === "aborted") return false;
  return exchange.failure !== undefined || PASSING.has(rule);
}

/** One finding for each kind of failure among a target's readings, with how many of them failed so. */
export function judgeAvailability(target: Target, readings: readonly Reading[]): Finding[] {
  const byRule = new Map<CheckRule, Extract<Reading, { kind: "unusable" }>[]>();
  for (const reading of readings) {
    if (reading.kind === "unusable") byRule.set(reading.rule, [...(byRule.get(reading.rule) ?? []), reading]);
  }
  return [...byRule].flatMap(([rule, failed]) => {
    const [first] = failed;
    if (!first) return [];
    const evidence = readings.length > 1 ? { failed: failed.length, samples: readings.length } : undefined;
    return [
      finding({
        rule: rule.id,
        severity: rule.severity,
        message: first.message,
        ...subjectOf(target),
        ...(evidence ? { evidence } : {}),
        ...(first.help === undefined ? {} : { help: first.help }),
      }),
    ];
  });
}
