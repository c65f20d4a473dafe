import { formatDuration } from "../../base/duration.ts";
import { EXIT } from "../../base/exit.ts";
import { type Finding, finding } from "../../base/finding.ts";
import type { Result, Style } from "../../base/result.ts";
import { formatBytes, neutralize, plural } from "../../base/text.ts";
import { applyRuleSeverities } from "../../check/outcome/overrides.ts";
import { DEFAULT_LIMITS } from "../../http/exchange.ts";
import { ExchangeError } from "../../http/failure.ts";
import { judgeFailure, judgeStop } from "../../probe/judge-answers.ts";
import { QuotaLedger } from "../../probe/ledger.ts";
import { type LoadLatency, type LoadResult, runLoad } from "../../probe/load.ts";
import { namesOf } from "../../probe/subject.ts";
import { renderFindings } from "../../report/terminal.ts";
import type { Options } from "./options.ts";
import type { RoundDeps } from "./rounds.ts";
import type { Subjects } from "./subjects.ts";

const DEFAULT_CONCURRENCY = 10;

const perSecond = ({ requests, durationMs }: LoadResult) =>
  durationMs > 0 ? requests / (durationMs / 1000) : 0;

function judgeLoad(result: LoadResult): Finding[] {
  const { subject, failures, failure, statuses, requests, stop } = result;
  const names = namesOf(subject);
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const errors = Object.entries(statuses).reduce(
    (sum, [status, count]) => sum + (Number(status) >= 400 ? count : 0),
    failed,
  );
  const findings = stop ? [finding({ ...judgeStop(stop), ...names })] : [];
  if (errors > 0) {
    findings.push(
      finding({
        rule: "probe/load-errors",
        severity: errors === requests ? "inconclusive" : "warning",
        message: `${errors} of ${requests} requests failed${failure ? `${Object.keys(failures).length > 1 ? ", most often" : ""}: ${failure.message}` : ""}`,
        ...(failure?.hint ? { help: failure.hint } : {}),
        ...names,
        evidence: {
          ...failures,
          ...Object.fromEntries(Object.entries(statuses).filter(([status]) => Number(status) >= 400)),
        },
      }),
    );
  }
  const redirects = Object.entries(statuses).reduce(
    (sum, [status, count]) => sum + (/^3/.test(status) && status !== "304" ? count : 0),
    0,
  );
  if (redirects > 0) {
    findings.push(
      finding({
        rule: "probe/load-redirects",
        severity: "warning",
        message: `${redirects} of ${requests} answers are redirects, which a load test does not follow`,
        help: "name the address they lead to: `integ probe URL` shows it",
        ...names,
      }),
    );
  }
  return findings;
}

function figures(label: string, latency: LoadLatency, style: Style): string {
  const parts = (["p50", "p90", "p95", "p99", "p999", "max"] as const).map((name) => {
    const ms = latency[name];
    return `${style.dim(name === "p999" ? "p99.9" : name)} ${ms === null ? style.dim("too few") : style.bold(formatDuration(ms))}`;
  });
  return `  ${label.padEnd(9)}${parts.join("  ")}`;
}

function render(result: LoadResult, style: Style): string {
  const { subject, concurrency, rate, durationMs, requests, bytes, statuses, latency, serviceTime } = result;
  const { unsent = 0 } = result;
  const statusWords = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  const wanted = rate === undefined ? "" : ` of ${rate} wanted`;
  return [
    `${style.bold(`${subject.request.method} ${neutralize(subject.label)}`)}  ${style.dim(`${concurrency} connections, ${formatDuration(durationMs)}`)}`,
    `  ${style.bold(perSecond(result).toFixed(1))} requests a second${wanted}, ${requests} in all, ${formatBytes(bytes)}, ${statusWords.join(", ") || "no answer"}`,
    ...(latency.max === null ? [] : [figures("latency", latency, style)]),
    ...(serviceTime && latency.max !== null
      ? [
          figures("service", serviceTime, style),
          style.dim("  latency counts from when a request was due, service from when it was sent"),
        ]
      : []),
    ...(unsent > 0
      ? [
          `  ${plural(unsent, "request")} due, for which no connection was free until the end; latency counts ${unsent === 1 ? "it" : "them"} as waiting until then`,
        ]
      : []),
  ].join("\n");
}

function toJson(result: LoadResult) {
  const {
    subject,
    reading,
    stop: _stop,
    failure: _failure,
    requests,
    failures,
    latency,
    statuses,
    ...rest
  } = result;
  return {
    ...namesOf(subject),
    url: subject.url,
    samples: requests,
    errors: Object.values(failures).reduce((sum, count) => sum + count, 0),
    latencyMs: latency,
    quotas: reading?.quotas ?? [],
    load: { ...rest, requestsPerSecond: perSecond(result), statuses, failures },
  };
}

/** Load tests, one subject after the other. */
export async function runLoads(
  found: Subjects,
  options: Options,
  { client, ctx }: RoundDeps,
): Promise<Result> {
  const ledger = new QuotaLedger();
  const results: LoadResult[] = [];
  const failed: Finding[] = [];
  for (const subject of found.subjects) {
    const settings = {
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      durationMs: options.duration ?? 0,
      timeoutMs: options.timeout ?? subject.request.deadlines?.deadlineMs ?? DEFAULT_LIMITS.deadlineMs,
      ...(options.rate === undefined ? {} : { rate: options.rate }),
    };
    const { stderr } = ctx.io;
    try {
      results.push(
        await runLoad(subject, settings, {
          client,
          clock: ctx.clock,
          ledger,
          signal: ctx.signal,
          onProgress: ({ requests, failures, elapsedMs }) => {
            if (stderr.isTTY)
              stderr.write(
                `\r\u001b[2K${formatDuration(elapsedMs)}  ${requests} requests, ${failures} failures`,
              );
          },
        }),
      );
    } catch (error) {
      // Nothing could be sent: no proxy, no access token, a certificate that is none.
      if (!(error instanceof ExchangeError)) throw error;
      failed.push(finding({ ...judgeFailure(error.failure), ...namesOf(subject) }));
    }
    if (stderr.isTTY) stderr.write("\r\u001b[2K");
    if (ctx.signal.aborted) break;
  }
  // What was measured until Ctrl-C is a result too; where nothing was, there is none to show.
  if (ctx.signal.aborted && !results.some(({ requests }) => requests > 0)) ctx.signal.throwIfAborted();
  if (ctx.signal.aborted) ctx.io.note("Interrupted: these are the figures so far.");
  const findings = applyRuleSeverities(
    [...found.findings, ...failed, ...results.flatMap(judgeLoad)],
    found.rules ?? {},
  );
  return {
    findings,
    ...(ctx.signal.aborted ? { exitCode: EXIT.interrupted } : {}),
    data: { endpoints: results.map(toJson) },
    text: ({ style, columns }) =>
      [
        ...results.map((result) => render(result, style)),
        ...(findings.length > 0 ? [renderFindings(findings, { style, columns })] : []),
      ].join("\n\n"),
  };
}
