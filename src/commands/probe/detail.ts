import { formatDuration } from "../../base/duration.ts";
import { neutralize, plural, truncate } from "../../base/text.ts";
import type { Phases } from "../../http/exchange.ts";
import { comparisonWords } from "../../probe/judge-comparison.ts";
import { latencyOf, measured } from "../../probe/latency.ts";
import type { Latency, ProbeResult } from "../../probe/result.ts";
import { type LatencySummary, LEAST_SAMPLES, sorted } from "../../probe/statistics.ts";
import { bar, buckets } from "./bars.ts";
import { flow, words } from "./flow.ts";
import type { ProbeView } from "./view.ts";
import { daysUntil, forecastWords, leftWords, resetWords } from "./words.ts";

const PHASES: readonly (readonly [keyof Phases, string])[] = [
  ["dns", "DNS"],
  ["connect", "TCP connect"],
  ["tls", "TLS handshake"],
  ["ttfb", "first byte"],
  ["download", "download"],
];
const LABEL = 15;
const FIGURE = 10;
const BUCKETS = 8;
/** Where the figures of a line of percentiles begin. */
const FIGURES_AT = 18;
/** Characters of a content type that stand in the title. */
const MOST_OF_TYPE = 40;

/** The type of what came: a sign-in page with status 200 is seen at once. */
function contentWords(last: ProbeResult["last"]): string {
  const type = truncate(last?.contentType?.replace(/;.*$/s, "").trim() ?? "", MOST_OF_TYPE);
  return last?.body === "html" ? `a web page (${type === "" ? "of no stated type" : type})` : type;
}

function title({ subject, last, tls }: ProbeResult, { style, columns }: ProbeView): string[] {
  const facts = [
    last ? `HTTP/${last.httpVersion}` : "",
    tls?.protocol.replace(/^TLSv/, "TLS ") ?? "",
    last?.connection.remoteAddress ?? "",
    contentWords(last),
    last?.connection.proxy ? `through ${last.connection.proxy}` : "",
  ].flatMap((fact) => (fact === "" ? [] : neutralize(fact)));
  const status = last ? (last.status < 300 ? style.green : style.yellow)(String(last.status)) : "";
  const head = [style.bold(`${subject.request.method} ${neutralize(subject.label)}`), status];
  const hops = (last?.hops ?? []).flatMap((hop) =>
    flow([`  ${hop.status} ${neutralize(hop.url)}`, `→ ${neutralize(hop.location)}`], columns, { indent: 4 }),
  );
  return [
    ...flow(head, columns, { gap: "  " }),
    ...(facts.length > 0 ? flow(facts, columns, { gap: " · " }).map(style.dim) : []),
    ...hops.map(style.dim),
  ];
}

/** The first of several pieces begins a line. */
const indented = ([first = "", ...rest]: readonly string[]) => [`  ${first}`, ...rest];

/** A heading, and in a quieter tone what is below it. */
const headed = (head: string, what: string, { style, columns }: ProbeView) =>
  flow([`${style.bold(head)} `, ...words(what).map(style.dim)], columns);

/** What the last answer says of the time behind its first byte (`Server-Timing`). */
function serverWords({ notices }: ProbeResult, { style, columns }: ProbeView): string[] {
  const told = (notices?.serverTimings ?? []).flatMap(({ name, durMs }) =>
    durMs === undefined ? [] : `${name} ${formatDuration(durMs)}`,
  );
  if (told.length === 0) return [];
  return [style.dim(truncate(`  ${"server says".padEnd(LABEL)}${neutralize(told.join(", "))}`, columns - 1))];
}

/** Phases one after the other, as they follow in time: each bar begins where the one above ends. */
function waterfall(result: ProbeResult, { phases, cold }: Latency, view: ProbeView): string[] {
  const { style } = view;
  const present = PHASES.filter(([name]) => phases[name] !== undefined);
  const total = present.reduce((sum, [name]) => sum + (phases[name] ?? 0), 0);
  if (total === 0) return [];
  const width = Math.max(10, Math.min(60, view.columns - LABEL - FIGURE - 4));
  let before = 0;
  const lines = present.map(([name, label]) => {
    const ms = phases[name] ?? 0;
    const indent = Math.min(width - 1, Math.floor((before / total) * width));
    before += ms;
    const drawn =
      " ".repeat(indent) + bar(ms / total, width - indent > 0 ? width : 1).slice(0, width - indent);
    const tone = name === "ttfb" ? style.yellow : style.cyan;
    return `  ${label.padEnd(LABEL)}${tone(drawn.padEnd(width))}${formatDuration(ms).padStart(FIGURE)}`;
  });
  const what =
    cold.n > 0
      ? `medians; the connection's phases from ${plural(cold.n, "cold sample")}`
      : "medians of warm samples";
  return [
    ...headed("Phases", what, view),
    ...lines,
    `  ${"".padEnd(LABEL + width)}${style.bold(formatDuration(total).padStart(FIGURE))}`,
    ...serverWords(result, view),
  ];
}

