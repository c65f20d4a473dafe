import { formatDuration } from "../base/duration.ts";
import { SecretError } from "../base/errors.ts";
import { type Finding, finding } from "../base/finding.ts";
import { listOf } from "../base/text.ts";
import type { Environment, Integration } from "../config/project.ts";
import { howToSet } from "../config/secret-advice.ts";
import { type Envelope, versionOf } from "./envelope.ts";
import { type Ledger, ledgerEntry, readLedger } from "./ledger.ts";
import { judgeValue, scheduleOf } from "./policy.ts";
import { allSecrets, type SecretReference } from "./reference.ts";
import type { SecretSession } from "./resolve.ts";
import { journalOf } from "./rotation/journal.ts";
import { SECRET_RULES, type SecretRule } from "./rules.ts";

/** What is known of one environment's secrets, as far as its store could be read. */
interface Knowledge {
  environment: Environment;
  envelope: Envelope | undefined;
  /** The store failed: what is not in a variable is unknown, not missing. */
  failed: SecretError | undefined;
  ledger: Ledger;
  env: Readonly<Record<string, string | undefined>>;
  now: number;
}

function found(
  rule: SecretRule,
  { environment }: Knowledge,
  secret: SecretReference | undefined,
  text: { message: string; help: string },
  evidence?: Record<string, unknown>,
): Finding {
  return finding(
    {
      rule: rule.id,
      severity: rule.severity,
      ...text,
      environment: environment.name,
      ...(secret ? { integration: secret.integration.name } : {}),
      ...(evidence ? { evidence } : {}),
    },
    secret?.name,
  );
}

function judgeForm(secret: SecretReference, value: string, known: Knowledge): Finding[] {
  const environment = known.environment.name;
  const verdict = judgeValue(secret.policy, environment, value);
  const help = howToSet(secret.name, secret.policy.env, known.environment);
  if (verdict.kind === "fits") return [];
  if (verdict.kind === "misshapen") {
    const message = `The value of ${secret.name} does not have the form that its pattern for ${environment} asks for`;
    return [found(SECRET_RULES.misshapen, known, secret, { message, help })];
  }
  const message = `The value of ${secret.name} in ${environment} is one for ${listOf(verdict.belongsTo)}`;
  return [found(SECRET_RULES.wrongEnvironment, known, secret, { message, help })];
}

/** When the value in use came into use: what the store says, else the ledger. */
function sinceOf(secret: SecretReference, known: Knowledge): number | undefined {
  const version = known.envelope && versionOf(known.envelope, secret.name, "current");
  if (version && !known.env[secret.policy.env]) return Date.parse(version.createdAt);
  const entry = ledgerEntry(known.ledger, known.environment.name, secret.name);
  const at = entry?.rotatedAt ?? entry?.createdAt;
  return at === undefined ? undefined : Date.parse(at);
}

function judgeAge(secret: SecretReference, known: Knowledge): Finding[] {
  const { rotateEveryMs } = secret.policy;
  const schedule = scheduleOf(rotateEveryMs, sinceOf(secret, known), known.now);
  const help = `integ secrets rotate ${secret.name} --env ${known.environment.name}`;
  const every = `every ${formatDuration(rotateEveryMs ?? 0)}`;
  const name = `${secret.name} in ${known.environment.name}`;
  switch (schedule.state) {
    case "unscheduled":
    case "fresh":
      return [];
    case "unknown-age": {
      const message = `${name} is to be rotated ${every}, but nothing says how old it is`;
      const set = `rotate it once, or store it: \`integ secrets set ${secret.name} --env ${known.environment.name}\``;
      return [found(SECRET_RULES.unknownAge, known, secret, { message, help: set })];
    }
    case "due": {
      const left = formatDuration(schedule.dueAt - known.now);
      const message = `${name} is to be rotated ${every}: due in ${left}`;
      return [found(SECRET_RULES.due, known, secret, { message, help }, evidenceOf(schedule.dueAt))];
    }
    case "overdue": {
      const late = formatDuration(known.now - schedule.dueAt);
      const message = `${name} is to be rotated ${every}: overdue for ${late}`;
      return [found(SECRET_RULES.overdue, known, secret, { message, help }, evidenceOf(schedule.dueAt))];
    }
  }
}

