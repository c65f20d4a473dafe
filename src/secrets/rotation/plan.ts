import type { Environment, Integration, SecretPolicy } from "../../config/project.ts";
import { partnersOf, replacesInPlace } from "../../config/rotation.ts";
import { type Envelope, versionOf } from "../envelope.ts";
import { type Schedule, scheduleOf } from "../policy.ts";
import type { SecretReference } from "../reference.ts";
import { type Journal, journalOf } from "./journal.ts";
import { authUses } from "./requests.ts";

/** What is to be done about one secret. */
export interface RotationItem {
  secret: SecretReference;
  environment: Environment;
  action:
    | { do: "rotate"; because: "named" | "due" | "overdue" }
    | { do: "resume"; step: Journal["step"] }
    /** Old and new key live side by side until then. */
    | { do: "wait"; until: number };
  /** Why it cannot be done, and what to do about that. */
  blocked?: { why: string; hint: string };
}

export interface PlanOptions {
  now: number;
  /** The secrets were named: they are rotated whether due or not. */
  named: boolean;
  /** Milliseconds before the due date. */
  dueWithinMs: number;
  /** Revoke old keys although their grace is not over. */
  endGrace: boolean;
  /** Promote new values without a live test. */
  unverified: boolean;
  /** Replace also what dies at the provider the moment it is replaced. */
  acceptDowntime: boolean;
  /** Only what is under way. */
  onlyOpen: boolean;
  env: Readonly<Record<string, string | undefined>>;
}

function unverifiable(integration: Integration, policy: SecretPolicy): string | undefined {
  const { driver, verify } = policy.rotation;
  // Nothing can be asked about what signs webhooks; STS tells whose an access key is.
  if (driver === "webhook" || (driver === "aws-iam" && verify === undefined)) return undefined;
  if (verify === undefined) return "its manifest names no endpoint that verifies a new value";
  if (!authUses(integration.auth, policy.name)) {
    return `requests of ${integration.name} do not prove themselves with it, so none can verify a new value`;
  }
  return undefined;
}

/** The secret whose rotation replaces this one too, by its full name. */
function ownerOf(integration: Integration, { name }: SecretPolicy): string | undefined {
  const owner = integration.secrets.find(({ rotation }) => partnersOf(rotation).includes(name));
  return owner && `${integration.name}/${owner.name}`;
}

function blockOf(
  { integration, policy, name }: SecretReference,
  environment: Environment,
  envelope: Envelope,
  options: PlanOptions,
): RotationItem["blocked"] {
  if (options.env[policy.env]) {
    return {
      why: `the variable ${policy.env} wins over the store here, so a new value would not be used`,
      hint: `unset ${policy.env}, or rotate where it is set`,
    };
  }
  if (!versionOf(envelope, name, "current") && journalOf(envelope, name) === undefined) {
    return { why: "it has no value yet", hint: `integ secrets set ${name} --env ${environment.name}` };
  }
  const owner = ownerOf(integration, policy);
  if (owner !== undefined) {
    return { why: `it is replaced together with ${owner}`, hint: `integ secrets rotate ${owner}` };
  }
  const begins = journalOf(envelope, name) === undefined;
  if (begins && replacesInPlace(policy.rotation) && !options.acceptDowntime) {
    return {
      why: "the provider replaces it at once: whoever still uses the old value fails until it has the new one",
      hint: "pass --accept-downtime at an hour when that does no harm",
    };
  }
  const why = options.unverified ? undefined : unverifiable(integration, policy);
  return why === undefined
    ? undefined
    : { why, hint: "name one as `rotation.verify`, or pass --unverified to promote without a test" };
}

function actionOf(
  schedule: Schedule,
  journal: Journal | undefined,
  options: PlanOptions,
): RotationItem["action"] | undefined {
  if (journal) {
    const until = Date.parse(journal.graceUntil ?? journal.startedAt);
    const waits = journal.step === "grace" && options.now < until && !options.endGrace;
    return waits ? { do: "wait", until } : { do: "resume", step: journal.step };
  }
  if (options.onlyOpen) return undefined;
  if (options.named) return { do: "rotate", because: "named" };
  return schedule.state === "due" || schedule.state === "overdue"
    ? { do: "rotate", because: schedule.state }
    : undefined;
}

/** What there is to rotate, resume and wait for, in the order of the secrets given. Pure. */
export function planRotation(
  secrets: readonly SecretReference[],
  environment: Environment,
  envelope: Envelope,
  options: PlanOptions,
): RotationItem[] {
  const named = new Set(secrets.map(({ name }) => name));
  const alone = secrets.filter(({ integration, policy }) => !named.has(ownerOf(integration, policy) ?? ""));
  return alone.flatMap((secret) => {
    const since = versionOf(envelope, secret.name, "current")?.createdAt;
    const { rotateEveryMs } = secret.policy;
    const age = since === undefined ? undefined : Date.parse(since);
    const schedule = scheduleOf(rotateEveryMs, age, options.now, options.dueWithinMs);
    const action = actionOf(schedule, journalOf(envelope, secret.name), options);
    if (!action) return [];
    const blocked = action.do === "wait" ? undefined : blockOf(secret, environment, envelope, options);
    return [{ secret, environment, action, ...(blocked ? { blocked } : {}) }];
  });
}
