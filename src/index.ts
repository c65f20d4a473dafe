/**
 * integ as a library: the same options as the commands, the same report object as `--json`. Nothing is printed, no prompt is
 * shown, no process state is changed. What makes a command fail with exit code 2, 3 or 4 rejects with an `IntegError`.
 */
import type { Report } from "./base/report.ts";
import type { Part } from "./check/parts.ts";
import type { CheckedEndpoint } from "./check/target.ts";
import { type LibraryOptions, reportOf } from "./index/library.ts";
import type { EndpointReport } from "./probe/json.ts";

export type { Location, Problem, SecretState } from "./base/errors.ts";
export { ConfigError, IncompleteError, IntegError, SecretError, UsageError } from "./base/errors.ts";
export type { ExitCode } from "./base/exit.ts";
export { exitCodeOf, type FailOn } from "./base/exit-policy.ts";
export type { Finding, Severity } from "./base/finding.ts";
export type { Report, Summary } from "./base/report.ts";
export type { Part } from "./check/parts.ts";
export type { CheckedEndpoint, EndpointState } from "./check/target.ts";
export type { LibraryOptions } from "./index/library.ts";
export type { EndpointReport } from "./probe/json.ts";
export type { Quota } from "./quota/quota.ts";

export interface CheckOptions extends LibraryOptions {
  /** `stripe`, `stripe@v1`, `stripe/get-balance` …; none means all. */
  targets?: readonly string[];
  /** Name of the environment; default `defaultEnvironment` of the configuration. */
  env?: string;
  /** Responses per endpoint; default 1. */
  samples?: number;
  /** Parts to check; default all. */
  only?: readonly Part[];
  /** Milliseconds for one exchange with all its redirects; default 30,000. */
  timeout?: number;
  /** Milliseconds for the whole run; what was not reached is inconclusive. */
  maxTime?: number;
  /** File of an earlier report: only what is new since is in the report. */
  baseline?: string;
  /** HAR file to write every exchange to. */
  harOut?: string;
  /** HAR file to take the answers from, in place of the network. */
  harIn?: string;
}

export interface CheckReport extends Report {
  command: "check";
  endpoints: CheckedEndpoint[];
  /** With a baseline: how many of its findings are still there, and how many are gone. */
  baseline?: { known: number; gone: number };
}

/**
 * Judges live responses against budgets, contracts and consumer schemas, and the configuration and secrets beside them.
 * `exitCodeOf(report.findings, "error")` gives what the command would end with.
 * @throws ConfigError, UsageError
 */
export async function check(options: CheckOptions = {}): Promise<CheckReport> {
  const { run } = await import("./commands/check/run.ts");
  const { CHECK_DEFAULTS: defaults } = await import("./commands/check/options.ts");
  const { targets = [], env, samples = 1, only, timeout, maxTime, baseline, harIn, harOut } = options;
  const given = { targets, env, samples, only: only?.join(","), timeout, maxTime, baseline, harIn, harOut };
  return reportOf("check", options, (ctx) => run({ ...defaults, ...given, annotations: "never" }, ctx));
}

export interface ProbeOptions extends LibraryOptions {
  /** Targets of the project, and URLs; none means all of the project. */
  targets?: readonly string[];
  env?: string;
  /** Requests on a reused connection, for each endpoint; default 20. */
  samples?: number;
  /** Requests on a new connection each; default 5. */
  cold?: number;
  /** Milliseconds between two requests; default 50. */
  pause?: number;
  /** Milliseconds for one exchange with all its redirects; default 30,000. */
  timeout?: number;
}

export interface ProbeReport extends Report {
  command: "probe";
  endpoints: EndpointReport[];
}

/** Measures latency, quota, TLS and notices of targets and URLs. @throws ConfigError, UsageError */
export async function probe(options: ProbeOptions = {}): Promise<ProbeReport> {
  const { run } = await import("./commands/probe/run.ts");
  const { targets = [], env, samples = 20, cold = 5, pause = 50, timeout } = options;
  return reportOf("probe", options, (ctx) =>
    run({ targets: [...targets], env, samples, cold, pause, timeout, detail: undefined }, ctx),
  );
}

export interface RecordOptions extends LibraryOptions {
  targets?: readonly string[];
  env?: string;
  /** Requests to each endpoint; default 5. */
  samples?: number;
  /** Files with answers of one endpoint, in place of the network: JSON, or a JSON on each line. */
  from?: readonly string[];
  /** HAR file with answers, in place of the network. */
  fromHar?: string;
  /** File or URL of an OpenAPI document: what it promises is written down. */
  fromOpenapi?: string;
  /** Follow references of that document to URLs; default no. */
  allowRemoteRefs?: boolean;
  /** Replace contracts, drifted ones too. */
  force?: boolean;
  /** Add these samples to the evidence of contracts that have not drifted. */
  deepen?: boolean;
  /** Write nothing. */
  dryRun?: boolean;
  /** Milliseconds for one exchange with all its redirects; default 30,000. */
  timeout?: number;
}

