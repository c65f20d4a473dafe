import { resolve } from "node:path";
import type { Context } from "../../../base/context.ts";
import { UsageError } from "../../../base/errors.ts";
import { compareText, type Finding } from "../../../base/finding.ts";
import { buildReport } from "../../../base/report.ts";
import type { Result } from "../../../base/result.ts";
import { plural } from "../../../base/text.ts";
import { type Known, newAgainst } from "../../../check/outcome/baseline.ts";
import { applyRuleSeverities } from "../../../check/outcome/overrides.ts";
import { findConfigFile } from "../../../config/find.ts";
import type { Project } from "../../../config/project.ts";
import { renderFindings } from "../../../report/terminal.ts";
import { type Blob, commitOf, historyBlobs, scanBlobs, stagedBlobs } from "../../../secrets/scan/blobs.ts";
import { type Detectors, detectorsOf, type Sought } from "../../../secrets/scan/detectors.ts";
import { findingsOf } from "../../../secrets/scan/findings.ts";
import { Git } from "../../../secrets/scan/git.ts";
import { scanFiles } from "../../../secrets/scan/scan-files.ts";
import { placesBelow, shownPath } from "../../../secrets/scan/walk.ts";
import { inGithubActions } from "../../reporting/in-github-actions.ts";
import { installHook } from "./hook.ts";
import { soughtIn } from "./sought.ts";

export interface ScanOptions {
  paths: string[];
  staged: boolean | undefined;
  history: boolean | undefined;
  range: string | undefined;
  skipStored: boolean | undefined;
  installHook: boolean | undefined;
  baseline: string | undefined;
  reporter: string[];
  failOn: string;
}

/** What was looked at, and found. */
interface Scanned {
  findings: Finding[];
  count: number;
}

async function scanTree(paths: readonly string[], sought: Sought, git: Git, ctx: Context): Promise<Scanned> {
  const places = placesBelow(ctx.cwd, paths, git, ctx.env);
  const { found, count } = await scanFiles(places, sought, ctx.signal);
  const findings = found.flatMap(({ path, hits }) => findingsOf(hits, { file: shownPath(ctx.cwd, path) }));
  return { findings, count };
}

/** Most contents for which the commit is looked up: each costs a walk through the history. */
const MOST_COMMITS = 50;

async function scanHistory(
  blobs: AsyncIterable<Blob> | Iterable<Blob>,
  detectors: Detectors,
  git: Git,
  { dated }: { dated: boolean },
): Promise<Scanned> {
  const findings: Finding[] = [];
  let count = 0;
  let looked = 0;
  for await (const { id, path, hits } of scanBlobs(git, blobs, detectors, () => count++)) {
    const commit = dated && looked++ < MOST_COMMITS ? await commitOf(git, id) : undefined;
    findings.push(...findingsOf(hits, { file: path, ...(commit ? { commit } : {}) }));
  }
  return { findings, count };
}

function refuseMixed({ paths, staged, history, range }: ScanOptions): void {
  const given = [staged ? "--staged" : "", history || range !== undefined ? "--history" : ""].filter(
    (flag) => flag !== "",
  );
  if (given.length > 1) {
    throw new UsageError("--staged and --history exclude each other", { code: "usage/exclusive" });
  }
  if (given[0] !== undefined && paths.length > 0) {
    throw new UsageError(`${given[0]} looks at all files; it takes no paths`, { code: "usage/exclusive" });
  }
}

async function look(options: ScanOptions, sought: Sought, ctx: Context): Promise<Scanned & { what: string }> {
  const git = new Git(ctx.cwd, ctx.signal);
  if (options.staged) {
    const found = await scanHistory(await stagedBlobs(git), detectorsOf(sought), git, { dated: false });
    return { ...found, what: plural(found.count, "staged file") };
  }
  if (options.history || options.range !== undefined) {
    const range = options.range === undefined ? ["--all"] : [options.range];
    // A range is the user's text: behind this it is never taken for a flag.
    const blobs = historyBlobs(git, options.range === undefined ? range : ["--end-of-options", ...range]);
    const found = await scanHistory(blobs, detectorsOf(sought), git, { dated: true });
    return { ...found, what: plural(found.count, "version of files", "versions of files") };
  }
  const found = await scanTree(options.paths, sought, git, ctx);
  return { ...found, what: plural(found.count, "file") };
}

function sorted(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      compareText(a.location?.file, b.location?.file) ||
      (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
      compareText(a.fingerprint, b.fingerprint),
  );
}

/** Nothing looked at is no good news, and is not told as such. */
function nothingRead({ paths }: ScanOptions): string {
  const why = paths.length > 0 ? "; files that git ignores are left out" : "";
  return `There was nothing to look at${why}`;
}

const reports = () => import("./reports.ts");

/** The project that the user names or stands in, if any; only then is there something to read. */
async function projectAround(ctx: Context): Promise<Project | undefined> {
  if (ctx.configFile === undefined && findConfigFile(ctx.cwd) === undefined) return undefined;
  const { rememberedProject } = await import("../../../config/remembered.ts");
  return rememberedProject(ctx);
}

async function baselineOf({ baseline }: ScanOptions, ctx: Context): Promise<readonly Known[]> {
  if (baseline === undefined) return [];
  const { readReport } = await reports();
  return (await readReport(resolve(ctx.cwd, baseline), baseline)).findings;
}

/** Looks, and writes the reports that were asked for. @returns what a reporter has for stdout, too */
async function scanned(options: ScanOptions, ctx: Context) {
  const reported = options.reporter.length > 0 || inGithubActions(ctx);
  const requests = reported ? (await reports()).parseReporters(options.reporter) : [];
  const baseline = await baselineOf(options, ctx);
  const project = await projectAround(ctx);
  const startedAt = ctx.clock.now();
  const started = ctx.clock.monotonic();
  const sought = await soughtIn(project, { stored: options.skipStored !== true }, ctx);
  const { findings: seen, count, what } = await look(options, sought, ctx);
  const all = applyRuleSeverities(seen, project?.config.rules ?? {});
  const { fresh: findings, known } = newAgainst(sorted(all), baseline);
  const data = { scanned: count };
  const durationMs = ctx.clock.monotonic() - started;
  const report = buildReport({ command: "secrets scan", startedAt, durationMs, findings, data });
  const delivered = reported
    ? await (await reports()).deliver(report, requests, { project }, ctx)
    : undefined;
  return { findings, known, what, data, onStdout: delivered?.onStdout, failures: delivered?.failures ?? [] };
}

/** `integ secrets scan`: keys in files, in what is staged, or in the history. */
export async function run(options: ScanOptions, ctx: Context): Promise<Result> {
  if (options.installHook) return installHook(ctx);
  refuseMixed(options);
  const { findings, known, what, data, onStdout, failures } = await scanned(options, ctx);
  return {
    findings,
    data,
    failures,
    text: ({ style, columns }) => {
      if (onStdout !== undefined) return onStdout;
      const before = known > 0 ? `, ${plural(known, "finding")} of the baseline not shown` : "";
      const head = style.dim(`Looked at ${what}${before}`);
      // Without the lines themselves: the keys stand in them.
      if (findings.length === 0)
        return `${head}\n\n${data.scanned === 0 ? nothingRead(options) : "No keys found"}`;
      return `${head}\n\n${renderFindings(findings, { style, columns, sources: new Map() })}`;
    },
    next:
      findings.length > 0 && onStdout === undefined
        ? [`next: a line that holds no key: write integ:not-a-secret on it`]
        : [],
  };
}
