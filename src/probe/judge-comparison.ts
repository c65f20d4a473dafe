import { formatDuration } from "../base/duration.ts";
import { type Finding, finding } from "../base/finding.ts";
import { plural } from "../base/text.ts";
import type { Comparison } from "./compare.ts";
import { namesOf, type Subject } from "./subject.ts";

const PHASE_WORDS = {
  dns: "DNS",
  connect: "TCP connect",
  tls: "TLS handshake",
  ttfb: "first byte",
  download: "download",
};

/** `p < 0.01`, the way it is read. */
export function chanceWords(p: number): string {
  const bound = [0.001, 0.01, 0.05].find((one) => p < one);
  return bound === undefined ? `p = ${p.toFixed(2)}` : `p < ${bound}`;
}

/** `12.0 ms slower than the 9 runs before (p < 0.01), TLS handshake moved most` */
export function comparisonWords({ verdict, shiftMs, p, baseline, moved }: Comparison): string {
  if (baseline.runs === 0) return "nothing to compare with yet";
  if (verdict === "too-few-samples") return "too few samples to compare";
  const than = baseline.runs === 1 ? "the run before" : `the ${plural(baseline.runs, "run")} before`;
  if (verdict === "unchanged") return `no difference that matters to ${than}`;
  const [phase] = moved;
  const what = `${formatDuration(Math.abs(shiftMs))} ${shiftMs > 0 ? "slower" : "faster"} than ${than} (${chanceWords(p)})`;
  const where = phase
    ? `, ${PHASE_WORDS[phase.phase]} moved most (${formatDuration(Math.abs(phase.shiftMs))})`
    : "";
  return verdict === "suspect" ? `perhaps ${what}${where}` : `${what}${where}`;
}

/**
 * A finding where a run is slower: a warning, an error once the run before was slower too. What only may be slower is an
 * info.
 */
export function judgeComparison(
  comparison: Comparison & { confirmed?: boolean },
  subject: Subject,
): Finding[] {
  const { verdict, shiftMs, p, z, baseline, confirmed, moved } = comparison;
  if (shiftMs <= 0 || (verdict !== "slower" && verdict !== "suspect")) return [];
  return [
    finding({
      rule: "probe/slower",
      severity: verdict === "suspect" ? "info" : confirmed ? "error" : "warning",
      message: comparisonWords(comparison),
      ...namesOf(subject),
      evidence: {
        shiftMs: Math.round(shiftMs * 1000) / 1000,
        p,
        ...(z === undefined ? {} : { z: Math.round(z * 100) / 100 }),
        baselineRuns: baseline.runs,
        baselineSamples: baseline.samples,
        ...(moved.length > 0 ? { moved: moved.map(({ phase }) => phase) } : {}),
      },
    }),
  ];
}
