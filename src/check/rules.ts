import type { Severity } from "../base/finding.ts";

/** One rule of the check itself: id, default severity, and what it means for the reader. */
export interface CheckRule {
  id: string;
  severity: Severity;
  summary: string;
}

const rule = (id: string, severity: Severity, summary: string): CheckRule => ({ id, severity, summary });

/** Rules that `integ check` knows besides those of the rooms it asks. */
export const CHECK_RULES = {
  unreachable: rule(
    "provider/unreachable",
    "inconclusive",
    "No answer: DNS, connection, TLS, timeout, or a body cut short",
  ),
  outage: rule(
    "provider/outage",
    "inconclusive",
    "The provider answered with 5xx: it is down, which says nothing about its API",
  ),
  rateLimited: rule(
    "provider/rate-limited",
    "inconclusive",
    "The provider answered with 429: the quota is spent",
  ),
  forbidden: rule(
    "provider/forbidden",
    "inconclusive",
    "402 or 403: plan, permission or address, not a change of the API",
  ),
  unexpectedStatus: rule(
    "provider/unexpected-status",
    "inconclusive",
    "Another status than the manifest expects, such as 404 for a record that was deleted",
  ),
  notJson: rule(
    "provider/not-json",
    "inconclusive",
    "A success status with HTML or broken JSON: a gateway or a login page answers, or the body was cut",
  ),
  gone: rule("provider/gone", "error", "410 Gone: the provider says that the endpoint no longer exists"),
  flaky: rule("provider/flaky", "info", "The endpoint answered only when asked again"),
  refused: rule("secret/refused", "error", "401: the provider does not accept the credential"),
  notRecorded: rule("contract/not-recorded", "info", "The endpoint has no contract yet"),
  consumerRejected: rule(
    "consumer/rejected",
    "error",
    "Our schema refuses what the API returns, and no drift explains it",
  ),
  consumerInconclusive: rule(
    "consumer/inconclusive",
    "inconclusive",
    "Our schemas could not be loaded, or threw while they parsed a sample",
  ),
  consumerMissing: rule(
    "config/consumer-missing",
    "error",
    "The manifest names a consumer schema that the version's module does not export",
  ),
  consumerNotSchema: rule(
    "config/consumer-not-a-schema",
    "error",
    "The consumer that the manifest names is not a zod schema",
  ),
  moduleMissing: rule(
    "config/module-missing",
    "error",
    "The directory of a version that the manifest names is not there",
  ),
  unsafeMethod: rule(
    "config/unsafe-method",
    "info",
    "The endpoint would change something at the provider, so it is not called without `unsafe: true`",
  ),
  outOfTime: rule("check/out-of-time", "inconclusive", "--max-time was over before the endpoint's turn"),
  waiverExpired: rule(
    "check/waiver-expired",
    "warning",
    "A waiver's last day has passed: what it covered counts again",
  ),
  waiverUnused: rule("check/waiver-unused", "info", "A waiver covers nothing that this run found"),
} as const satisfies Record<string, CheckRule>;
