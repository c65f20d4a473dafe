import { type Finding, finding, type Severity } from "../base/finding.ts";
import { neutralize } from "../base/text.ts";
import { howToSet } from "../config/secret-advice.ts";
import type { ExchangeFailure } from "../http/exchange.ts";
import { succeeded } from "./latency.ts";
import type { ProbeResult, Stop } from "./result.ts";
import { FAILURE_RULES } from "./rules.ts";
import { namesOf, type Subject } from "./subject.ts";

/** A finding without its subject. */
export interface Verdict {
  rule: string;
  severity: Severity;
  message: string;
  help?: string;
}

function refusedCredential(status: number, { target }: Subject): Verdict {
  const rule = status === 401 ? "probe/unauthorized" : "probe/forbidden";
  if (!target || target.integration.auth.scheme === "none") {
    return { rule, severity: "warning", message: `${status}: it wants credentials, and none were sent` };
  }
  const { integration, environment } = target;
  const [secret] = integration.secrets;
  return status === 401
    ? {
        rule,
        severity: "error",
        message: `401: the credential for ${environment.name} was refused`,
        ...(secret && { help: howToSet(`${integration.name}/${secret.name}`, secret.env, environment) }),
      }
    : {
        rule,
        severity: "inconclusive",
        message: `403: the credential for ${environment.name} may not do this`,
        help: "look which permissions the key has at the provider",
      };
}

/** What a status means that was not expected: under each rule as severe as in a check. An outage is inconclusive, never breaking. */
function judgeStatus(status: number, subject: Subject): Verdict {
  if (status === 401 || status === 403) return refusedCredential(status, subject);
  if (status === 404) {
    const message = `404: there is nothing at ${subject.url}`;
    const help = "check the base URL and the path; the record that is asked for may have been deleted";
    return { rule: "probe/not-found", severity: "inconclusive", message, help };
  }
  if (status === 410) {
    const message = `410: the provider says that ${subject.url} no longer exists`;
    return { rule: "probe/gone", severity: "error", message, help: "move to the provider's newer API" };
  }
  if (status >= 500) {
    return {
      rule: "probe/server-error",
      severity: "inconclusive",
      message: `${status}: the provider has a failure of its own`,
    };
  }
  if (status >= 400) {
    return {
      rule: "probe/client-error",
      severity: "inconclusive",
      message: `${status}: the provider refuses the request as it is`,
    };
  }
  const expected = subject.expectStatus.length > 0 ? subject.expectStatus.join(" or ") : "2xx";
  return {
    rule: "probe/unexpected-status",
    severity: "inconclusive",
    message: `${status} instead of ${expected}`,
  };
}

function judgeBody(result: ProbeResult): Verdict | undefined {
  if (!result.subject.target || result.subject.request.method === "HEAD") return undefined;
  if (result.last?.body === "html") {
    return {
      rule: "probe/html",
      severity: "inconclusive",
      message: "it answers with a web page where data belongs",
      help: "check the base URL; a proxy or sign-in page may stand in between",
    };
  }
  if (result.last?.body === "invalid") {
    return {
      rule: "probe/invalid-json",
      severity: "inconclusive",
      message: "it says it answers JSON, and what it sends is not",
    };
  }
  return undefined;
}

function when({ until, atOnce }: Stop): string {
  if (atOnce) return "it says that it may be asked again at once";
  return until === undefined ? "it does not say until when" : `again from ${new Date(until).toISOString()}`;
}

/** Why sampling ended, as a finding's words. */
export function judgeStop(stop: Stop): Verdict {
  if (stop.throttled) {
    return {
      rule: "probe/throttled",
      severity: "inconclusive",
      message: `the provider's rate limit is used up; ${when(stop)}`,
    };
  }
  if (stop.reason === "retry-after") {
    return {
      rule: "probe/throttled",
      severity: "inconclusive",
      message: `the provider asked to wait; ${when(stop)}`,
    };
  }
  const { name = "", remaining, limit } = stop.quota ?? {};
  const { sent = 0 } = stop;
  const since =
    sent === 0
      ? "are left"
      : `were left, ${sent === 1 ? "1 request has" : `${sent} requests have`} gone since`;
  return {
    rule: "probe/quota-reserved",
    severity: "inconclusive",
    message: `not asked on: ${remaining} of ${limit} of the quota \`${neutralize(name)}\` ${since}, and the reserve is not touched; ${when(stop)}`,
    help: "--reserve, or quota.reserve in integ.config.yaml, says how much is left alone",
  };
}

/** What an exchange without an answer means. */
export function judgeFailure({ kind, message, hint }: ExchangeFailure): Verdict {
  const help = hint ? { help: hint } : {};
  const { id, severity } = FAILURE_RULES[kind];
  return { rule: id, severity, message, ...help };
}

function judgeFailures({ subject, samples }: ProbeResult): Verdict[] {
  const failed = samples.filter((sample) => !succeeded(sample, subject.expectStatus));
  const [last] = failed.slice(-1);
  if (!last) return [];
  const verdict = last.failure ? judgeFailure(last.failure) : judgeStatus(last.status ?? 0, subject);
  if (failed.length === samples.length) return [verdict];
  const some = `${failed.length} of ${samples.length} requests failed: ${verdict.message}`;
  return [{ ...verdict, severity: "warning", message: some }];
}

/** Findings about whether the endpoint answered as it should, and about why sampling ended early. */
export function judgeAnswers(result: ProbeResult): Finding[] {
  const blocked = result.stop?.throttled === true;
  const body = judgeBody(result);
  const verdicts = [
    ...(result.stop ? [judgeStop(result.stop)] : []),
    ...(blocked ? [] : judgeFailures(result)),
    ...(body && result.samples.some((sample) => succeeded(sample, result.subject.expectStatus))
      ? [body]
      : []),
  ];
  return verdicts.map((verdict) => finding({ ...verdict, ...namesOf(result.subject) }));
}