function evidenceOf(dueAt: number): Record<string, unknown> {
  return { dueAt: new Date(dueAt).toISOString() };
}

/** Whatever the store, the variable does as well. */
function orByVariable({ name, policy }: SecretReference, environment: Environment): string {
  const advice = howToSet(name, policy.env, environment);
  return environment.store === "env" ? advice : `${advice}, or set ${policy.env}`;
}

function judgeSecret(secret: SecretReference, known: Knowledge): Finding[] {
  const fromVariable = known.env[secret.policy.env] || undefined;
  const stored = known.envelope && versionOf(known.envelope, secret.name, "current");
  const value = fromVariable ?? stored?.value;
  if (value === undefined && known.failed) return judgeAge(secret, known);
  if (value === undefined) {
    const environment = known.environment.name;
    return [
      found(SECRET_RULES.missing, known, secret, {
        message: `${secret.name} has no value in ${environment}`,
        help: orByVariable(secret, known.environment),
      }),
    ];
  }
  return [...judgeForm(secret, value, known), ...judgeAge(secret, known), ...judgeRotation(secret, known)];
}

/** A rotation in its grace is as it should be; one that stopped anywhere else wants attention. */
function judgeRotation(secret: SecretReference, known: Knowledge): Finding[] {
  const journal = known.envelope && journalOf(known.envelope, secret.name);
  if (!journal) return [];
  const waits = journal.step === "grace" && known.now < Date.parse(journal.graceUntil ?? journal.startedAt);
  if (waits) return [];
  const environment = known.environment.name;
  const message =
    journal.step === "grace"
      ? `The grace of ${secret.name} in ${environment} is over, and its old key is not revoked yet`
      : `The rotation of ${secret.name} in ${environment} stopped at \`${journal.step}\` on ${journal.startedAt.slice(0, 10)}`;
  const help = `integ secrets rotate ${secret.name} --env ${environment} --resume`;
  return [found(SECRET_RULES.rotationOpen, known, secret, { message, help })];
}

function ruleOfState(error: SecretError): SecretRule {
  switch (error.state) {
    case "locked":
    case "ambiguous":
    case "corrupt":
      return SECRET_RULES[error.state];
    default:
      return SECRET_RULES.unavailable;
  }
}

/** Reads the store unless variables supply everything. A store that fails is one finding, not one per secret. */
async function readStore(
  secrets: readonly SecretReference[],
  environment: Environment,
  session: SecretSession,
): Promise<{ envelope?: Envelope | undefined; failed?: SecretError }> {
  if (secrets.every(({ policy }) => session.deps.env[policy.env])) return {};
  try {
    return { envelope: (await session.stored(environment))?.envelope };
  } catch (error) {
    if (error instanceof SecretError) return { failed: error };
    throw error;
  }
}

/**
 * What is wrong with an environment's secrets: missing, of the wrong form, due, overdue, or out of reach.
 * @param now epoch milliseconds
 * @param integrations those to judge; default all of the project
 */
export async function judgeSecrets(
  session: SecretSession,
  environment: Environment,
  { now, integrations }: { now: number; integrations?: readonly Integration[] },
): Promise<Finding[]> {
  const { project } = session;
  const secrets = allSecrets(integrations ? { ...project, integrations } : project);
  if (secrets.length === 0) return [];
  const { envelope, failed } = await readStore(secrets, environment, session);
  const ledger = await readLedger(project);
  const known: Knowledge = { environment, envelope, failed, ledger, env: session.deps.env, now };
  const findings = secrets.flatMap((secret) => judgeSecret(secret, known));
  if (!failed) return findings;
  const text = { message: failed.message, help: failed.hint ?? "choose another store for this environment" };
  return [found(ruleOfState(failed), known, undefined, text), ...findings];
}
