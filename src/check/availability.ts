import { type Finding, finding } from "../base/finding.ts";
import type { Target } from "../config/project.ts";
import { type Body, readBody } from "../http/body.ts";
import type { Exchange } from "../http/exchange.ts";
import { CHECK_RULES, type CheckRule } from "./rules.ts";

/** What an exchange is good for: its body can be judged, or it says only that (and why) nothing can. */
export type Reading =
  | { kind: "usable"; exchange: Exchange; body: Body }
  | { kind: "unusable"; exchange: Exchange; rule: CheckRule; message: string; help?: string };

export function subjectOf({ integration, version, environment, endpoint }: Target) {
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

function readStatus(target: Target, exchange: Exchange, status: number): Reading {
  const host = hostOf(exchange);
  const answered = `${host} answered ${status}`;
  const { integration, environment } = target;
  if (status === 401) {
    const [secret] = integration.secrets;
    const help = secret
      ? `integ secrets set ${integration.name}/${secret.name} --env ${environment.name}`
      : `declare the credential under \`auth\` in ${integration.name}/integration.yaml`;
    return unusable(exchange, CHECK_RULES.refused, `${answered}: it does not accept the credential`, help);
  }
  if (status === 402 || status === 403) {
    return unusable(
      exchange,
      CHECK_RULES.forbidden,
      `${answered}: the credential may not read this`,
      "check the plan and the permissions of the credential",
    );
  }
  if (status === 410) {
    return unusable(
      exchange,
      CHECK_RULES.gone,
      `${answered}: the endpoint no longer exists`,
      `move ${target.label} to the provider's newer API`,
    );
  }
  if (status === 429) {
    return unusable(
      exchange,
      CHECK_RULES.rateLimited,
      `${answered}: the quota is spent`,
      `integ probe ${integration.name}/${target.endpoint.name} shows the quota`,
    );
  }
  if (status >= 500) return unusable(exchange, CHECK_RULES.outage, `${answered}: the provider is failing`);
  const expected = target.endpoint.expect.status.join(" or ") || "a 2xx status";
  return unusable(
    exchange,
    CHECK_RULES.unexpectedStatus,
    `${answered} where the manifest expects ${expected}`,
    `check \`request\` of ${target.endpoint.name} in ${integration.name}/integration.yaml`,
  );
}

/** Reads what came back for a target; never throws. */
export function readExchange(target: Target, exchange: Exchange): Reading {
  const { failure, response } = exchange;
  if (failure) return unusable(exchange, CHECK_RULES.unreachable, failure.message, failure.hint);
  if (!response) return unusable(exchange, CHECK_RULES.unreachable, `${hostOf(exchange)} gave no answer`);
  if (!isExpected(target, response.status)) return readStatus(target, exchange, response.status);
  const body = readBody(response);
  if (body.kind === "html") {
    return unusable(
      exchange,
      CHECK_RULES.notJson,
      `${hostOf(exchange)} answered ${response.status} with an HTML page`,
    );
  }
  if (body.kind === "invalid") {
    return unusable(exchange, CHECK_RULES.notJson, `The body from ${hostOf(exchange)} is ${body.reason}`);
  }
  return { kind: "usable", exchange, body };
}

/** Whether asking again may help: the failure lies in the network or the provider's state, not in the request. */
export function isTransient(reading: Reading): boolean {
  if (reading.kind === "usable") return false;
  const { rule, exchange } = reading;
  if (exchange.failure?.kind === "aborted") return false;
  return rule === CHECK_RULES.unreachable || rule === CHECK_RULES.outage || rule === CHECK_RULES.notJson;
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
