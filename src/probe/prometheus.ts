import { type EndpointReport, toReport } from "./json.ts";
import { daysOfCertificate } from "./judge-tls.ts";
import type { ProbeResult } from "./result.ts";

type Labels = Readonly<Record<string, string | undefined>>;

interface Metric {
  name: string;
  help: string;
  /** By name and labels: collectors refuse a whole file in which a series comes twice, as two addresses do that differ in a key. */
  samples: Map<string, number>;
}

const escaped = (text: string) =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

function series(name: string, labels: Labels): string {
  const shown = Object.entries(labels).flatMap(([key, text]) =>
    text === undefined ? [] : `${key}="${escaped(text)}"`,
  );
  return `${name}${shown.length > 0 ? `{${shown.join(",")}}` : ""}`;
}

/** Collects samples by metric, for the format wants all of one metric together. */
class Metrics {
  readonly #metrics = new Map<string, Metric>();

  add(name: string, help: string, labels: Labels, value: number | null | undefined): void {
    if (value === null || value === undefined || !Number.isFinite(value)) return;
    const metric = this.#metrics.get(name) ?? { name, help, samples: new Map<string, number>() };
    // A nanosecond is the last digit that means anything: dividing leaves 0.0063159999999999996.
    metric.samples.set(series(name, labels), Number(value.toFixed(9)));
    this.#metrics.set(name, metric);
  }

  toString(): string {
    const blocks = [...this.#metrics.values()].map(({ name, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...[...samples].map(([one, value]) => `${one} ${value}`),
    ]);
    return `${blocks.flat().join("\n")}\n`;
  }
}

const seconds = (ms: number | null | undefined) => (ms === null || ms === undefined ? undefined : ms / 1000);
const epoch = (iso: string | undefined) => (iso === undefined ? undefined : Date.parse(iso) / 1000);

function addLatency(metrics: Metrics, { latencyMs }: EndpointReport, subject: Labels): void {
  // `quantile` is a word of summaries, which have a sum and a count over a process's life: linters refuse it in a gauge.
  const help = "Latency of whole exchanges by percentile; absent where there are too few samples.";
  for (const connection of ["warm", "cold"] as const) {
    const summary = latencyMs[connection];
    for (const [percentile, ms] of [
      ["50", summary.p50],
      ["95", summary.p95],
      ["99", summary.p99],
    ] as const) {
      metrics.add("integ_probe_latency_seconds", help, { ...subject, connection, percentile }, seconds(ms));
    }
  }
  for (const [phase, ms] of Object.entries(latencyMs.phases)) {
    metrics.add(
      "integ_probe_phase_seconds",
      "Median of a phase of the exchange.",
      { ...subject, phase },
      seconds(ms),
    );
  }
}

function addQuotas(metrics: Metrics, { quotas }: EndpointReport, subject: Labels): void {
  for (const { name: quota, limit, remaining, resetAt } of quotas) {
    const labels = { ...subject, quota };
    metrics.add("integ_ratelimit_limit", "What the provider allows in a window.", labels, limit);
    metrics.add("integ_ratelimit_remaining", "What is left of it.", labels, remaining);
    metrics.add("integ_ratelimit_reset_timestamp_seconds", "When the window ends.", labels, epoch(resetAt));
  }
}

/** The results as Prometheus text, for a file of node_exporter's textfile collector. @param now epoch milliseconds */
export function toPrometheus(results: readonly ProbeResult[], now: number): string {
  const metrics = new Metrics();
  for (const result of results) {
    const report = toReport(result);
    const { integration, version, environment, endpoint } = report;
    const subject = { integration, version, environment, endpoint };
    metrics.add(
      "integ_probe_success",
      "1 where every sample was answered as expected.",
      subject,
      report.errors === 0 && report.samples > 0 ? 1 : 0,
    );
    metrics.add("integ_probe_samples", "Requests sent.", subject, report.samples);
    metrics.add("integ_probe_errors", "Requests that failed.", subject, report.errors);
    metrics.add("integ_probe_http_status_code", "Status of the last answer.", subject, report.status);
    addLatency(metrics, report, subject);
    addQuotas(metrics, report, subject);
    const days = result.tls && daysOfCertificate(result.tls, now);
    metrics.add(
      "integ_tls_expires_in_seconds",
      "Until the first certificate of the chain expires.",
      subject,
      days === undefined ? undefined : days * 86_400,
    );
    metrics.add(
      "integ_sunset_timestamp_seconds",
      "When the provider switches the endpoint off.",
      subject,
      epoch(report.deprecation?.sunsetAt),
    );
    metrics.add("integ_probe_timestamp_seconds", "When the probe ended.", subject, now / 1000);
  }
  return results.length === 0 ? "" : metrics.toString();
}
