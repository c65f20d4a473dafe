import { IncompleteError, IntegError, SecretError } from "../../base/errors.ts";
import { EXIT } from "../../base/exit.ts";
import type { Environment } from "../../config/project.ts";
import { type Envelope, versionOf } from "../envelope.ts";
import { fingerprintOf } from "../labels.ts";
import { judgeValue } from "../policy.ts";
import { missing, refused } from "../states.ts";
import { type PushItem, pushedValue } from "./plan.ts";

/** What pushing touches besides the targets. */
export interface PushWorld {
  environment: Environment;
  /** The envelope as it is stored now. */
  read(): Promise<Envelope | undefined>;
  /** One write; `change` may run several times. */
  update(change: (envelope: Envelope) => Envelope): Promise<unknown>;
  now(): number;
}

/** Notes what arrived at a target; a secret that is gone meanwhile is not brought back. */
function noted(
  envelope: Envelope,
  { secret, target, key, destination }: PushItem,
  fingerprint: string,
  now: number,
) {
  const stored = envelope.secrets[secret.name];
  if (!stored) return envelope;
  const entry = { place: destination.describe(key), fingerprint, at: new Date(now).toISOString() };
  const next = { ...stored, pushed: { ...stored.pushed, [target]: entry } };
  return { ...envelope, secrets: { ...envelope.secrets, [secret.name]: next } };
}

/** What was known of a target is no longer: whoever forces a push doubts it, and a failure must not leave it standing. */
function forgotten(envelope: Envelope, { secret, target }: PushItem): Envelope {
  const stored = envelope.secrets[secret.name];
  if (!stored?.pushed) return envelope;
  const { [target]: _, ...pushed } = stored.pushed;
  return { ...envelope, secrets: { ...envelope.secrets, [secret.name]: { ...stored, pushed } } };
}

/** A service that is not there now is a push that may succeed later; a refused credential is not. */
function passing(error: unknown): unknown {
  if (!(error instanceof SecretError) || error.state !== "unavailable") return error;
  return new IncompleteError(error.message, { code: "push/failed", hint: error.hint, cause: error });
}

/**
 * Pushes the value that is in use now, and notes its fingerprint once the target has it: killed in between, the next run
 * pushes the same value again, which changes nothing.
 * @returns why it failed, if it did; bugs and Ctrl-C are thrown
 */
export async function pushOne(item: PushItem, world: PushWorld): Promise<IntegError | undefined> {
  const { secret, destination, key } = item;
  try {
    const envelope = await world.read();
    const current = envelope && versionOf(envelope, secret.name, "current");
    const value = envelope && pushedValue(envelope, secret);
    if (!envelope || current?.value === undefined || value === undefined)
      throw missing([secret.name], world.environment.name, "store");
    if (judgeValue(secret.policy, world.environment.name, current.value).kind === "wrong-environment") {
      throw refused(
        `The value of ${secret.name} has the form of another environment's than ${world.environment.name}: it is not pushed`,
        `integ secrets set ${secret.name} --env ${world.environment.name}`,
      );
    }
    if (item.state === "unchanged") await world.update((before) => forgotten(before, item));
    await destination.put(key, value);
    const fingerprint = fingerprintOf(envelope, value);
    await world.update((before) => noted(before, item, fingerprint, world.now()));
    return undefined;
  } catch (thrown) {
    const error = passing(thrown);
    if (error instanceof IntegError && error.exitCode !== EXIT.interrupted) return error;
    throw error;
  }
}