function figures(name: string, summary: LatencySummary, { style, columns }: ProbeView): string[] {
  const figure = (what: string, value: number | null, least: number) => {
    const text = value === null ? `n < ${least}` : formatDuration(value);
    const tone = value === null ? style.dim : style.bold;
    return `${style.dim(what)} ${tone(text)}${" ".repeat(Math.max(0, FIGURE - text.length))}`;
  };
  const label = `  ${name.padEnd(6)}${style.dim(`n ${summary.n}`.padEnd(8))}`;
  const all = [
    figure("p50", summary.p50, LEAST_SAMPLES.p50),
    figure("p95", summary.p95, LEAST_SAMPLES.p95),
    figure("p99", summary.p99, LEAST_SAMPLES.p99),
    figure("max", summary.max, 1).trimEnd(),
  ];
  return flow([label, ...all], columns, { gap: "  ", indent: FIGURES_AT });
}

const bound = (ms: number | null) => (ms === null ? "?" : formatDuration(ms));

/** `95 % sure: p50 25.1 ms – 28.0 ms, p95 30.2 ms – ?` */
function intervalWords({ of, intervals: { p50, p95 } }: Latency, { style, columns }: ProbeView): string[] {
  const tail = p95.low === null ? "" : `, p95 ${bound(p95.low)} – ${bound(p95.high)}`;
  const told = `95 % sure (${of}): p50 ${bound(p50.low)} – ${bound(p50.high)}${tail}`;
  return flow(indented(words(told)), columns, { indent: 4 }).map(style.dim);
}

function latency(result: ProbeResult, figured: Latency, view: ProbeView): string[] {
  const { cold, warm, intervals } = figured;
  const comparison = view.compared.get(result);
  const lines = [
    ...(warm.n > 0 ? figures("warm", warm, view) : []),
    ...(cold.n > 0 ? figures("cold", cold, view) : []),
    ...(intervals.p50.low !== null ? intervalWords(figured, view) : []),
    ...(comparison ? flow(indented(words(comparisonWords(comparison))), view.columns, { indent: 4 }) : []),
  ];
  return lines.length > 0 ? [view.style.bold("Latency"), ...lines] : [];
}

function histogram(result: ProbeResult, { of, outliers }: Latency, view: ProbeView): string[] {
  const { style, columns } = view;
  const values = sorted(
    measured(result)
      .filter(({ cold }) => cold === (of === "cold"))
      .map(({ totalMs }) => totalMs),
  );
  if (values.length < LEAST_SAMPLES.p95) return [];
  const { beyond: upper, values: beyond } = outliers;
  const made = buckets(values, BUCKETS, upper);
  const most = Math.max(...made.map(({ count }) => count));
  const beside = 2 * FIGURE + 6 + String(most).length;
  const width = Math.max(4, Math.min(50, columns - beside));
  const lines = made.map(
    ({ from, to, count }) =>
      `  ${formatDuration(from).padStart(FIGURE)} – ${formatDuration(to).padEnd(FIGURE)}${style.green(bar(count / most, width).padEnd(width))} ${count}`,
  );
  if (beyond.length > 0) {
    const shown = beyond.slice(0, 5).map(formatDuration).join(", ");
    const told = `${plural(beyond.length, "outlier")} beyond ${formatDuration(upper)}: ${shown}${beyond.length > 5 ? ", …" : ""}`;
    lines.push(...flow(indented(words(told)), columns, { indent: 4 }).map(style.yellow));
  }
  return [...headed("Distribution", `${of} samples`, view), ...lines];
}

function quotas(result: ProbeResult, { style, columns, now, forecasts }: ProbeView): string[] {
  const unrecognised = result.reading?.unrecognised ?? [];
  const lines = result.quotas.flatMap((quota) => {
    const share = quota.limit && quota.remaining !== undefined ? quota.remaining / quota.limit : undefined;
    const tone = share === undefined || share > 0.5 ? style.green : share > 0.2 ? style.yellow : style.red;
    const drawn = share === undefined ? "" : tone(bar(share, 12).padEnd(12));
    const gone = forecastWords(forecasts.get(quota), now);
    const rest = [
      ...[leftWords(quota), resetWords(quota, now), quota.unit ?? ""].map((text) => neutralize(text)),
      gone === "" ? "" : style.yellow(gone),
    ].filter((text) => text !== "");
    const label = `  ${neutralize(quota.name).padEnd(LABEL)}${drawn.padEnd(share === undefined ? 12 : 0)}`;
    const told = rest.map((text, index) => (index < rest.length - 1 ? `${text},` : text));
    return flow([`${label} `, ...told], columns, { indent: 4 });
  });
  if (unrecognised.length > 0)
    lines.push(
      ...flow(indented(words(`unrecognised: ${neutralize(unrecognised.join(", "))}`)), columns, {
        indent: 4,
      }).map(style.dim),
    );
  return lines.length > 0 ? [style.bold("Quota"), ...lines] : [];
}

function certificate({ tls }: ProbeResult, { style, columns, now }: ProbeView): string[] {
  if (!tls) return [];
  const facts = [`${tls.subject} by ${tls.issuer}`, daysUntil(tls.validTo, now), tls.cipher];
  const told = neutralize(facts.filter((fact) => fact !== "").join(", "));
  return [style.bold("Certificate"), ...flow(indented(words(told)), columns, { indent: 4 })];
}

/** Everything about one endpoint: phases, percentiles, distribution, quota, certificate. */
export function renderDetail(result: ProbeResult, view: ProbeView): string {
  const figured = latencyOf(result);
  return [
    title(result, view),
    waterfall(result, figured, view),
    latency(result, figured, view),
    histogram(result, figured, view),
    quotas(result, view),
    certificate(result, view),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}
