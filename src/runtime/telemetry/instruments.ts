import type { Counter, Gauge, Histogram, Meter } from "@opentelemetry/api";

/** Seconds; the bounds that the HTTP semantic conventions advise. */
const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** What is counted and measured. `http.client.request.duration` is of the conventions; the rest is our own. */
export interface Instruments {
  requestDuration: Histogram;
  callDuration: Histogram;
  limiterWait: Histogram;
  retries: Counter;
  validationFailures: Counter;
  credentialChanges: Counter;
  cost: Counter;
  quotaRemaining: Gauge;
  quotaLimit: Gauge;
  breakerState: Gauge;
}

export function createInstruments(meter: Meter): Instruments {
  const duration = (name: string, description: string) =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: DURATION_BOUNDS },
    });
  const counter = (name: string, description: string, unit: string) =>
    meter.createCounter(name, { description, unit });
  return {
    requestDuration: duration("http.client.request.duration", "Duration of HTTP client requests."),
    callDuration: duration(
      "integ.client.call.duration",
      "Duration of logical calls, with waits and retries.",
    ),
    limiterWait: duration("integ.client.limiter.wait", "Time that calls were held back for the rate limit."),
    retries: counter("integ.client.retries", "Attempts after the first.", "{retry}"),
    validationFailures: counter(
      "integ.client.validation.failures",
      "Responses that were not what the consumer schema says.",
      "{response}",
    ),
    credentialChanges: counter(
      "integ.client.credential.changes",
      "Times that another credential was taken into use.",
      "{change}",
    ),
    cost: counter("integ.client.cost", "Price of the requests sent, by currency.", "1"),
    quotaRemaining: meter.createGauge("integ.client.quota.remaining", {
      description: "What the provider says is left of a quota.",
    }),
    quotaLimit: meter.createGauge("integ.client.quota.limit", {
      description: "How much the provider says a quota allows.",
    }),
    breakerState: meter.createGauge("integ.client.breaker.state", {
      description: "0 closed, 1 half-open, 2 open.",
    }),
  };
}
