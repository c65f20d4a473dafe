import { readFile } from "node:fs/promises";
import * as z from "zod";
import { ConfigError } from "../../base/errors.ts";
import type { Finding } from "../../base/finding.ts";
import type { Shard } from "../../check/choice/shard.ts";
import { findingSchema, reportSchema } from "../../report/published.ts";

/** What is read of a report's file. */
export interface ReadReport {
  /** ISO 8601. */
  startedAt: string;
  /** Milliseconds. */
  durationMs: number;
  command: string;
  findings: Finding[];
  /** Entries of `endpoints`, as far as the report has them. */
  endpoints: Record<string, unknown>[];
  /** Where the report is of one of several runs. */
  shard?: Shard;
}

const isFinding = (value: unknown): value is Finding => findingSchema.safeParse(value).success;
const shardSchema = z.object({ index: z.int().min(1), count: z.int().min(1).max(9999) });
const isShard = (value: unknown): value is Shard => shardSchema.safeParse(value).success;
const isEntry = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a report that `--json` or `--reporter json=FILE` wrote.
 * @param shown how messages call the file
 * @throws ConfigError `report/unreadable`
 */
export async function readReport(file: string, shown: string): Promise<ReadReport> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(shown, reason, error);
  }
  const parsed = reportSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unreadable(shown, `${issue?.path.join(".") || "it"}: ${issue?.message ?? "not a report"}`);
  }
  const { command, startedAt, durationMs, findings, endpoints, shard } = parsed.data;
  return {
    command,
    startedAt,
    durationMs,
    findings: findings.filter(isFinding),
    endpoints: Array.isArray(endpoints) ? endpoints.filter(isEntry) : [],
    ...(isShard(shard) ? { shard } : {}),
  };
}

function unreadable(shown: string, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`${shown} is no report of integ: ${reason}`, {
    code: "report/unreadable",
    hint: "write one with `integ check --reporter json=FILE`",
    cause,
  });
}