/** What became of an endpoint's contract. */
export interface RecordedContract {
  integration: string;
  version: string;
  environment: string;
  endpoint: string;
  state:
    | "recorded"
    | "replaced"
    | "deepened"
    | "unchanged"
    | "drifted"
    | "other-request"
    | "other-source"
    | "failed";
  /** Responses that could be used. */
  samples: number;
  /** Relative to `cwd`. */
  file: string;
}

export interface RecordReport extends Report {
  command: "record";
  dryRun: boolean;
  contracts: RecordedContract[];
}

/** Observes live responses and writes contracts. A drifted contract is kept unless `force` is given. @throws ConfigError, UsageError */
export async function record(options: RecordOptions = {}): Promise<RecordReport> {
  const { run } = await import("./commands/record/run.ts");
  const { targets = [], env, samples = 5, force, deepen, dryRun, timeout } = options;
  const { from, fromHar, fromOpenapi, allowRemoteRefs } = options;
  const sources = { from, fromHar, fromOpenapi, allowRemoteRefs };
  return reportOf("record", options, (ctx) =>
    run({ targets, env, samples, ...sources, force, deepen, dryRun, timeout }, ctx),
  );
}

export interface DiffOptions extends LibraryOptions {
  /** Targets of the project; none means all. One URL together with `against`. */
  targets?: readonly string[];
  env?: string;
  /** Requests to each endpoint; default 5. */
  samples?: number;
  /** File of a contract to compare one URL with; needs no project. */
  against?: string;
  /** Milliseconds for one exchange with all its redirects; default 30,000. */
  timeout?: number;
}

export interface DiffReport extends Report {
  command: "diff";
}

export interface DocumentDiffOptions extends LibraryOptions {
  /** What is compared: what is read, what is sent, or both. Default: both of OpenAPI documents, what is read of schemas. */
  direction?: "response" | "request" | "both";
  /** Follow references of documents to URLs; default no. */
  allowRemoteRefs?: boolean;
  /** Milliseconds for one exchange with all its redirects; default 30,000. */
  timeout?: number;
}

export interface DocumentDiffReport extends DiffReport {
  /** What the provider's next version should be called. */
  suggestedBump: "none" | "minor" | "major";
}

/** Judges live responses against their contracts, and by the schemas that our code reads them with. @throws ConfigError, UsageError */
export async function diff(options?: DiffOptions): Promise<DiffReport>;
/**
 * Compares two documents: OpenAPI, JSON Schema, samples or HAR recordings. Text is a file's path or a URL, anything else a
 * document that is already parsed.
 * @throws ConfigError with the place where a document cannot be read, UsageError for two that have nothing in common
 */
export async function diff(
  old: unknown,
  next: unknown,
  options?: DocumentDiffOptions,
): Promise<DocumentDiffReport>;
export async function diff(
  first?: unknown,
  next?: unknown,
  options: DocumentDiffOptions = {},
): Promise<DiffReport> {
  if (next !== undefined) return diffOfDocuments(first, next, options);
  const given: DiffOptions = isOptions(first) ? first : {};
  const { run } = await import("./commands/diff/run.ts");
  const { targets = [], env, samples = 5, against, timeout } = given;
  const documents = { direction: undefined, allowRemoteRefs: undefined, format: undefined };
  return reportOf("diff", given, (ctx) =>
    run({ targets, env, samples, against, timeout, ...documents }, ctx),
  );
}

async function diffOfDocuments(
  old: unknown,
  next: unknown,
  options: DocumentDiffOptions,
): Promise<DocumentDiffReport> {
  const { diffDocuments } = await import("./commands/diff/documents.ts");
  const { direction, allowRemoteRefs, timeout } = options;
  return reportOf("diff", options, (ctx) =>
    diffDocuments([old, next], { direction, allowRemoteRefs, format: undefined, timeout }, ctx),
  );
}

const isOptions = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * The JSON Schema (2020-12) of samples, each a parsed JSON value, with what it rests on under `x-integ`. One pass, bounded
 * memory; no value of a sample is in it but the members of closed sets.
 */
export async function infer(
  samples: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  const { Collector } = await import("./contract/infer.ts");
  const { toSchema } = await import("./contract/store/write-schema.ts");
  const collector = new Collector();
  for await (const sample of samples) collector.add(sample);
  const { samples: count } = collector;
  const schema = toSchema(collector.shape(), { count, responses: count });
  return typeof schema === "object" && schema !== null && !Array.isArray(schema)
    ? { $schema: "https://json-schema.org/draft/2020-12/schema", ...schema }
    : {};
}
