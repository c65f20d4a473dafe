import { createHmac } from "node:crypto";
import { type Envelope, type SecretVersion, type StoredSecret, underRotation } from "./envelope.ts";

/** How many retired versions a secret remembers, by their dates and fingerprints. */
export const HISTORY_LENGTH = 10;

/** A value that is about to be stored. `id` is random, `now` epoch milliseconds. */
export interface NewValue {
  id: string;
  value: string;
  now: number;
  source: string;
  providerKeyId?: string;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Eight hex digits that tell two values of one environment apart and mean nothing elsewhere. */
export function fingerprintOf(envelope: Envelope, value: string): string {
  const key = Buffer.from(envelope.fingerprintKey, "hex");
  return createHmac("sha256", key).update(value).digest("hex").slice(0, 8);
}

function secretOf(envelope: Envelope, name: string): StoredSecret {
  return (Object.hasOwn(envelope.secrets, name) ? envelope.secrets[name] : undefined) ?? { versions: [] };
}

function withSecret(envelope: Envelope, name: string, secret: StoredSecret): Envelope {
  return { ...envelope, secrets: { ...envelope.secrets, [name]: secret } };
}

function retire(version: SecretVersion, now: number): SecretVersion {
  const { value: _, until: __, ...rest } = version;
  return { ...rest, label: "retired", retiredAt: iso(now) };
}

/** Rewrites the versions of a secret; what comes back keeps at most `HISTORY_LENGTH` retired ones. */
function relabel(
  envelope: Envelope,
  name: string,
  change: (versions: readonly SecretVersion[]) => SecretVersion[],
): Envelope {
  const secret = secretOf(envelope, name);
  let retired = 0;
  const versions = change(secret.versions).filter(
    ({ label }) => label !== "retired" || ++retired <= HISTORY_LENGTH,
  );
  return withSecret(envelope, name, { ...secret, versions });
}

function versionFrom(envelope: Envelope, value: NewValue, label: "current" | "pending"): SecretVersion {
  return {
    id: value.id,
    label,
    value: value.value,
    fingerprint: fingerprintOf(envelope, value.value),
    createdAt: iso(value.now),
    source: value.source,
    ...(value.providerKeyId === undefined ? {} : { providerKeyId: value.providerKeyId }),
  };
}

/** `current` → `previous`, kept until `now + graceMs`; the former `previous` retires. */
function stepDown(versions: readonly SecretVersion[], now: number, graceMs: number): SecretVersion[] {
  const replaces = versions.some(({ label }) => label === "current");
  return versions.map((version) => {
    if (version.label === "current") return { ...version, label: "previous", until: iso(now + graceMs) };
    if (version.label === "previous" && replaces) return retire(version, now);
    return version;
  });
}

/**
 * Makes a value current; the one before becomes `previous` for `graceMs`. The same value again changes nothing and
 * gives back the same envelope.
 */
export function setCurrent(
  envelope: Envelope,
  name: string,
  value: NewValue & { graceMs: number },
): Envelope {
  const present = secretOf(envelope, name).versions.find(({ label }) => label === "current");
  if (present?.value === value.value) return envelope;
  return relabel(envelope, name, (versions) => [
    versionFrom(envelope, value, "current"),
    ...stepDown(versions, value.now, value.graceMs),
  ]);
}

/** Takes a secret out of use; its value stays as `previous` for `graceMs`, so that `rollback` brings it back. */
export function removeCurrent(
  envelope: Envelope,
  name: string,
  { now, graceMs }: { now: number; graceMs: number },
): Envelope {
  return relabel(envelope, name, (versions) => stepDown(versions, now, graceMs));
}

/** Forgets a secret with all its versions. */
export function purge(envelope: Envelope, name: string): Envelope {
  const { [name]: _, ...secrets } = envelope.secrets;
  return { ...envelope, secrets };
}

/** `previous` and `current` change places; without a `previous` nothing changes. */
export function rollback(
  envelope: Envelope,
  name: string,
  { now, graceMs }: { now: number; graceMs: number },
): Envelope {
  if (!secretOf(envelope, name).versions.some(({ label }) => label === "previous")) return envelope;
  return relabel(envelope, name, (versions) =>
    versions.map((version) => {
      if (version.label === "previous") {
        const { until: _, ...rest } = version;
        return { ...rest, label: "current" };
      }
      if (version.label === "current") return { ...version, label: "previous", until: iso(now + graceMs) };
      return version;
    }),
  );
}

/** Keeps a new value beside the current one, unused until it is promoted; a former `pending` retires. */
export function setPending(envelope: Envelope, name: string, value: NewValue): Envelope {
  return relabel(envelope, name, (versions) => [
    versionFrom(envelope, value, "pending"),
    ...versions.map((version) => (version.label === "pending" ? retire(version, value.now) : version)),
  ]);
}

/** Gives up the pending value. */
export function dropPending(envelope: Envelope, name: string, now: number): Envelope {
  return relabel(envelope, name, (versions) =>
    versions.map((version) => (version.label === "pending" ? retire(version, now) : version)),
  );
}

/** One step: `pending` → `current`, `current` → `previous`, the former `previous` retires. */
export function promotePending(
  envelope: Envelope,
  name: string,
  { now, graceMs }: { now: number; graceMs: number },
): Envelope {
  if (!secretOf(envelope, name).versions.some(({ label }) => label === "pending")) return envelope;
  return relabel(envelope, name, (versions) =>
    stepDown(versions, now, graceMs).map((version) =>
      version.label === "pending" ? { ...version, label: "current" } : version,
    ),
  );
}

/** Drops the value of `previous`: it was revoked. */
export function retirePrevious(envelope: Envelope, name: string, now: number): Envelope {
  return relabel(envelope, name, (versions) =>
    versions.map((version) => (version.label === "previous" ? retire(version, now) : version)),
  );
}

/** Drops the values of `previous` versions whose grace is over, except where a rotation still needs them. */
export function expire(envelope: Envelope, now: number): Envelope {
  const over = ({ label, until }: SecretVersion) =>
    label === "previous" && until !== undefined && Date.parse(until) < now;
  const rotating = underRotation(envelope);
  return Object.entries(envelope.secrets)
    .filter(([name, secret]) => !rotating.has(name) && secret.versions.some(over))
    .reduce(
      (result, [name]) =>
        relabel(result, name, (versions) =>
          versions.map((version) => (over(version) ? retire(version, now) : version)),
        ),
      envelope,
    );
}
