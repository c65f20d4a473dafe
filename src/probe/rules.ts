import type { Severity } from "../base/finding.ts";
import type { FailureKind } from "../http/exchange.ts";

/** One rule about what a provider answers, or does not: id, default severity, and what it means for the reader. */
export interface ProbeRule {
  id: `probe/${string}` | `provider/${string}`;
  severity: Severity;
  summary: string;
}

const rule = (id: ProbeRule["id"], severity: Severity, summary: string): ProbeRule => ({
  id,
  severity,
  summary,
});

const noAnswer = (kind: FailureKind, summary: string) => rule(`probe/${kind}`, "inconclusive", summary);

/** No answer that could be judged, by the kind of failure. */
export const FAILURE_RULES: Readonly<Record<FailureKind, ProbeRule>> = {
  dns: noAnswer("dns", "No answer: the host's name leads to no address"),
  refused: noAnswer("refused", "No answer: nobody listens at the address"),
  unreachable: noAnswer("unreachable", "No answer: no way leads to the address"),
  reset: noAnswer("reset", "No answer: the connection was closed before one came"),
  timeout: noAnswer("timeout", "No answer in time: the whole or one phase took longer than its deadline"),
  "tls-expired": noAnswer("tls-expired", "No answer: the server's certificate has expired"),
  "tls-hostname": noAnswer("tls-hostname", "No answer: the server's certificate is for another name"),
  "tls-untrusted": noAnswer("tls-untrusted", "No answer: no trusted authority signed the certificate"),
  tls: noAnswer("tls", "No answer: the two sides agree on no TLS handshake"),
  "too-large": noAnswer("too-large", "The answer, or its headers, are larger than is read"),
  decompression: noAnswer("decompression", "The answer cannot be decompressed, or not within its bound"),
  truncated: noAnswer("truncated", "The answer ends before its end"),
  "redirect-loop": noAnswer("redirect-loop", "Redirects lead in a circle, or on and on"),
  "redirect-refused": noAnswer("redirect-refused", "A redirect leads where requests do not follow"),
  protocol: noAnswer("protocol", "The answer is not HTTP, or contradicts itself"),
  // The token endpoint answered, and does not accept the client's credentials.
  auth: rule("probe/unauthorized", "error", "401: the provider does not accept the credential"),
  aborted: noAnswer("aborted", "The request was stopped before its answer came"),
};

/** What a probe says besides the rules it shares with a check. */
export const PROBE_RULES: readonly ProbeRule[] = [
  ...Object.values(FAILURE_RULES),
  rule("probe/budget-p95", "error", "The 95th percentile is over the endpoint's budget"),
  rule("probe/budget-error-rate", "error", "More requests failed than the endpoint's budget allows"),
  rule(
    "probe/budget-quota",
    "error",
    "Less of the provider's quota is left than the endpoint's budget wants",
  ),
  rule(
    "probe/quota-reserved",
    "inconclusive",
    "Not asked on: the reserve of the provider's quota is left alone",
  ),
  rule("probe/slower", "warning", "Slower than the runs before; an error when the last run was slower too"),
  rule("probe/load-errors", "warning", "Requests of a load test failed; inconclusive where all did"),
  rule("probe/load-redirects", "warning", "A load test measures redirects, which it does not follow"),
  rule(
    "provider/sunset",
    "warning",
    "The provider ends the endpoint; an error in the last 30 days and after",
  ),
  rule(
    "provider/deprecated",
    "warning",
    "The provider advises against the endpoint, or warns in its answers",
  ),
  rule("provider/version-drift", "warning", "The answer names another version than the one that is pinned"),
  rule(
    "provider/certificate-expiring",
    "warning",
    "A certificate of the chain ends within 21 days; an error within 7",
  ),
  rule("provider/tls-weak", "warning", "The connection has a protocol or cipher of yesterday"),
];
