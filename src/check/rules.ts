import type { Severity } from "../base/finding.ts";
import { FAILURE_RULES } from "../probe/rules.ts";

/** One rule of the check itself: id, default severity, and what it means for the reader. */
export interface CheckRule {
  id: string;
  severity: Severity;
  summary: string;
}

const rule = (id: string, severity: Severity, summary: string): CheckRule => ({ id, severity, summary });

/** Rules that `integ check` knows besides those of the rooms it asks. */
export const CHECK_RULES = {
  outage: rule(
    "probe/server-error",
    "inconclusive",
    "The provider answered with 5xx: it is down, which says nothing about its API",
  ),
  throttled: rule("probe/throttled", "inconclusive", "The provider answered with 429: the quota is spent"),
  forbidden: rule(
    "probe/forbidden",
    "inconclusive",
    "402 or 403: plan, permission or address, not a change of the API",
  ),
  unauthorized: FAILURE_RULES.auth,
  notFound: rule(
    "probe/not-found",
    "inconclusive",
    "404: the record that the manifest asks for may have been deleted",
  ),
  gone: rule("probe/gone", "error", "410: the provider says that the endpoint no longer exists"),
  clientError: rule("probe/client-error", "inconclusive", "Another 4xx: the request is refused as it is"),
  unexpectedStatus: rule(
    "probe/unexpected-status",
    "inconclusive",
    "Another status than the manifest expects",
  ),
  html: rule(
    "probe/html",
    "inconclusive",
    "A success status with a web page: a gateway or a sign-in page answers",
  ),
  invalidJson: rule("probe/invalid-json", "inconclusive", "A success status with JSON that is cut or broken"),
  flaky: rule("probe/flaky", "info", "The endpoint answered only when asked again"),
  notRecorded: rule("contract/not-recorded", "inconclusive", "The endpoint has no contract yet"),
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
    "The manifest names a consumer schema that the version's module does not export, or the file is not there",
  ),
  consumerSyntax: rule("config/consumer-syntax", "error", "The module with our schemas has a syntax error"),
  consumerNotSchema: rule(
    "config/consumer-not-a-schema",
    "error",
    "The consumer that the manifest names is not a zod schema",
  ),
  integrationMissing: rule(
    "config/integration-missing",
    "error",
    "integ.lock.json has an integration whose manifest is not there",
  ),
  moduleMissing: rule(
    "config/module-missing",
    "error",
    "The directory of a version that the manifest names is not there",
  ),
  unknownRule: rule(
    "config/unknown-rule",
    "warning",
    "`rules:` sets the severity of a rule that there is not, so it does nothing",
  ),
  versionBehind: rule(
    "config/version-behind",
    "info",
    "The active version pins an older version of the provider's API than the newest that integ knows of",
  ),
  catalogStale: rule("config/catalog-stale", "info", "INTEGRATIONS.md does not say what the manifests say"),
  unsafeMethod: rule(
    "probe/unsafe-method",
    "info",
    "The endpoint would change something at the provider, so it is not called without `unsafe: true`",
  ),
  outOfTime: rule("check/out-of-time", "inconclusive", "--max-time was over before the endpoint's turn"),
  workerLost: rule(
    "check/worker-lost",
    "inconclusive",
    "Every worker that took the endpoint ended before it was checked",
  ),
  shardMissing: rule(
    "check/shard-missing",
    "inconclusive",
    "Of reports of shards, that of one was not given: nobody knows what it found",
  ),
  notTold: rule(
    "check/not-told",
    "inconclusive",
    "Somebody whom --notify, --open-issues or --pr-comment name could not be told",
  ),
  waiverExpired: rule(
    "check/waiver-expired",
    "warning",
    "A waiver's last day has passed: what it covered counts again",
  ),
  waiverUnused: rule("check/waiver-unused", "info", "A waiver covers nothing that this run found"),
} as const satisfies Record<string, CheckRule>;
