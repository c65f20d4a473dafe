import { resolve } from "node:path";
import type { Context } from "../base/context.ts";
import { UsageError } from "../base/errors.ts";
import { buildReport } from "../base/report.ts";
import type { Result } from "../base/result.ts";
import { plural } from "../base/text.ts";
import { mergeParts, sameShards } from "../check/outcome/merge.ts";
import { renderFindings } from "../report/terminal.ts";
import { deliver, projectHere } from "./reporting/deliver.ts";
import { type ReadReport, readReport } from "./reporting/read-report.ts";
import { parseReporters } from "./reporting/request.ts";

export interface MergeOptions {
  files: readonly string[];
  reporter: readonly string[];
}

/** What an earlier run of a shard found would stay beside what the later one says. @throws UsageError */
function refuseSameShards(files: readonly string[], parts: readonly ReadReport[]): void {
  const [first, second] = (sameShards(parts) ?? []).map((at) => ({ file: files[at], part: parts[at] }));
  if (!first?.part || !second?.part) return;
  const [older, newer] = first.part.startedAt <= second.part.startedAt ? [first, second] : [second, first];
  const { index, count } = second.part.shard ?? {};
  throw new UsageError(`${first.file} and ${second.file} are both of shard ${index}/${count}`, {
    code: "usage/shard",
    hint: `give the later one only: without ${older.file}, which began before ${newer.file}`,
  });
}

/**
 * `integ report merge`: one report of those of several shards. The exit code follows from all findings.
 * @throws ConfigError, UsageError
 */
export async function run({ files, reporter }: MergeOptions, ctx: Context): Promise<Result> {
  const requests = parseReporters(reporter);
  const parts = await Promise.all(files.map((file) => readReport(resolve(ctx.cwd, file), file)));
  refuseSameShards(files, parts);
  const { findings, endpoints } = mergeParts(parts);
  const starts = parts.map(({ startedAt }) => Date.parse(startedAt));
  const ends = parts.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs);
  const startedAt = Math.min(...starts);
  const data = { endpoints, merged: parts.length };
  const report = buildReport({
    command: "check",
    startedAt,
    durationMs: Math.max(...ends) - startedAt,
    findings,
    data,
  });
  // The project is only asked for the lines of its manifests; reports can be joined where there is none.
  const { onStdout, failures } = await deliver(report, requests, { project: await projectHere(ctx) }, ctx);
  return {
    findings,
    data,
    failures,
    text: ({ style, columns }) => {
      if (onStdout !== undefined) return onStdout;
      const head = `${plural(parts.length, "report")} of ${plural(endpoints.length, "endpoint")}`;
      return [style.dim(head), "", renderFindings(findings, { style, columns })].join("\n");
    },
  };
}
