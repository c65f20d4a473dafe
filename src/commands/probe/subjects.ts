import { dirname } from "node:path";
import type { Context } from "../../base/context.ts";
import { SecretError, UsageError } from "../../base/errors.ts";
import { type Finding, finding } from "../../base/finding.ts";
import { findConfigFile, loadProject } from "../../config/load.ts";
import type { ProjectConfig, Target } from "../../config/project.ts";
import { resolveTargets } from "../../config/targets.ts";
import { redactUrl } from "../../http/redact.ts";
import { requestFor } from "../../http/request.ts";
import { isSafe, namesOf, type Subject, subjectOfTarget, subjectOfUrl } from "../../probe/subject.ts";
import { keepReplaced } from "../../secrets/replaced.ts";
import { requireSecrets, SecretSession } from "../../secrets/resolve.ts";
import { refuseMistyped, withoutProject } from "./mistyped.ts";

/** What a command line asks to probe, and what cannot be. */
export interface Subjects {
  subjects: Subject[];
  findings: Finding[];
  /** A secret that a request needs is not to be had. */
  secretMissing: boolean;
  /** The project's directory, where there is a project. */
  root?: string;
  /** Severities that the project sets by rule; none for bare URLs. */
  rules?: ProjectConfig["rules"];
}

const isUrl = (text: string) => /^https?:\/\//i.test(text);

function urlSubject(text: string, reserve: number | undefined): Subject {
  if (URL.canParse(text)) return subjectOfUrl(text, reserve === undefined ? {} : { reserve });
  throw new UsageError(`\`${redactUrl(text)}\` is not a valid URL`, { code: "usage/url" });
}

/** Endpoints that wait for the same secret, told in one finding. */
class Missing {
  readonly #byReason = new Map<string, { error: SecretError; targets: Target[] }>();

  add(error: SecretError, target: Target): void {
    const key = `${error.state} ${error.message}`;
    const before = this.#byReason.get(key) ?? { error, targets: [] };
    before.targets.push(target);
    this.#byReason.set(key, before);
  }

  findings(): Finding[] {
    return [...this.#byReason.values()].map(({ error, targets }) => secretFinding(error, targets));
  }
}

function secretFinding(error: SecretError, targets: readonly Target[]): Finding {
  const [first] = targets;
  const same = (name: (target: Target) => string) =>
    first && targets.every((target) => name(target) === name(first)) ? name(first) : undefined;
  const names = {
    integration: same(({ integration }) => integration.name),
    version: same(({ version }) => version.name),
    environment: same(({ environment }) => environment.name),
    endpoint: same(({ endpoint }) => endpoint.name),
  };
  const known = Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined));
  return finding({
    rule: `secret/${error.state}`,
    severity: "error",
    message: error.message,
    ...(error.hint ? { help: error.hint } : {}),
    ...known,
    ...(targets.length > 1
      ? { evidence: { "not probed": targets.map(({ endpoint }) => endpoint.name) } }
      : {}),
  });
}

async function subjectOf(target: Target, session: SecretSession): Promise<Subject | SecretError> {
  try {
    const secrets =
      target.integration.auth.scheme === "none"
        ? new Map<string, string>()
        : await requireSecrets(target.integration, target.environment, session);
    return subjectOfTarget(
      target,
      requestFor(target, secrets, keepReplaced(session, target.integration, target.environment)),
    );
  } catch (error) {
    if (error instanceof SecretError) return error;
    throw error;
  }
}

function unsafeFinding(subject: Subject): Finding {
  return finding({
    rule: "probe/unsafe-method",
    severity: "info",
    message: `${subject.request.method} may change something, and was not sent`,
    help: "`unsafe: true` at the endpoint in the manifest allows it",
    ...namesOf(subject),
  });
}

/**
 * The subjects that targets and URLs name. The project is read only where a target is named, or nothing at all. An
 * endpoint whose secret is missing, or whose method is unsafe, becomes a finding and leaves the others alone.
 */
export async function findSubjects(
  names: readonly string[],
  options: { env: string | undefined; reserve?: number | undefined },
  ctx: Context,
): Promise<Subjects> {
  const { reserve } = options;
  const subjects = names.filter(isUrl).map((name) => urlSubject(name, reserve));
  const found: Subjects = { subjects, findings: [], secretMissing: false };
  const targets = names.filter((name) => !isUrl(name));
  if (targets.length === 0 && names.length > 0) {
    const config = findConfigFile(ctx.cwd);
    return config === undefined ? found : { ...found, root: dirname(config) };
  }
  refuseMistyped(targets);
  const project = await loadProject(ctx).catch((error: unknown) => {
    throw ctx.configFile === undefined ? withoutProject(targets, error) : error;
  });
  found.root = project.root;
  found.rules = project.config.rules;
  const session = new SecretSession(project, ctx);
  const missing = new Missing();
  for (const target of resolveTargets(project, targets, options)) {
    const made = await subjectOf(target, session);
    const subject = made instanceof SecretError || reserve === undefined ? made : { ...made, reserve };
    if (subject instanceof SecretError) {
      missing.add(subject, target);
      found.secretMissing = true;
    } else if (isSafe(subject.request) || subject.unsafe) {
      found.subjects.push(subject);
    } else {
      found.findings.push(unsafeFinding(subject));
    }
  }
  found.findings.push(...missing.findings());
  return found;
}
