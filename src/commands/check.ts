import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../base/context.ts";
import { formatDuration } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import type { Finding } from "../base/finding.ts";
import type { Result } from "../base/result.ts";
import { didYouMean } from "../base/suggest.ts";
import { plural } from "../base/text.ts";
import { openConsumerHost } from "../check/consumer/host.ts";
import { openRooms } from "../check/rooms.ts";
import { type CheckedEndpoint, type CheckResult, PARTS, type Part, runCheck } from "../check/run.ts";
import { loadProject } from "../config/load.ts";
import { resolveTargets } from "../config/targets.ts";
import { createHttpClient } from "../http/client.ts";
import { renderFindings } from "../report/terminal.ts";

export interface CheckCommandOptions {
  targets: readonly string[];
  env: string | undefined;
  samples: number;
  only: string | undefined;
  timeout: number | undefined;
  maxTime: number | undefined;
}

const isPart = (text: string): text is Part => PARTS.some((part) => part === text);

function partsOf(only: string | undefined): Set<Part> {
  if (only === undefined) return new Set(PARTS);
  const names = only
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !isPart(name));
  if (unknown !== undefined || names.length === 0) {
    throw new UsageError(`--only: there is no part \`${unknown ?? only}\``, {
      code: "usage/part",
      hint: didYouMean(unknown ?? "", PARTS, "parts"),
    });
  }
  return new Set(names.filter(isPart));
}

/** The files that findings point at, for their code frames; one that cannot be read has none. */
function sourcesOf(findings: readonly Finding[], cwd: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const file of new Set(findings.flatMap(({ location }) => (location ? [location.file] : [])))) {
    try {
      sources.set(file, readFileSync(resolve(cwd, file), "utf8"));
    } catch {
      // The place is still named; only the frame is missing.
    }
  }
  return sources;
}

function progress({ io }: Context): (done: number, total: number) => void {
  if (!io.stderr.isTTY) return () => {};
  return (done, total) =>
    io.stderr.write(done === total ? "\r\u001b[K" : `\r\u001b[Kchecked ${done} of ${total}`);
}

function headline(endpoints: readonly CheckedEndpoint[], environment: string, ms: number): string {
  const checked = endpoints.filter(({ state }) => state === "checked").length;
  const integrations = new Set(endpoints.map(({ integration }) => integration)).size;
  const what =
    checked === endpoints.length
      ? plural(checked, "endpoint")
      : `${checked} of ${plural(endpoints.length, "endpoint")}`;
  return `Checked ${what} of ${plural(integrations, "integration")} in ${environment}, ${formatDuration(ms)}`;
}

/** What to do next, for the worst that was found. */
function nextSteps({ findings }: CheckResult): string[] {
  const open = findings.filter(({ waiver }) => !waiver);
  const drift = open.find(({ rule, severity }) => rule.startsWith("contract/") && severity !== "info");
  if (drift?.integration !== undefined) {
    const target = `${drift.integration}${drift.version ? `@${drift.version}` : ""}${drift.endpoint ? `/${drift.endpoint}` : ""}`;
    return [`next: mend the code, or take the change into the contract: integ accept ${target}`];
  }
  if (open.some(({ rule }) => rule === "contract/not-recorded")) return ["next: integ record"];
  return [];
}

/**
 * `integ check`. Exit code 1 for findings at or above `--fail-on`, else 3 where something stayed inconclusive, else 0.
 * @throws ConfigError, UsageError
 */
export async function run(options: CheckCommandOptions, ctx: Context): Promise<Result> {
  const parts = partsOf(options.only);
  const project = await loadProject({ cwd: ctx.cwd, configFile: ctx.configFile });
  const targets = resolveTargets(project, options.targets, { env: options.env });
  const started = ctx.clock.monotonic();
  const http = createHttpClient({ env: ctx.env, clock: ctx.clock });
  const host = openConsumerHost();
  try {
    const result = await runCheck(
      project,
      targets,
      openRooms(project, { ctx, http, host }),
      {
        parts,
        samples: options.samples,
        limits: options.timeout === undefined ? {} : { deadlineMs: options.timeout },
        ...(options.maxTime === undefined ? {} : { maxTimeMs: options.maxTime }),
        everything: options.targets.length === 0,
        signal: ctx.signal,
        progress: progress(ctx),
      },
      ctx.clock,
    );
    const ms = ctx.clock.monotonic() - started;
    const environment = targets[0]?.environment.name ?? options.env ?? project.config.defaultEnvironment;
    return {
      findings: result.findings,
      data: { endpoints: result.endpoints },
      text: ({ style, columns }) =>
        [
          style.dim(headline(result.endpoints, environment, ms)),
          "",
          renderFindings(result.findings, { style, columns, sources: sourcesOf(result.findings, ctx.cwd) }),
        ].join("\n"),
      next: nextSteps(result),
    };
  } finally {
    host.close();
    await http.close();
  }
}
