import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Context } from "../base/context.ts";
import { SecretError } from "../base/errors.ts";
import { type Finding, finding } from "../base/finding.ts";
import type { Environment, Integration, Project, Target } from "../config/project.ts";
import type { HttpClient, HttpRequest } from "../http/exchange.ts";
import { requestFor } from "../http/request.ts";
import type { ProbeResult } from "../probe/result.ts";
import { judgeSecrets } from "../secrets/judge.ts";
import { keepReplaced } from "../secrets/replaced.ts";
import { SecretSession, usableSecrets } from "../secrets/resolve.ts";
import { type Consult, type ConsumerRoom, consult } from "./consumer/consult.ts";
import type { ConsumerHost } from "./consumer/host.ts";
import { openLocator } from "./consumer/locator.ts";
import type { ContractJudges } from "./contract/judges.ts";
import { questionOf } from "./contract/question.ts";
import { CHECK_RULES } from "./rules.ts";
import { subjectOf } from "./seen/availability.ts";
import type { Observation } from "./seen/observe.ts";
import { judgeProbed } from "./seen/probe.ts";

/** What the check asks of other rooms; each answers with findings and never rejects for what a provider did. */
export interface Rooms {
  http: HttpClient;
  consult: Consult;
  /** The request with its credentials, or why it cannot be made. */
  request(target: Target): Promise<HttpRequest | { blocked: readonly Finding[] }>;
  secrets(environment: Environment, integrations: readonly Integration[]): Promise<readonly Finding[]>;
  probe(probed: ProbeResult): readonly Finding[];
  /** @throws NotJsonError where an answer was taken for JSON that is none */
  contract(observation: Observation): Promise<readonly Finding[]>;
  /** Whether the contract room parses bodies: answers may be taken for what they say they are until it has. */
  readonly parses: boolean;
  configuration(target: Target): Promise<readonly Finding[]>;
  /** The findings of all targets, with the lines of the codebase that read what they are about. */
  readers(
    findings: readonly Finding[],
    targets: readonly Target[],
    signal: AbortSignal,
  ): Promise<readonly Finding[]>;
}

/** What the rooms need of the world. */
export interface Edge {
  ctx: Pick<Context, "env" | "clock" | "cwd"> & { io: Pick<Context["io"], "prompt" | "note"> };
  http: HttpClient;
  host: ConsumerHost;
  judges: ContractJudges;
  /** Answers are replayed: no request leaves, so a placeholder stands for every credential. */
  offline?: boolean;
}

/** The secrets' findings that keep a request from being sent; the store's own failure where the policy is silent. */
async function blockedBy(
  error: SecretError,
  target: Target,
  session: SecretSession,
  now: number,
): Promise<Finding[]> {
  const found = await judgeSecrets(session, target.environment, { now, integrations: [target.integration] });
  const serious = found.filter(({ severity }) => severity === "error");
  if (serious.length > 0) return serious;
  return [
    finding({
      rule: error.code,
      severity: "error",
      message: error.message,
      ...subjectOf(target),
      ...(error.hint === undefined ? {} : { help: error.hint }),
    }),
  ];
}

function replayedRequest(target: Target): HttpRequest {
  return requestFor(target, new Map(target.integration.secrets.map(({ name }) => [name, "replayed"])));
}

async function requestOf(
  target: Target,
  session: SecretSession,
  now: number,
): Promise<HttpRequest | { blocked: readonly Finding[] }> {
  try {
    const { values } =
      target.integration.auth.scheme === "none"
        ? { values: new Map<string, string>() }
        : await usableSecrets(target.integration, target.environment, session);
    return requestFor(target, values, keepReplaced(session, target.integration, target.environment));
  } catch (error) {
    if (error instanceof SecretError) return { blocked: await blockedBy(error, target, session, now) };
    throw error;
  }
}

/** Whether directories are there; each is looked for once in a run, however many endpoints it has. */
function directories(): (directory: string) => boolean {
  const known = new Map<string, boolean>();
  return (directory) => {
    const there = known.get(directory) ?? existsSync(directory);
    known.set(directory, there);
    return there;
  };
}

/** A version whose module is not there has neither schemas nor a contract. */
function judgeConfiguration(target: Target, cwd: string, isThere: (directory: string) => boolean): Finding[] {
  const { version, integration } = target;
  if (isThere(version.directory)) return [];
  const { endpoint: _all, ...subject } = subjectOf(target);
  return [
    finding({
      rule: CHECK_RULES.moduleMissing.id,
      severity: CHECK_RULES.moduleMissing.severity,
      message: `${integration.name} has a version ${version.name}, but ${relative(cwd, version.directory)} is not there`,
      ...subject,
      help: `integ scaffold ${integration.name} --version ${version.name}`,
    }),
  ];
}

/** Where the project lies, and where in it the code that is asked about. */
export function whereabouts({ root, config }: Project): { root: string; integrations: string } {
  return { root, integrations: join(root, config.integrations) };
}

/**
 * Finds who reads what findings are about. Opens the project's TypeScript: loaded only where a finding asks for it. Only
 * what our schemas read has readers.
 */
export function readersRoom(
  project: Project,
  {
    cwd,
    io,
    locator = openLocator(),
  }: Pick<Edge["ctx"], "cwd" | "io"> & Partial<Pick<ConsumerRoom, "locator">>,
): Rooms["readers"] {
  return async (findings, targets, signal) => {
    if (targets.every(({ endpoint }) => endpoint.consumer === undefined)) return findings;
    const { judgeReaders } = await import("./readers/judge.ts");
    return judgeReaders(findings, targets, {
      find: async (chains) =>
        (await import("./readers/find.ts")).findReaders(chains, { ...whereabouts(project), signal }),
      locator: await locator(),
      cwd,
      note: io.note,
    });
  };
}

/** The rooms of a real run. */
export function openRooms(project: Project, { ctx, http, host, judges, offline }: Edge): Rooms {
  const session = new SecretSession(project, ctx);
  const locator = openLocator();
  const isThere = directories();
  return {
    http,
    consult: consult({ host, locator, cwd: ctx.cwd }),
    request: async (target) =>
      offline ? replayedRequest(target) : requestOf(target, session, ctx.clock.now()),
    secrets: (environment, integrations) =>
      judgeSecrets(session, environment, { now: ctx.clock.now(), integrations }),
    probe: (probed) => judgeProbed(probed, ctx.clock.now()),
    contract: (observation) => judges.judge(questionOf(observation, ctx.cwd)),
    parses: judges.parses,
    configuration: async (target) => judgeConfiguration(target, ctx.cwd, isThere),
    readers: readersRoom(project, { ...ctx, locator }),
  };
}
