import { compareFindings, compareText, type Finding, finding } from "../../base/finding.ts";
import type { Shard } from "../choice/shard.ts";
import { CHECK_RULES } from "../rules.ts";

/** What a report of a part holds. */
export interface Part {
  findings: readonly Finding[];
  endpoints: readonly Readonly<Record<string, unknown>>[];
  /** Where the run was one of several. */
  shard?: Shard | undefined;
}

const keyOf = (endpoint: Readonly<Record<string, unknown>>) =>
  ["integration", "version", "environment", "endpoint"]
    .map((name) => String(endpoint[name] ?? ""))
    .join("\u0000");

/** A finding for each shard whose report is not among those of its siblings: its endpoints would be missed in silence. */
export function missingShards(parts: readonly Pick<Part, "shard">[]): Finding[] {
  const shards = parts.flatMap(({ shard }) => (shard ? [shard] : []));
  const given = new Set(shards.map(({ index, count }) => `${index}/${count}`));
  const counts = [...new Set(shards.map(({ count }) => count))].sort((a, b) => a - b);
  const all = counts.flatMap((count) => Array.from({ length: count }, (_, at) => `${at + 1}/${count}`));
  return all
    .filter((name) => !given.has(name))
    .map((name) =>
      finding(
        {
          rule: CHECK_RULES.shardMissing.id,
          severity: CHECK_RULES.shardMissing.severity,
          message: `The report of shard ${name} was not given, so nothing is known of its endpoints`,
          help: `see why the job of --shard ${name} wrote none, and merge again with its report`,
        },
        name,
      ),
    );
}

/**
 * Two reports of one shard that are about the same endpoints, as positions in `parts`: a job that was run again, of which only
 * the last report counts. The same shard of another environment has other endpoints.
 */
export function sameShards(parts: readonly Part[]): [number, number] | undefined {
  const seen = new Map<string, number>();
  for (const [at, { shard, endpoints }] of parts.entries()) {
    if (!shard) continue;
    for (const endpoint of endpoints) {
      const key = `${shard.index}/${shard.count} ${keyOf(endpoint)}`;
      const before = seen.get(key);
      if (before !== undefined && before !== at) return [before, at];
      seen.set(key, at);
    }
  }
  return undefined;
}

/** Joins the reports of parts into that of the whole: each finding and each endpoint once, the later part's where several hold it. */
export function mergeParts(parts: readonly Part[]): Pick<Part, "findings" | "endpoints"> {
  const findings = new Map(
    [...parts, { findings: missingShards(parts) }].flatMap((part) =>
      part.findings.map((one) => [one.fingerprint, one] as const),
    ),
  );
  const endpoints = new Map(parts.flatMap((part) => part.endpoints.map((one) => [keyOf(one), one] as const)));
  return {
    findings: [...findings.values()].sort(compareFindings),
    endpoints: [...endpoints].sort(([a], [b]) => compareText(a, b)).map(([, endpoint]) => endpoint),
  };
}
